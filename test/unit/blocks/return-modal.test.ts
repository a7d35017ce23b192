// The window of a device return: good whatever is in it, true to what each reason does, and nothing offered that another run has.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnDifferences } from '../../../src/blocks/device-return-text.ts';
import { buildReturnHelp, buildUnreadable } from '../../../src/blocks/help.ts';
import { buildInterrupted } from '../../../src/blocks/interrupted.ts';
import { buildCheckingModal } from '../../../src/blocks/modal-checking.ts';
import { buildFindPersonModal } from '../../../src/blocks/modal-find-person.ts';
import { buildLoadingModal } from '../../../src/blocks/modal-loading.ts';
import { buildReturnModal, choiceWrong, typedDeviceWrong } from '../../../src/blocks/modal-return.ts';
import { buildReturnStartedModal } from '../../../src/blocks/modal-return-started.ts';
import type { FoundDevice } from '../../../src/workflow/model/device.ts';
import { REASONS, type ReturnPlan } from '../../../src/workflow/model/device-return.ts';
import { wordsOfView } from '../../support/words.ts';
import { aReturnPlan, expectGoodMessage, expectGoodModal, returnPlans, text } from './screens.ts';

const mac = (id: string, over: Partial<FoundDevice> = {}): FoundDevice => ({
  ...{ id: `jamf:${id}`, kind: 'laptop', serial: `C02DANA000${id}`, name: 'Dana’s MacBook', model: 'MacBook Air' },
  ...{ managementId: `m${id}`, isAppleSilicon: true, osVersion: '26.1', lastSeenAt: null, lastUser: 'dana' },
  isTheirs: true,
  ...over,
});
const having = (...devices: FoundDevice[]): Pick<ReturnPlan, 'devices'> => ({ devices: { is: 'read', devices } });
const draw = (over: Partial<ReturnPlan> = {}) => buildReturnModal(aReturnPlan(over), { privateMetadata: '{}' });
const wordsFor = (over: Partial<ReturnPlan> = {}): string => wordsOfView(draw(over));
const inputOf = (over: Partial<ReturnPlan>, block: string) =>
  draw(over).blocks.find((one) => one.type === 'input' && one.block_id === block) as
    | { optional?: boolean; element: { initial_option?: { value: string }; options?: { value: string }[] } }
    | undefined;

describe('whatever a plan for a return holds', () => {
  it('its window is good, also with what changed on top', () => {
    fc.assert(
      fc.property(returnPlans, returnPlans, fc.boolean(), (plan, before, isChanged) => {
        const view = buildReturnModal(plan, { privateMetadata: '{}', ...(isChanged && { changedFrom: before }) });
        expectGoodModal(view, [`<#${plan.channelId}>`]);
      }),
      { numRuns: 150 },
    );
  });

  it('so are the small screens around it', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(...REASONS), (one, other, reason) => {
        const person = { name: one, email: other, title: null };
        expectGoodModal(buildReturnStartedModal({ person, code: other, channelId: 'C0ITOPS', reason }), ['<#C0ITOPS>']);
        expectGoodModal(buildLoadingModal({ email: one, kind: 'device_return' }));
        expectGoodMessage(buildInterrupted({ email: one, kind: 'device_return' }));
        for (const error of Object.values(typedDeviceWrong('line', one))) expect(error.length).toBeLessThan(200);
      }),
      { numRuns: 100 },
    );
    expectGoodModal(buildCheckingModal({ kind: 'device_return' }));
    expectGoodModal(buildFindPersonModal('device_return'));
    expectGoodMessage(buildReturnHelp());
  });
});

describe('what it promises', () => {
  it('each reason says whether anything is locked, and that no access is closed', () => {
    const words = wordsFor(having(mac('1')));

    expect(words).toContain('Leaving\nTheir computers are locked. It closes no access: /offboard does that');
    expect(words.match(/Nothing is locked, or erased before the replacement is in use/g)).toHaveLength(2);
    expect(words).toContain('Nothing has changed yet.');
  });

  it('guesses no reason, but for somebody who has left', () => {
    expect(inputOf({}, 'return_reason')?.element.initial_option).toBeUndefined();
    expect(inputOf({ status: 'DEPROVISIONED' }, 'return_reason')?.element.initial_option?.value).toBe('offboarding');
  });

  it('offers no device that another run has on its way, and says which run', () => {
    const over = having(mac('1', { fetchedBy: 'OFF-12' }), mac('2'));

    expect(inputOf(over, 'devices')?.element.options?.map((one) => one.value)).toEqual(['jamf:2']);
    expect(wordsFor(over)).toContain('comes back in OFF-12 already: nothing more is ordered');
  });

  it('says of a box that is still out that no second one is ordered', () => {
    expect(wordsFor(having(mac('1', { boxOf: 'RET-2' })))).toContain(
      'a box of RET-2 is still out: no second one is ordered',
    );
  });

  it('asks for a serial number where there is nothing to tick', () => {
    expect(inputOf(having(), 'typed_devices')?.optional).toBe(false);
    expect(inputOf(having(mac('1')), 'typed_devices')?.optional).toBe(true);
    expect(choiceWrong('nothing', having())).toEqual({ typed_devices: expect.stringContaining('at least one') });
  });

  it('never offers to leave a device where it is: that is no return', () => {
    expect(inputOf({}, 'return_way')?.element.options?.map((one) => one.value)).toEqual([
      'ship',
      'in_person',
      'courier',
    ]);
  });

  it('warns of what it cannot do: Jamf silent, a protected person, a record that may be another’s', () => {
    expect(wordsFor({ devices: { is: 'not_read', why: '503', isRefusal: false } })).toContain(
      'neither locked nor erased',
    );
    expect(wordsFor({ isProtected: true })).toContain('use /offboard: it asks a second approver');
    expect(wordsFor({ isProtected: true, status: 'DEPROVISIONED' })).not.toContain('is protected');
    expect(wordsFor({ isOwn: true })).toContain('Somebody else decides');
  });

  it('a near miss names this command', () => {
    const near = buildUnreadable({ kind: 'unreadable', why: 'empty', shown: '' }, 'device_return');
    expect(near.text).toContain('/return-device name@company.com');
  });
});

describe('what differs between two plans', () => {
  it.each([
    ['a computer that came', having(mac('1')), having(mac('1'), mac('2')), /^New: .*C02DANA0002/],
    ['one that went', having(mac('1')), having(), /^No longer: .*C02DANA0001/],
    ['one that another run fetches now', having(mac('1')), having(mac('1', { fetchedBy: 'RET-9' })), /Now: .*RET-9/],
    ['one that is not managed any more', having(mac('1')), having(mac('1', { managementId: null })), /not managed/],
    ['a deactivation', {}, { status: 'DEPROVISIONED' }, /was active, now it is deactivated/],
    ['a protection', {}, { isProtected: true }, /is protected now/],
  ])('%s is told', (_, before, now, says) => {
    expect(returnDifferences(aReturnPlan(before), aReturnPlan(now)).join('\n')).toMatch(says);
  });

  it('nothing is told of two that are the same', () => {
    expect(returnDifferences(aReturnPlan(having(mac('1'))), aReturnPlan(having(mac('1'))))).toEqual([]);
  });
});
