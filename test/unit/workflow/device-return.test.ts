// A device return's rules: what may be chosen, which steps follow from the reason, and when the replacement's word is asked for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTypedDevices } from '../../../src/listeners/views/typed-devices.ts';
import { type DevicesView, deviceOf, type FoundDevice } from '../../../src/workflow/model/device.ts';
import {
  faultOf,
  pinnedReturn,
  REASONS,
  type ReturnChoice,
  returnedDevices,
  returnOf,
} from '../../../src/workflow/model/device-return.ts';
import type { Answer, ReadContext } from '../../../src/workflow/model/step.ts';
import { planStepRuns } from '../../../src/workflow/steps/plan-rows.ts';
import { returnReplacement } from '../../../src/workflow/steps/return-replacement.ts';
import { stepsOfOffboarding, stepsOfReturn } from '../../../src/workflow/steps/steps-of-run.ts';
import { aStep, MONDAY } from '../../support/engine.ts';

const mac = (id: string, over: Partial<FoundDevice> = {}): FoundDevice => ({
  ...{ id: `jamf:${id}`, kind: 'laptop', serial: `C02DANA000${id}`, name: 'Mac', model: null, managementId: 'm' },
  ...{ isAppleSilicon: true, osVersion: null, lastSeenAt: null, lastUser: null, isTheirs: true },
  ...over,
});
const found = (...devices: FoundDevice[]): DevicesView => ({ is: 'read', devices });
const choice = (over: Partial<ReturnChoice> = {}): ReturnChoice => ({
  ...{ reason: 'refresh', ids: [], typed: [], withCharger: false, fate: 'collect', way: 'ship' },
  ...over,
});
const MONITOR = { kind: 'monitor', serial: 'CN0AB1' } as const;

describe('what was chosen', () => {
  it.each([
    ['one that is offered', found(mac('1')), choice({ ids: ['jamf:1'] }), null],
    ['a typed one, where Jamf has none', found(), choice({ typed: [MONITOR] }), null],
    ['a typed one, where Jamf could not be read', undefined, choice({ typed: [MONITOR] }), null],
    ['nothing', found(mac('1')), choice(), 'nothing'],
    ['one that is not there', found(mac('1')), choice({ ids: ['jamf:2'] }), 'not_offered'],
    [
      'one that another run fetches',
      found(mac('1', { fetchedBy: 'OFF-1' })),
      choice({ ids: ['jamf:1'] }),
      'not_offered',
    ],
    ['None of these', found(mac('1')), choice({ ids: ['none'] }), 'not_offered'],
    [
      'a typed one that is listed',
      found(mac('1')),
      choice({ typed: [{ kind: 'laptop', serial: 'C02DANA0001' }] }),
      'listed',
    ],
    ['no way back', found(mac('1')), choice({ ids: ['jamf:1'], way: 'none' }), 'nowhere'],
  ])('%s', (_, view, chosen, fault) => {
    expect(faultOf(view, chosen)).toBe(fault);
  });

  it('is what the run is about: ticked ones first, then typed ones, which take no command', () => {
    const devices = returnedDevices(
      found(mac('1'), mac('2')),
      choice({ ids: ['jamf:2'], typed: [MONITOR], way: 'in_person' }),
    );

    expect(devices.map(({ id, way }) => [id, way])).toEqual([
      ['jamf:2', 'in_person'],
      ['serial:CN0AB1', 'in_person'],
    ]);
    expect(devices[1]).toMatchObject({ kind: 'monitor', name: 'Monitor', serial: 'CN0AB1', managementId: null });
  });

  it('sends no second box after one that is still out', () => {
    const [device] = returnedDevices(found(mac('1', { boxOf: 'RET-1' })), choice({ ids: ['jamf:1'] }));

    expect(device?.way).toBe('courier');
  });

  it.each(REASONS)('is kept and read again (%s)', (reason) => {
    const facts = { reason, withCharger: reason === 'refresh' };
    expect(returnOf(pinnedReturn(facts))).toEqual(facts);
    expect(returnOf({ 'return.reason': 'another' })).toBeNull();
  });
});

describe('devices that are typed', () => {
  it.each([
    ['', []],
    ['monitor CN0AB1', [MONITOR]],
    ['  cn0ab1   Monitor \r\n\n phone f2l-9/x', [MONITOR, { kind: 'phone', serial: 'F2L-9/X' }]],
  ])('%j are read', (text, devices) => {
    expect(readTypedDevices(text)).toEqual({ devices });
  });

  it.each([
    ['monitor', 'line'],
    ['CN0AB1', 'line'],
    ['charger CN0AB1', 'line'],
    ['monitor CN0 AB1', 'line'],
    ['monitor phone', 'line'],
    ['monitor <!channel>', 'line'],
    ['monitor CN0\u0410B1', 'line'],
    ['monitor AB', 'line'],
    ['monitor CN0AB1\nlaptop cn0ab1', 'twice'],
    [Array.from({ length: 11 }, (_, at) => `phone SERIAL${at}`).join('\n'), 'many'],
  ])('%j are refused: %s', (text, why) => {
    expect(readTypedDevices(text)).toMatchObject({ why });
  });

  it('are each once, with a plain serial number, whatever is typed', () => {
    const pieces = fc.constantFrom('monitor', 'phone', 'CN0AB1', 'cn0ab1', 'x1', 'ABC', ' ', '\n', '\t', '<', '\u200b');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (typed) => {
        const read = readTypedDevices(typed.join(''));
        if ('why' in read) return;
        const serials = read.devices.map(({ serial }) => serial);
        expect(new Set(serials).size).toBe(serials.length);
        for (const serial of serials) expect(serial).toMatch(/^[A-Z0-9][A-Z0-9./_-]{2,39}$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the steps of a run', () => {
  const all = [
    aStep({ name: 'okta.block' }),
    aStep({ name: 'jamf.lock' }),
    aStep({ name: 'jamf.look' }),
    aStep({ name: 'google.mailbox', stage: 'hand_over' }),
    aStep({ name: 'return.ship', stage: 'device' }),
    returnReplacement(),
    aStep({ name: 'jira.ticket', stage: 'evidence' }),
    aStep({ name: 'google.close', stage: 'close' }),
  ];

  it.each([
    ['offboarding', ['jamf.lock', 'return.ship', 'jira.ticket']],
    ['refresh', ['return.ship', 'return.replacement', 'jira.ticket']],
    ['malfunction', ['return.ship', 'return.replacement', 'jira.ticket']],
  ] as const)('with the reason %s are those of devices alone', (reason, names) => {
    expect(stepsOfReturn(all, reason).map(({ name }) => name)).toEqual(names);
  });

  it('of an offboarding are all but the one on a replacement', () => {
    expect(stepsOfOffboarding(all)).toHaveLength(all.length - 1);
    expect(stepsOfOffboarding(all).map(({ name }) => name)).not.toContain('return.replacement');
  });

  it('about what another run fetches are its lock alone', () => {
    const steps = ['jamf.lock', 'return.ship'].map((name) => ({
      ...aStep({ name, stage: name === 'jamf.lock' ? 'contain' : 'device' }),
      subjects: ({ devices }: { devices: readonly { id: string }[] }) => devices.map(({ id }) => ({ id, facts: {} })),
    }));
    const devices = returnedDevices(found(mac('1'), mac('2')), choice({ ids: ['jamf:1', 'jamf:2'] })).map((one, at) =>
      at === 0 ? { ...one, fetchedBy: 'RET-1' } : one,
    );

    expect(planStepRuns(steps, { devices }).map(({ step, subject }) => `${step} ${subject}`)).toEqual([
      'jamf.lock jamf:1',
      'jamf.lock jamf:2',
      'return.ship jamf:2',
    ]);
  });

  it('ask for a replacement of what somebody works on, not of a monitor', () => {
    const devices = returnedDevices(
      found(mac('1')),
      choice({ ids: ['jamf:1'], typed: [MONITOR, { kind: 'phone', serial: 'F2L1' }] }),
    );
    const rows = planStepRuns([returnReplacement()], { devices });

    expect(rows.map(({ subject }) => subject)).toEqual(['jamf:1', 'serial:F2L1']);
    expect(deviceOf({ id: 'jamf:1', facts: rows[0]?.facts ?? {} }).name).toBe('Mac');
  });
});

describe('return.replacement', () => {
  const seen = (answer: Answer | null, now = MONDAY) =>
    returnReplacement().observe({ now, answer: () => answer } as unknown as ReadContext);
  const said = (approved: boolean): Answer => ({ kind: 'approve', approved, by: 'T1/U1', at: MONDAY });
  const hours = (n: number): Date => new Date(MONDAY.getTime() + n * 3_600_000);

  it('asks an operator, and waits as long as nobody has answered', async () => {
    expect(await seen(null, hours(10_000))).toMatchObject({ is: 'asks', need: { question: { by: 'operator' } } });
  });

  it('is satisfied by a yes, and asks again a day after a no', async () => {
    expect(await seen(said(true), hours(99))).toMatchObject({ is: 'satisfied', basis: 'accepted' });
    expect(await seen(said(false), hours(23))).toMatchObject({ is: 'under_way', lookAgainInMs: 3_600_000 });
    expect(await seen(said(false), hours(24))).toMatchObject({ is: 'asks' });
  });
});
