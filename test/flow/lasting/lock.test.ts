// Computers of a leaver, whole: which are locked, with whose passcode, when a Mac counts as locked, and who may see what it asks for.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FORMER_LOCK } from '../../../sandbox/vendors/jamf/devices.ts';
import { auditOf } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { type Macs, macsOf } from '../../support/office-jamf.ts';

const HOUR_MS = 3_600_000;
const TEAM = 'T0ACME';
let office: Office;
let macs: Macs;
const jamf = () => {
  if (!office.jamf) throw new Error('no Jamf');
  return office.jamf;
};

beforeAll(async () => {
  office = await anOffice({ jamf: true });
  macs = macsOf(jamf());
});
afterEach(() => office.clear());
afterAll(() => office.close());

const DANAS = 'C02DANA0001';
const lockOf = async () => (await office.steps())['jamf.lock'];
const locks = (serial: string) => macs.of(serial).commands.filter((one) => one.type === 'DEVICE_LOCK');
const standsAt = (status: string) => office.until(async () => (await lockOf())?.status === status);

async function confirmed(address: string, values: Record<string, unknown> = {}): Promise<void> {
  await office.plan(office.lin, address);
  // Nothing is fetched: what comes after the lock is not told here.
  await office.lin.submits({ return_way: 'none', ...values });
  await office.until(() => office.lin.screen().includes('has started'));
}

describe('the only Mac of somebody', () => {
  it('is shown with its serial number and ticked, locked with a passcode that is sealed, and told when it confirmed', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toMatch(/C02DANA0001 · MacBook Pro .* · last seen/);
    expect(office.lin.screen()).toContain('Lock the Mac');
    await office.lin.submits({ return_way: 'none' });
    await office.closed();

    const [lock] = locks(DANAS);
    expect(macs.of(DANAS).lock?.pin).toBe(lock?.pin);
    expect(lock?.pin).toMatch(/^\d{6}$/);
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Confirmed by the Mac')));
    // Neither the log, nor any row, nor anything in Slack holds it in the clear.
    const rows = await office.db.query<{ text: string }>(
      `SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM (
         SELECT row_to_json(s)::text AS t FROM step_run s UNION ALL SELECT row_to_json(w)::text FROM vendor_write w
         UNION ALL SELECT row_to_json(a)::text FROM audit_event a UNION ALL SELECT row_to_json(i)::text FROM inbound_delivery i
         UNION ALL SELECT row_to_json(x)::text FROM sealed_secret x) all_rows`,
      [],
    );
    for (const text of [
      rows[0]?.text,
      JSON.stringify(office.log),
      JSON.stringify(office.slack.workspace.channels.get('C0ITOPS')),
    ])
      expect(text).not.toContain(lock?.pin);
  });

  it('is not locked where None of these is ticked', async () => {
    await confirmed('dana@acme.test', { devices: ['none'] });
    await office.closed();

    expect(await lockOf()).toBeUndefined();
    expect(locks(DANAS)).toEqual([]);
  });

  it('is held back until somebody says so, and left unlocked where they say no', async () => {
    await confirmed('dana@acme.test', { device_fate: 'hold' });
    await standsAt('needs_human');
    expect(locks(DANAS)).toEqual([]);
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Lock this Mac now?')));
    await office.sam.clicks('step_decline');
    await office.closed();

    expect(await lockOf()).toMatchObject({ status: 'skipped', cause: 'left_unlocked' });
    expect(locks(DANAS)).toEqual([]);
  });
});

describe('a lock whose answer was lost', () => {
  it.each(['drop_after', 'truncate'] as const)(
    'is found again, and not sent with another passcode (%s)',
    async (kind) => {
      jamf().faults.add({ kind, operation: 'jamf.sendCommand' });
      await confirmed('dana@acme.test');
      await office.until(async () => {
        office.pass(11_000);
        return (await office.runs())[0]?.status === 'closed';
      });

      expect(locks(DANAS)).toHaveLength(1);
      expect((await lockOf())?.after).toMatchObject({ adopted: false });
      expect(await shownTo('lin')).toContain(macs.of(DANAS).lock?.pin);
    },
  );

  it('that never arrived is sent once more, with the passcode that was sealed first', async () => {
    jamf().faults.add({ kind: 'reset', operation: 'jamf.sendCommand' });
    await confirmed('dana@acme.test');
    await office.until(async () => {
      office.pass(11_000);
      return (await office.runs())[0]?.status === 'closed';
    });

    expect(locks(DANAS)).toHaveLength(1);
    expect(await shownTo('lin')).toContain(macs.of(DANAS).lock?.pin);
  });
});

describe('a Mac that sleeps', () => {
  it('is told as sent and not as locked, raises an alarm after a day, once, and is locked when it wakes', async () => {
    jamf().command('set_delay', { device: DANAS, delayMs: null });
    await confirmed('dana@acme.test');
    await standsAt('waiting');
    await office.until(() => office.channel.root().includes('the Mac has not confirmed it yet'));
    expect(macs.of(DANAS).lock).toBeNull();
    const alarms = () =>
      office.channel.thread().filter((reply) => reply.includes('has not confirmed its lock for a day'));
    for (let hour = 0; hour < 23; hour++) office.pass(HOUR_MS);
    await standsAt('waiting');
    expect(alarms()).toEqual([]);
    office.pass(HOUR_MS + 60_000);
    await office.until(() => alarms().length === 1);
    office.pass(5 * HOUR_MS);
    await standsAt('waiting');
    expect(alarms()).toHaveLength(1);

    jamf().command('device_confirms', { device: DANAS });
    office.pass(HOUR_MS + 1_000);
    await office.closed();
    expect(locks(DANAS)).toHaveLength(1);
    await office.until(() => office.channel.thread().some((reply) => reply.includes('has confirmed its lock by now')));
  });

  it('that refuses the lock needs somebody, and Retry sends the same passcode again', async () => {
    jamf().command('answer_oddly', { device: DANAS, answers: ['ERROR'] });
    await confirmed('dana@acme.test');
    await standsAt('needs_human');
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Mac not locked')));
    office.pass(1_000);
    await office.lin.clicks('step_retry');
    await office.until(async () => {
      office.pass(11_000);
      return (await office.runs())[0]?.status === 'closed';
    });

    const pins = locks(DANAS).map((one) => one.pin);
    expect(pins).toHaveLength(2);
    expect(new Set(pins).size).toBe(1);
  });
});

describe('whose lock it is', () => {
  it('a Mac that somebody locked before is left as it is, and its passcode read from Jamf', async () => {
    await confirmed('suspended@acme.test');
    await office.closed();

    expect(locks('C02SANA0001').map((one) => one.uuid)).toEqual([FORMER_LOCK.commandUuid]);
    expect((await lockOf())?.after).toMatchObject({ adopted: true });
    expect(await shownTo('lin')).toContain(FORMER_LOCK.pin);
  });

  it('a Mac that Jamf does not manage takes no lock, and the plan says so', async () => {
    await office.plan(office.lin, 'recovery@acme.test');
    expect(office.lin.screen()).toContain('not managed: it takes no lock');
    await office.lin.submits({ devices: ['jamf:18'], return_way: 'none' });
    await office.closed();

    expect(await lockOf()).toMatchObject({ status: 'skipped', cause: 'not_managed' });
  });

  it('of twelve Macs none is ticked, and those that are ticked are locked, each with its own passcode', async () => {
    await office.plan(office.lin, 'passwordexpired@acme.test');
    expect(office.lin.screen()).toContain('Computers: 12 computers');
    await office.lin.submits({ devices: [] }).catch(() => undefined);
    expect(await office.runs()).toEqual([]);
    await office.lin.submits({ devices: ['jamf:31', 'jamf:33', 'jamf:42'], return_way: 'none' });
    await office.until(() => office.lin.screen().includes('has started'));
    await office.closed();

    const locked = macs.all().filter((mac) => mac.lock !== null && mac.serialNumber.startsWith('C02PIA'));
    expect(locked.map((mac) => mac.id)).toEqual(['31', '33', '42']);
    expect(new Set(locked.map((mac) => mac.lock?.pin)).size).toBe(3);
  });

  it('where Jamf does not answer the rest goes on, and what it has is asked about when it does', async () => {
    jamf().faults.add({ kind: 'status', operation: '*', times: 99 });
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toContain('Jamf did not answer');
    await office.lin.submits();
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done');
    jamf().faults.clear();
    await office.until(async () => {
      office.pass(61_000);
      return (await office.steps())['jamf.look']?.status === 'needs_human';
    });
    await office.until(() =>
      office.channel.thread().some((reply) => reply.includes('nobody has said yet which of them are theirs')),
    );

    expect(locks(DANAS)).toEqual([]);
  });
});

describe('the passcode', () => {
  it('is shown to an approver alone, with a reason, and everybody reads that it was', async () => {
    await confirmed('dana@acme.test');
    await office.closed();
    await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test');
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Mac locked')));
    await office.sam.clicks('reveal_open');
    await office.until(() => office.sam.told().some((line) => line.includes('Only an approver may see a passcode')));

    expect(await shownTo('lin')).toContain(macs.of(DANAS).lock?.pin);
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Passcode shown to Lin Okafor')));
    const [run] = await office.runs();
    const looks = (await auditOf(office, String(run?.id))).filter((event) => event.action === 'secret.revealed');
    expect(looks).toEqual([
      { action: 'secret.revealed', actor: `${TEAM}/U0LIN`, detail: expect.objectContaining({ reason: 'it is back' }) },
    ]);
    await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'admin', 'test');
  });

  it('is not shown more than ten times an hour to one operator', async () => {
    await confirmed('dana@acme.test');
    await office.closed();
    for (let look = 0; look < 10; look++) expect(await shownTo('sam')).toContain(macs.of(DANAS).lock?.pin);

    expect(await shownTo('sam')).toMatch(/ten passcodes within the hour.*Nothing was shown/s);
    expect(await shownTo('lin')).toContain(macs.of(DANAS).lock?.pin);
  });
});

async function shownTo(who: 'lin' | 'sam'): Promise<string> {
  const actor = office[who];
  await office.until(() => office.channel.thread().some((reply) => reply.includes('Mac locked')));
  await actor.clicks('reveal_open');
  await office.until(() => actor.screen().includes('What is it needed for?'));
  await actor.submits({ note: 'it is back' });
  await office.until(() => !actor.screen().includes('What is it needed for?'));
  const screen = actor.screen();
  await actor.closes();
  return screen;
}
