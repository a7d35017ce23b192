// A device return from Slack, whole: the window, what is and is not done for each reason, who may ask for what, and never twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditOf } from '../support/engine.ts';
import { anOffice, type Office } from '../support/office.ts';
import { replyWith } from '../support/office-fetched.ts';
import { type Macs, macsOf } from '../support/office-jamf.ts';
import type { Actor } from '../support/office-people.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
const SENDOFF_POLICY = path.join(folder, 'sendoff.policy.yaml');
const DANAS = 'C02DANA0001';
let office: Office;
let macs: Macs;
const jamf = () => {
  if (!office.jamf) throw new Error('no Jamf');
  return office.jamf;
};

beforeAll(async () => {
  writeFileSync(SENDOFF_POLICY, 'protected:\n  addresses: ["grace@acme.test"]\n');
  office = await anOffice({ jamf: true, settings: { SENDOFF_POLICY } });
  macs = macsOf(jamf());
});
afterEach(() => office.clear());
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
});

const locks = (serial: string) => macs.of(serial).commands.filter((one) => one.type === 'DEVICE_LOCK');
const erasures = (serial: string) => macs.of(serial).commands.filter((one) => one.type === 'ERASE_DEVICE');
const statusOf = async (step: string) => (await office.steps())[step]?.status;
const standsAt = (step: string, status: string) =>
  office.until(async () => {
    office.pass(1_000);
    return (await statusOf(step)) === status;
  });
const oktaWrites = () => office.okta.journal.calls.filter((call) => call.write && call.operation !== 'okta.token');

async function asks(who: Actor, address: string): Promise<void> {
  await who.types(`/return-device ${address}`);
  await office.until(() => who.screen().includes('How does it come back?'));
}

async function returns(who: Actor, address: string, values: Record<string, unknown>): Promise<void> {
  await asks(who, address);
  await who.submits(values);
  await office.until(() => /has started|Not started|changed since you saw it/.test(who.screen()));
}

describe('a laptop refresh', () => {
  it('says what it would do, locks nothing, touches no account, and waits for the word on the replacement', async () => {
    await asks(office.lin, 'dana@acme.test');
    const shown = office.lin.screen();
    await office.lin.submits({
      ...{ return_reason: 'refresh', return_charger: ['charger'], return_way: 'courier', device_fate: 'wipe' },
      reason: 'Two years old',
    });
    await office.until(() => office.lin.screen().includes('has started'));
    for (const words of ['Is the replacement', 'Please arrange a courier'])
      await office.until(() => office.channel.thread().some((reply) => reply.includes(words)));
    await office.until(() => office.channel.root().includes('needs you') && office.channel.notices().length === 1);

    expect(shown).toMatch(/C02DANA0001 · MacBook/);
    expect(shown).toContain('Nothing is locked, or erased before the replacement is in use');
    expect(shown).toContain('Nothing has changed yet.');
    expect(office.channel.notices()).toEqual([expect.stringContaining('ran `/return-device` for `dana@acme.test`')]);
    expect(office.channel.root()).toContain('Device return of Dana Whitfield needs you');
    expect(office.channel.root()).toMatch(/C02DANA0001 · laptop refresh · with its charger/);
    expect(office.channel.root()).not.toMatch(/access|revoked|offboard/i);

    await office.lin.clicks('step_choose_open', { messageTs: replyWith(office, 'Please arrange a courier') });
    await office.until(() => office.lin.screen().includes('Courier'));
    await office.lin.submits({ form_courier: 'Acme Express', form_pickedUpOn: '2026-03-09' });
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Is the device here?')));
    await office.lin.clicks('step_choose_open', { messageTs: replyWith(office, 'Is the device here?') });
    await office.until(() => office.lin.screen().includes('Serial number'));
    await office.lin.submits({ form_serial: DANAS });
    await standsAt('return.receive', 'done');
    expect(await statusOf('jamf.erase')).toBe('blocked');
    expect(erasures(DANAS)).toEqual([]);

    await office.sam.clicks('step_approve', { messageTs: replyWith(office, 'Is the replacement') });
    await standsAt('jamf.erase', 'needs_human');
    await office.until(() => office.channel.thread().some((reply) => reply.includes('who does not answer this')));
    await office.sam.clicks('step_approve', { messageTs: replyWith(office, 'who does not answer this') });
    await office.until(async () => {
      office.pass(11_000);
      return (await office.runs())[0]?.status === 'closed';
    });
    expect(erasures(DANAS)).toHaveLength(1);
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Report: ')));
    expect(office.channel.root()).toContain('Device return of Dana Whitfield is done');
    expect(office.channel.thread().join('\n')).not.toMatch(/access|revoked|offboard|Google/i);
    expect(locks(DANAS)).toEqual([]);
    expect(oktaWrites()).toEqual([]);
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
  });

  it('is asked about again a day after somebody said not yet', async () => {
    await returns(office.lin, 'dana@acme.test', { return_reason: 'malfunction' });
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Is the replacement')));
    await office.sam.clicks('step_decline');
    await standsAt('return.replacement', 'waiting');
    office.pass(23 * 3_600_000);
    await office.until(() => office.channel.root().includes('somebody is asked again'));
    expect((await office.steps())['return.replacement']?.status).toBe('waiting');
    office.pass(2 * 3_600_000);
    await standsAt('return.replacement', 'needs_human');

    expect((await office.runs())[0]?.status).toBe('open');
  });

  it('keeps who asked, for what and when, where nobody can change it', async () => {
    await returns(office.lin, 'dana@acme.test', { return_reason: 'refresh', reason: 'Two years old' });
    const [run] = await office.runs();
    const opened = (await auditOf(office, String(run?.id))).find((event) => event.action === 'run.opened');

    expect(run).toMatchObject({
      code: expect.stringMatching(/^RET-\d+$/),
      requested_by: 'T0ACME/U0LIN',
      reason: 'Two years old',
    });
    expect(run?.ids).toMatchObject({ 'return.reason': 'refresh', 'return.charger': false });
    expect(opened).toMatchObject({
      actor: 'T0ACME/U0LIN',
      detail: { kind: 'device_return', trigger: 'return_command' },
    });
  });
});

describe('the device of somebody who leaves', () => {
  it('is locked, and nothing else is done; their account is found though it is deactivated', async () => {
    office.okta.command('set_user', { user: 'dana', patch: { status: 'DEPROVISIONED' } });
    await returns(office.lin, 'dana@acme.test', {});
    await standsAt('jamf.lock', 'done');

    expect(locks(DANAS)).toHaveLength(1);
    expect(Object.keys(await office.steps()).filter((name) => !/^(?:jamf|return)\./.test(name))).toEqual([]);
    expect(oktaWrites()).toEqual([]);
    expect(office.channel.root()).toMatch(/C02DANA0001 · leaving/);
  });

  it('is not locked by its own person, who may have it replaced', async () => {
    await returns(office.sam, 'sam@acme.test', { return_reason: 'offboarding' });
    expect(office.sam.screen()).toContain('You cannot have your own computer locked.\n*Nothing was changed.*');
    expect(await office.runs()).toEqual([]);

    await returns(office.sam, 'sam@acme.test', { return_reason: 'refresh' });
    expect(office.sam.screen()).toContain('has started');
    expect(locks('C02SAM00001')).toEqual([]);
  });

  it('who is protected is not locked on one operator’s word: /offboard asks the second', async () => {
    await returns(office.lin, 'grace@acme.test', { return_reason: 'offboarding' });
    expect(office.lin.screen()).toMatch(/Grace .* is protected: .*Start `\/offboard/s);
    expect(await office.runs()).toEqual([]);
    expect(locks('C02GRACE001')).toEqual([]);

    await returns(office.lin, 'grace@acme.test', { return_reason: 'refresh' });
    expect(office.lin.screen()).toContain('has started');
  });
});

describe('what was typed or ticked', () => {
  it.each([
    [{ devices: [] }, 'devices', 'Tick or type at least one device'],
    [{ typed_devices: 'monitor' }, 'typed_devices', '“monitor” is not a kind'],
    [{ typed_devices: 'monitor CN0AB1\nphone cn0ab1' }, 'typed_devices', '“CN0AB1” stands there twice'],
    [{ typed_devices: `laptop ${DANAS}` }, 'typed_devices', 'known to Jamf and listed above'],
  ])('%j is told at its input, and nothing is committed', async (values, block, says) => {
    await asks(office.lin, 'dana@acme.test');
    await office.lin.submits({ return_reason: 'refresh', ...values });

    expect(office.lin.view()?.errors).toEqual({ [block]: expect.stringContaining(says) });
    expect(await office.runs()).toEqual([]);
  });

  it('comes back beside what Jamf knows, and is neither locked nor erased', async () => {
    await returns(office.lin, 'dana@acme.test', { return_reason: 'refresh', typed_devices: 'phone f2ldana01' });
    await office.until(() => office.channel.root().includes('Phone F2LDANA01'));
    const rows = await office.db.query<{ subject: string }>(
      'SELECT DISTINCT subject FROM step_run ORDER BY subject',
      [],
    );

    expect(rows.map((row) => row.subject)).toEqual(['jamf:11', 'serial:F2LDANA01']);
  });
});

describe('never twice', () => {
  it('a second return of the same person is told of the first, and started by nobody', async () => {
    await returns(office.lin, 'dana@acme.test', { return_reason: 'refresh' });
    await office.sam.types('/return-device dana@acme.test');
    await office.until(() => office.sam.screen().includes('is already getting devices back from *Dana Whitfield*'));
    expect(office.sam.screen()).toContain('RET-');
    expect(await office.runs()).toHaveLength(1);
  });

  it('two windows that are confirmed at once make one run, and both are told which', async () => {
    await asks(office.lin, 'dana@acme.test');
    await asks(office.sam, 'dana@acme.test');
    await Promise.all([office.lin, office.sam].map((who) => who.submits({ return_reason: 'refresh' })));
    const screens = () => [office.lin.screen(), office.sam.screen()];
    await office.until(() => screens().every((screen) => /has started|is already getting/.test(screen)));

    expect(screens().filter((screen) => screen.includes('has started'))).toHaveLength(1);
    expect(await office.runs()).toHaveLength(1);
  });

  it('a confirmation of a process that died is gone on with by the next one, once, and only by whom the window was for', async () => {
    await asks(office.lin, 'dana@acme.test');
    const { plan } = JSON.parse(String(office.lin.view()?.content.private_metadata)) as { plan: string };
    const choice = { reason: 'refresh', ids: ['jamf:11'], typed: [], withCharger: false, fate: 'collect', way: 'ship' };
    const leaveBehind = (key: string, actor: string) =>
      office.db.query(
        `INSERT INTO inbound_delivery (source, key, kind, actor, payload, received_at, attempt)
         VALUES ('slack', $1, 'return_confirm', $2, $3, now(), 1)`,
        [key, `T0ACME/${actor}`, JSON.stringify({ plan, choice, viewId: '' })],
      );
    const outcomes = async () => {
      const rows = await office.db.query<{ outcome: string }>(
        `SELECT outcome FROM inbound_delivery WHERE kind = 'return_confirm' AND handled_at IS NOT NULL`,
        [],
      );
      return rows.map((row) => row.outcome);
    };
    await leaveBehind('dead:sam', 'U0SAM');
    office.pass(0);
    await office.until(async () => (await outcomes()).length === 1);
    expect(await outcomes()).toEqual(['no_such_plan']);
    expect(await office.runs()).toEqual([]);

    await leaveBehind('dead:lin', 'U0LIN');
    office.pass(0);
    await office.until(async () => (await outcomes()).length === 2);
    expect((await outcomes()).sort()).toEqual(['no_such_plan', 'started']);
    expect(await office.runs()).toHaveLength(1);
  });

  it('a device that another run has on its way is not offered again, and an offboarding locks it and orders nothing', async () => {
    await returns(office.lin, 'dana@acme.test', { return_reason: 'refresh' });
    const code = (await office.runs())[0]?.code;
    // The same laptop is somebody else’s in Jamf by now.
    jamf().command('set_device', {
      device: DANAS,
      patch: { username: 'ada@acme.test', email: 'ada@acme.test', lastUser: 'ada' },
    });
    await asks(office.sam, 'ada@acme.test');
    expect(office.sam.screen()).toContain(`comes back in ${code} already: nothing more is ordered`);
    await office.sam.submits({ return_reason: 'refresh', typed_devices: `laptop ${DANAS}` });
    expect(office.sam.view()?.errors).toEqual({ typed_devices: expect.stringContaining('listed above') });

    await office.plan(office.sam, 'ada@acme.test');
    await office.sam.submits({ devices: ['jamf:11'], return_way: 'ship' });
    await office.until(() => office.sam.screen().includes('has started'));
    await office.until(() => locks(DANAS).length === 1);
    const [lock] = await office.db.query<{ facts: object }>(
      `SELECT s.facts FROM step_run s JOIN run r ON r.id = s.run_id WHERE r.kind = 'offboarding' AND s.step = 'jamf.lock'`,
      [],
    );
    expect(lock?.facts).toMatchObject({ way: 'none', fetchedBy: code });
  });

  it('a serial number that another run has on its way is refused with that run’s name', async () => {
    await returns(office.lin, 'dana@acme.test', { return_reason: 'refresh' });
    await returns(office.sam, 'ada@acme.test', { return_reason: 'refresh', typed_devices: `laptop ${DANAS}` });

    expect(office.sam.screen()).toMatch(/Laptop C02DANA0001 \(on its way in RET-\d+\)/);
    expect(await office.runs()).toHaveLength(1);
  });
});

describe('between the window and its submit', () => {
  it('a computer that comes or goes is shown instead of being started, and then it can be confirmed', async () => {
    await asks(office.lin, 'dana@acme.test');
    jamf().command('set_device', {
      device: 'C02SHARED01',
      patch: { username: 'dana@acme.test', email: 'dana@acme.test' },
    });
    await office.lin.submits({ return_reason: 'refresh' });
    await office.until(() => office.lin.screen().includes('changed since you saw it'));
    expect(office.lin.screen()).toContain('New: Lab iMac C02SHARED01');
    expect(await office.runs()).toEqual([]);

    await office.lin.submits({ return_reason: 'refresh', devices: ['jamf:11'] });
    await office.until(() => office.lin.screen().includes('has started'));
    expect(await office.runs()).toHaveLength(1);
  });
});

describe('who may', () => {
  it('others see a refusal, the channel hears of it, and no vendor is asked', async () => {
    const grace = office.person('U0GRACE');
    await grace.types('/return-device dana@acme.test');
    await office.until(() => office.channel.notices().length === 1);

    expect(grace.told().join()).toContain('You are not on the operator list');
    expect(office.channel.notices()[0]).toMatch(/tried `\/return-device` and was refused/);
    expect(office.okta.journal.calls.filter((call) => call.operation === 'okta.listUsers')).toEqual([]);
  });

  it('help and a near miss name this command', async () => {
    const help = await office.lin.types('/return-device help');
    const typo = await office.lin.types('/return-device dana@acme');

    expect(help.body).toContain('How to use /return-device');
    expect(typo.body).toContain('/return-device name@company.com');
  });

  it('the shortcut finds the person by name', async () => {
    await office.slack.command('shortcut', { user: 'U0LIN', callbackId: 'return_a_device' });
    await office.until(() => office.lin.screen().includes('Whose device?'));
    await office.lin.submits({ person: 'dana@acme.test' }, { force: true });
    await office.until(() => office.lin.screen().includes('How does it come back?'));
  });

  it('where Jamf does not answer, it is said, and what is typed is taken', async () => {
    jamf().faults.add({ kind: 'status', status: 503, operation: 'jamf.listComputers', times: 4 });
    await asks(office.lin, 'dana@acme.test');

    expect(office.lin.screen()).toContain('neither locked nor erased');
    await office.lin.submits({ return_reason: 'refresh', typed_devices: 'laptop 5CG1234XYZ' });
    await office.until(() => office.lin.screen().includes('has started'));
  });
});
