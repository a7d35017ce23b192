// What an undo makes of the record of the run that it takes back: what is lost, what may still arrive, which Macs and boxes are out.
import { describe, expect, it } from 'vitest';
import {
  hasBegun,
  isMailboxEnding,
  isStillAtWork,
  lockedDevices,
  lostWith,
  orderedBoxes,
  type Undone,
  type UndoneStep,
} from '../../../src/workflow/model/undone.ts';

const MAC = { kind: 'laptop', serial: 'C1', name: 'Mac', managementId: 'm1', fate: 'collect', way: 'ship' };
const step = (name: string, over: Partial<UndoneStep> = {}): UndoneStep => ({
  ...{ step: name, subject: '', facts: {}, status: 'done', before: null, after: null, wrote: [] },
  ...over,
});
const run = (steps: readonly UndoneStep[], over: Partial<Undone> = {}): Undone => ({
  ...{ id: 'r', kind: 'offboarding', code: 'OFF-1', status: 'closed', personId: '00u', ids: {}, newer: null },
  person: { name: 'Ada', email: 'ada@acme.test', title: null },
  steps,
  ...over,
});
const snapshot = step('okta.snapshot', {
  after: { factors: ['push'], apps: ['Slack'], groups: ['Ops'], groupIds: ['00g1'], roles: [] },
});
const lost = (...steps: readonly UndoneStep[]) => lostWith(run(steps)).map(({ what }) => what);

describe('what is lost', () => {
  it('is nothing of a run that only suspended', () => {
    expect(lost(snapshot, step('okta.block', { wrote: ['okta.suspend_user'] }))).toEqual([]);
  });

  it.each([
    ['sessions', step('okta.block', { wrote: ['okta.end_sessions'] })],
    ['files', step('google.drive', { wrote: ['google.transfer_drive'] })],
    ['calendar', step('google.calendar', { wrote: ['google.transfer_calendar'] })],
    ['mail_settings', step('google.mailbox', { wrote: ['google.stop_forwarding'] })],
    ['licence', step('google.close', { wrote: ['google.free_licence'] })],
    ['google_doors', step('google.contain', { wrote: ['google.set_password'] })],
  ] as const)('is %s once it may have been written, whatever became of the step', (what, one) => {
    expect(lost(snapshot, { ...one, status: 'needs_human' })).toEqual([what]);
    expect(lost(snapshot, { ...one, wrote: [] })).toEqual([]);
  });

  it('is factors and what apps deleted where the account was deactivated, by whomever', () => {
    expect(lost(snapshot, step('okta.deactivate'))).toEqual(['factors', 'app_data']);
  });

  it('is the groups of a run that recorded none by id', () => {
    expect(lost(step('okta.snapshot', { after: { groups: ['Ops'] } }))).toEqual(['groups_unknown']);
  });
});

describe('what may still arrive', () => {
  it('is a call of a running step, to its vendor only', () => {
    const busy = run([step('okta.deactivate', { status: 'running' })], { status: 'cancelled' });
    expect([isStillAtWork(busy, 'okta'), isStillAtWork(busy, 'google')]).toEqual([true, false]);
    expect(isStillAtWork(run([step('okta.deactivate', { status: 'cancelled' })]), 'okta')).toBe(false);
  });

  it('is the mailbox’s end of a cancelled run, until it has ended', () => {
    const ending = [step('google.mailbox_end', { status: 'waiting' })];
    expect(isMailboxEnding(run(ending, { status: 'cancelled' }))).toBe(true);
    expect(isMailboxEnding(run(ending, { status: 'open' }))).toBe(false);
    expect(isMailboxEnding(run([step('google.mailbox_end')], { status: 'cancelled' }))).toBe(false);
  });
});

describe('devices', () => {
  const about = (name: string, over: Partial<UndoneStep> = {}) =>
    step(name, { subject: 'jamf:1', facts: MAC, ...over });
  const locked = about('jamf.lock', { wrote: ['jamf.lock_device'] });
  const sent = about('return.ship', { wrote: ['retriever.order'] });

  it('are those that were told to lock and were not erased', () => {
    expect(lockedDevices(run([locked])).map(({ id }) => id)).toEqual(['jamf:1']);
    expect(lockedDevices(run([about('jamf.lock')]))).toEqual([]);
    const erased = run([locked, about('jamf.erase', { wrote: ['jamf.erase_device'] })]);
    expect(lockedDevices(erased)).toEqual([]);
    expect(lostWith(erased).find(({ what }) => what === 'erased')?.names).toEqual(['Mac']);
  });

  it('have a box out until they were received', () => {
    expect(orderedBoxes(run([sent])).length).toBe(1);
    expect(orderedBoxes(run([sent, about('return.receive')]))).toEqual([]);
    expect(orderedBoxes(run([sent, about('return.receive', { status: 'needs_human' })])).length).toBe(1);
  });
});

it('has begun once something may have been written', () => {
  expect([hasBegun(run([snapshot])), hasBegun(run([step('okta.block', { wrote: ['okta.suspend_user'] })]))]).toEqual([
    false,
    true,
  ]);
});
