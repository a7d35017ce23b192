// A device return on every screen: its own words, none of an offboarding's; and devices that are out on the Home.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceOutLines } from '../../../src/blocks/devices-out.ts';
import { buildHome } from '../../../src/blocks/home.ts';
import { buildRunReport } from '../../../src/blocks/run-report.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildStatus } from '../../../src/blocks/status.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import type { RunView } from '../../../src/workflow/model/run.ts';
import { wordsOf } from '../../support/words.ts';
import { aDeviceStep, aReturnRun, aRun, at, expectGoodMessage, NOW, returnRuns } from './screens.ts';

const ASKED = aDeviceStep('return.replacement', {
  status: 'needs_human',
  need: { kind: 'question', question: { kind: 'approve', name: 'replacement', by: 'operator', irreversible: false } },
  evidence: null,
  endedAt: null,
});
const SAID = aDeviceStep('return.replacement', { evidence: 'accepted', after: { inUse: true } });
const NOT_YET = aDeviceStep('return.replacement', {
  ...{ status: 'waiting', cause: 'vendor', evidence: null, endedAt: null, dueAt: at(86_400) },
  after: { inUse: false },
});
const root = (over: Partial<RunView>): string => wordsOf(buildRunRoot(aReturnRun(over), { now: NOW }).blocks);
const screensOf = (run: RunView): string =>
  [
    buildRunRoot(run, { now: NOW }),
    buildRunReport(run),
    buildStatus({ runs: [run], now: NOW, channelId: 'C0ITOPS' }),
    ...run.steps.flatMap((step) => buildStepReply(run, step) ?? []),
  ]
    .map((message) => `${message.text}\n${wordsOf(message.blocks)}`)
    .join('\n');

describe('a device return', () => {
  it('says what comes back, why, and whether with its charger', () => {
    expect(root({ steps: [ASKED], returns: { reason: 'malfunction', withCharger: true } })).toContain(
      'Dana’s MacBook C02DANA0001 · broken · with its charger',
    );
    expect(root({ steps: [ASKED] })).toContain('Device return of Dana Whitfield needs you');
    expect(root({ steps: [SAID], status: 'closed', closedAt: at(9) })).toContain(
      'Device return of Dana Whitfield is done',
    );
  });

  it('says nothing of access, accounts or offboarding, in any state', () => {
    for (const step of [ASKED, SAID, NOT_YET])
      for (const status of ['open', 'closed', 'cancelled'] as const) {
        const run = aReturnRun({ steps: [step], status, closedAt: status === 'open' ? null : at(60) });
        expect(screensOf(run)).not.toMatch(/access|revoked|offboard|Google|mailbox|sign-in/i);
      }
  });

  it('says of a lock that was skipped that the computer may not be locked, not that access is open', () => {
    const skipped = aDeviceStep('jamf.lock', { stage: 'contain', status: 'skipped', cause: 'by_hand', evidence: null });

    expect(root({ steps: [skipped], returns: { reason: 'offboarding', withCharger: false } })).toMatch(
      /A computer may not be locked.* Not confirmed: Mac lock/,
    );
  });

  it('promises about Cancel what is so: a box still arrives', () => {
    const blocks = JSON.stringify(buildRunRoot(aReturnRun({ steps: [ASKED] }), { now: NOW }).blocks);
    const offboarding = JSON.stringify(buildRunRoot(aRun(), { now: NOW }).blocks);

    expect(blocks).toContain('a box that was ordered still arrives');
    expect(blocks).not.toContain('mailbox');
    expect(offboarding).toContain('A mailbox given to somebody is taken back');
  });

  it('is on an operator’s word where nobody read it back', () => {
    expect(screensOf(aReturnRun({ steps: [SAID] }))).toContain('on an operator’s word');
  });

  it('is a good message whatever it holds', () => {
    fc.assert(
      fc.property(returnRuns, (run) => {
        expectGoodMessage(buildRunReport(run), []);
      }),
      { numRuns: 60 },
    );
  });
});

describe('Devices out', () => {
  const ship = aDeviceStep('return.ship');
  const receive = aDeviceStep('return.receive', { status: 'blocked', evidence: null, endedAt: null });
  const home = (running: readonly RunView[]) =>
    wordsOf(
      buildHome({
        ...{ role: 'admin', running, recent: [], operators: [], threads: new Map(), channelId: 'C0ITOPS', now: NOW },
      }).blocks,
    );

  it('lists each device of each run until it is received, with what happens now', () => {
    const track = aDeviceStep('return.track', { status: 'needs_human', evidence: null, endedAt: null });
    const offboarding = aRun({ steps: [ship, track, receive] });

    expect(deviceOutLines(offboarding)).toEqual([
      expect.stringMatching(/\*Dana Whitfield\* \(Dana’s MacBook, C02DANA0001\) · OFF-12 · needs you: /),
    ]);
    expect(home([offboarding, aReturnRun({ steps: [NOT_YET] })])).toMatch(/Devices out \(2\)/);
  });

  it('lists none that was received, though it is not erased yet, and none of a cancelled run', () => {
    const erase = aDeviceStep('jamf.erase', { status: 'waiting', evidence: null, endedAt: null });
    const received = aDeviceStep('return.receive');

    expect(deviceOutLines(aReturnRun({ steps: [ship, received, erase] }))).toEqual([]);
    expect(deviceOutLines(aReturnRun({ steps: [ship, receive], status: 'cancelled' }))).toEqual([]);
    expect(home([])).not.toContain('Devices out');
  });
});
