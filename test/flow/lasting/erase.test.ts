// The erasure of a Mac that came back, whole, when something is wrong: lost answers, a missing privilege, a Mac that refuses or never
// answers, a legal hold.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { fetchedIn, replyWith } from '../../support/office-fetched.ts';
import { buttonValue } from '../../support/office-people.ts';
import { wordsOf } from '../../support/words.ts';

const HOUR_MS = 3_600_000;
const DANAS = 'C02DANA0001';
let office: Office;
let fetched: ReturnType<typeof fetchedIn>;

beforeAll(async () => {
  office = await anOffice({ jamf: true, snipeit: true, admins: ['U0LIN', 'U0SAM', 'U0GRACE'] });
  fetched = fetchedIn(office);
  await office.slack.command('channel', { channel: 'C0ITOPS', add: 'U0GRACE' });
});
afterEach(() => office.clear());
afterAll(() => office.close());

const { grace, erasures } = {
  grace: () => office.person('U0GRACE'),
  erasures: () => fetched.mac(DANAS).commands.filter((one) => one.type === 'ERASE_DEVICE'),
};

/** Received by Sam and unlocked; the approver is asked. */
async function asked(values: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await fetched.started('dana@acme.test', values);
  await fetched.receives(DANAS);
  await fetched.standsAt('return.receive', 'done');
  fetched.unlocks(DANAS);
  await fetched.standsAt('jamf.erase', 'needs_human');
  await office.until(() => fetched.isTold('who does not answer this'));
}

describe('an erasure', () => {
  it.each(['drop_after', 'truncate', 'reset'] as const)('whose answer was lost is sent once (%s)', async (kind) => {
    await asked();
    fetched.jamf.faults.add({ kind, operation: 'jamf.eraseComputer' });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.standsAt('jamf.erase', 'done');

    expect(erasures()).toHaveLength(1);
    expect(fetched.mac(DANAS).erasedAt).toHaveLength(1);
  });

  it('that Jamf refuses for want of a privilege names it; granted, Retry sends it once', async () => {
    await asked();
    fetched.jamf.command('revoke_privilege', { privilege: 'Send Computer Remote Wipe Command' });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await office.until(async () => (await fetched.step('jamf.erase'))?.need?.kind === 'failed');
    await office.until(() => fetched.isTold('Send Computer Remote Wipe Command'));
    expect(erasures()).toEqual([]);
    fetched.jamf.command('grant_privilege', { privilege: 'Send Computer Remote Wipe Command' });
    office.pass(1_000);
    await office.lin.clicks('step_retry');
    await fetched.standsAt('jamf.erase', 'done');

    expect(erasures()).toHaveLength(1);
  });

  it('that the Mac refuses needs somebody, and is not called done; Retry sends it again', async () => {
    await asked();
    fetched.jamf.command('answer_oddly', { device: DANAS, answers: ['ERROR'] });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await office.until(async () => (await fetched.step('jamf.erase'))?.need?.kind === 'failed');
    await office.until(() => fetched.isTold('Mac not erased'));
    expect(fetched.mac(DANAS).erasedAt).toEqual([]);
    office.pass(1_000);
    await office.lin.clicks('step_retry');
    await fetched.standsAt('jamf.erase', 'done');

    expect(erasures()).toHaveLength(2);
  });

  it('waits while a legal hold stands, asks nobody, and goes on when it is lifted', async () => {
    await fetched.started('dana@acme.test', { device_fate: 'wipe' });
    const hold = async (title: string) => {
      await office.until(() => office.channel.root().includes(title));
      await office.lin.clicks('hold_open');
      await office.until(() => /legal hold/i.test(office.lin.screen()) && office.lin.screen().includes('Why'));
      await office.lin.submits({ note: 'litigation 2026-7' });
      await office.until(() => office.lin.view() === null);
    };
    await hold('Legal hold…');
    await fetched.receives(DANAS);
    await fetched.standsAt('return.receive', 'done');
    fetched.unlocks(DANAS);
    await fetched.inTime(async () => (await fetched.step('jamf.erase'))?.cause === 'legal_hold');
    expect(fetched.isTold('Erase this Mac?')).toBe(false);
    await office.until(() => office.channel.root().includes('the Mac is not erased, and nobody is asked to'));

    await hold('Lift');
    await fetched.standsAt('jamf.erase', 'needs_human');
    await office.until(() => fetched.isTold('Erase this Mac?'));
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Erase this Mac?') });
    await fetched.standsAt('jamf.erase', 'done');
    expect(erasures()).toHaveLength(1);
  });

  it('is not sent to a Mac that nobody unlocks: after a day it is said once, with a way to end it', async () => {
    await fetched.started('dana@acme.test');
    await fetched.receives(DANAS);
    await fetched.standsAt('jamf.erase', 'waiting');
    const alarms = () => office.channel.thread().filter((reply) => reply.includes('The erasure waits for'));
    for (let hour = 0; hour < 23; hour++) office.pass(HOUR_MS);
    await fetched.standsAt('jamf.erase', 'waiting');
    expect(alarms()).toEqual([]);
    office.pass(2 * HOUR_MS);
    await office.until(() => alarms().length === 1);
    office.pass(5 * HOUR_MS);
    await fetched.standsAt('jamf.erase', 'waiting');
    expect(alarms()).toHaveLength(1);
    expect(erasures()).toEqual([]);

    // A look between the button and the word makes the word one too late: then it is said again.
    while ((await fetched.step('jamf.erase'))?.status !== 'skipped') {
      await office.until(async () => {
        const late = office.channel.replies().find((one) => wordsOf(one.blocks).includes('for over a day now'));
        const attempt = (await fetched.step('jamf.erase'))?.attempt;
        return late && buttonValue(late, 'step_skip_open').includes(`"attempt":${attempt}`);
      });
      const told = office.lin.told().length;
      await office.lin.clicks('step_skip_open', { messageTs: replyWith(office, 'for over a day now') });
      await office.until(() => office.lin.screen().includes('Why skip it?') || office.lin.told().length > told);
      if (!office.lin.screen().includes('Why skip it?')) continue;
      await office.lin.submits({ note: 'its board is broken' });
      await office.until(() => !office.lin.screen().includes('Why skip it?'));
    }
    await fetched.inTime(async () => (await office.runs())[0]?.status === 'closed');
    expect(await fetched.step('jamf.erase')).toMatchObject({ status: 'skipped', cause: 'by_hand' });
    await office.until(() => alarms().length === 0 && fetched.isTold('no longer waits for it'));
  });

  it('that the Mac has not confirmed is not called done, and is late after a day', async () => {
    await asked();
    fetched.jamf.command('set_delay', { device: DANAS, delayMs: null });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.standsAt('jamf.erase', 'waiting');
    await office.until(() => fetched.isTold('the erasure was sent'));
    office.pass(25 * HOUR_MS);
    await office.until(() => fetched.isTold('The erasure waits for'));
    fetched.jamf.command('device_confirms', { device: DANAS });
    office.pass(HOUR_MS);
    await fetched.standsAt('jamf.erase', 'done');

    expect(erasures()).toHaveLength(1);
    await office.until(() => fetched.isTold('was erased by now'));
  });

  it('that somebody asked for in Jamf is taken over, and none is sent', async () => {
    await asked();
    fetched.jamf.command('erase_by_hand', { device: DANAS });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.standsAt('jamf.erase', 'done');

    expect(erasures()).toHaveLength(1);
    expect((await fetched.step('jamf.erase'))?.after).toMatchObject({ adopted: true });
    await office.until(() => fetched.isTold('Sendoff sent nothing'));
  });

  it('is not sent to a Mac that was set up anew meanwhile, whoever approved', async () => {
    await asked();
    fetched.jamf.command('set_device', {
      device: DANAS,
      patch: { managementId: '11111111-2222-4333-8444-555555555555' },
    });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.standsAt('jamf.erase', 'skipped');

    expect((await fetched.step('jamf.erase'))?.cause).toBe('enrolled_anew');
    expect(erasures()).toEqual([]);
  });

  it('that was sent before a legal hold is told as such, and as done when the Mac confirms it', async () => {
    await asked();
    fetched.jamf.command('set_delay', { device: DANAS, delayMs: null });
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.standsAt('jamf.erase', 'waiting');
    await office.until(() => office.channel.root().includes('the erasure was sent'));
    // Nothing of this run is left to keep, so there is no button; a run with more steps has one.
    const [run] = await office.runs();
    await office.db.query('SELECT * FROM hold_run($1, 0, $2, $3, $4, $5)', [
      ...[run?.id, 'hold', 'T0ACME/U0LIN', 'litigation 2026-7', office.clock.now()],
    ]);
    office.pass(0);
    await office.until(() => office.channel.root().includes('cannot be called back'));
    office.pass(HOUR_MS);
    await fetched.standsAt('jamf.erase', 'waiting');
    expect((await fetched.step('jamf.erase'))?.cause).toBe('vendor');
    fetched.jamf.command('device_confirms', { device: DANAS });
    office.pass(HOUR_MS);
    await fetched.standsAt('jamf.erase', 'done');

    expect(erasures()).toHaveLength(1);
  });

  it('is not asked for, and approved by nobody, while a legal hold stands that was set after the question', async () => {
    await asked({ device_fate: 'wipe' });
    await office.lin.clicks('hold_open');
    await office.until(() => office.lin.screen().includes('Why is it set?'));
    const before = replyWith(office, 'Erase this Mac?');
    await office.lin.submits({ note: 'litigation 2026-7' });
    await office.until(() => fetched.isTold('this is asked again once it is lifted'));

    expect(fetched.isTold('Erase this Mac?')).toBe(false);
    await expect(grace().clicks('step_approve', { messageTs: before })).rejects.toThrow();
    expect(erasures()).toEqual([]);
  });
});
