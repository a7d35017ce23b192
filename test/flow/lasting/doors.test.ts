// Runs that begin by themselves: HR's word, Okta's event, what stops them, and what does not start them.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../../sandbox/people.ts';
import type { App } from '../../../src/app/compose.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { DOOR_SETTINGS, fromBambooHr, fromOkta, HOOK_SECRET, post, WEBHOOK_KEY } from '../../support/office-doors.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let office: Office;
let app: App;

async function aPolicy(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'sendoff-policy-')), 'policy.yaml');
  await writeFile(file, text);
  return file;
}

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, settings: DOOR_SETTINGS, started: false });
  app = await office.start();
});
afterAll(() => office.close());
afterEach(async () => {
  await office.clear();
  await office.operators.addFirst([{ teamId: 'T0ACME', userId: 'U0LIN' }]);
});

function hr() {
  if (!office.bamboohr) throw new Error('no BambooHR');
  return office.bamboohr;
}
const recordOf = (key: string): string => {
  const { employees } = hr().state() as { employees: { id: string; key: string }[] };
  return employees.find((one) => one.key === key)?.id ?? '';
};
const changes = (key: string, patch: Record<string, unknown>) => hr().command('set_employee', { employee: key, patch });
const dayIn = (days: number): string => new Date(office.clock.now().getTime() + days * DAY).toISOString().slice(0, 10);
const outcome = async (door: string, subject: string): Promise<string | null> => {
  const [row] = await office.db.query<{ outcome: string | null }>(
    'SELECT outcome FROM knock WHERE door = $1 AND subject = $2 AND wanted = looked',
    [door, subject],
  );
  return row?.outcome ?? null;
};
const knocks = async (key: string, sent = fromBambooHr([recordOf(key)])): Promise<string | null> => {
  await office.db.query('DELETE FROM knock WHERE subject = $1', [recordOf(key)]);
  expect(await post(app, 'bamboohr', sent)).toBe(200);
  await office.until(() => outcome('bamboohr', recordOf(key)));
  return outcome('bamboohr', recordOf(key));
};
const newest = async () => (await office.runs())[0];

describe('BambooHR says that somebody has left', () => {
  it('shows the run with a Stop button for ten minutes, and then cuts', async () => {
    changes('dana', { status: 'Inactive', endsOn: dayIn(0) });
    expect(await knocks('dana')).toBe('scheduled');
    expect(await newest()).toMatchObject({ status: 'scheduled', requested_by: 'bamboohr' });
    await office.until(() => office.channel.root().includes('unless somebody stops it'));
    expect(office.channel.root()).toContain('BambooHR says that they have left');
    office.pass(9 * MINUTE);
    expect(office.accounts.of('dana').status).toBe('ACTIVE');

    office.pass(2 * MINUTE);

    const steps = await office.closed();
    expect(steps['okta.deactivate']).toMatchObject({ status: 'done', evidence: 'read_back' });
    expect(office.accounts.of('dana').status).toBe('DEPROVISIONED');
    await office.until(() => office.channel.root().includes('Started by BambooHR'));
    // HR goes on editing the record of somebody who has left: nothing begins again.
    expect(await knocks('dana')).toBe('done_before');
    expect(await office.runs()).toHaveLength(1);
  });

  it('begins nothing more where an operator’s run came and went while the record was looked at', async () => {
    changes('dana', { status: 'Inactive', endsOn: dayIn(0) });
    await office.plan(office.lin, 'dana@acme.test');
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.listApiTokens', times: 1 });
    expect(await post(app, 'bamboohr', fromBambooHr([recordOf('dana')]))).toBe(200);
    await office.until(() => office.okta.faults.held().length === 1);

    await office.lin.submits();
    await office.closed();
    office.okta.faults.release();

    await office.until(() => outcome('bamboohr', recordOf('dana')));
    expect(await outcome('bamboohr', recordOf('dana'))).toBe('done_before');
    expect(await office.runs()).toHaveLength(1);
  });

  it('is stopped by whoever presses Stop, and not begun again by the next word of the same end', async () => {
    changes('dana', { status: 'Inactive', endsOn: dayIn(0) });
    await knocks('dana', fromBambooHr([recordOf('dana')], { withFields: true }));
    await office.until(() => office.channel.root().includes('unless somebody stops it'));

    await office.lin.clicks('run_cancel');

    await office.until(async () => (await newest())?.status === 'cancelled');
    await office.until(() => office.channel.root().includes('Cancelled by Lin'));
    office.pass(20 * MINUTE);
    expect(await knocks('dana')).toBe('done_before');
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
    expect(office.accounts.writes()).toEqual([]);
  });

  it('starts nothing for leave, for somebody hired and not here yet, and where a webhook is wrong about it', async () => {
    expect(await knocks('suspended')).toBe('nothing');
    expect(await knocks('staged')).toBe('nothing');
    expect(await knocks('dana')).toBe('nothing');
    expect(await office.runs()).toHaveLength(0);
  });

  it('holds where an inactive record has the address of an active one, and an operator who chooses starts that very run', async () => {
    hr().command('add_employee', { employee: 'dana', patch: { displayName: 'Dana Whitfield' } });
    changes('dana', { status: 'Inactive', endsOn: dayIn(-1) });

    expect(await knocks('dana')).toBe('held');

    await office.until(() => office.channel.root().includes('on hold: nothing was started'));
    await office.until(() => office.channel.thread().some((line) => line.includes('Nothing was started for Dana')));
    await office.lin.clicks('start_review');
    await office.until(() => office.lin.screen().includes('Whose record is it'));
    expect(office.lin.screen()).toContain('is on hold and has done nothing');
    await office.lin.submits({ identity: recordOf('dana') });
    const steps = await office.closed();
    expect(steps['okta.deactivate']?.status).toBe('done');
    expect(await office.runs()).toHaveLength(1);
    const said = await office.db.query('SELECT kind, decided_by FROM decision ORDER BY decided_at, kind', []);
    expect(said).toEqual([
      { kind: 'identity', decided_by: 'T0ACME/U0LIN' },
      { kind: 'start', decided_by: 'T0ACME/U0LIN' },
    ]);
  });

  it('asks for an approval where the person is protected, by nobody’s request, so any approver may give it', async () => {
    const policy = await aPolicy('protected:\n  addresses: [dana@acme.test]\n');
    await app.stop();
    app = await office.start({ SENDOFF_POLICY: policy });
    changes('dana', { status: 'Inactive', endsOn: dayIn(0) });

    expect(await knocks('dana')).toBe('scheduled');

    expect((await newest())?.status).toBe('awaiting_approval');
    await office.until(() => office.channel.root().includes('Approval needed to offboard Dana'));
    expect(office.channel.root()).toContain('Access is to end');
    office.pass(20 * MINUTE);
    await office.until(() => office.channel.root().includes('passed without an approval'));
    expect(office.accounts.writes()).toEqual([]);
    await office.lin.clicks('approval_approve');
    expect((await office.closed())['okta.deactivate']?.status).toBe('done');
    await app.stop();
    app = await office.start();
  });

  it('says in the channel that a safeguard forbids it, once', async () => {
    office.okta.command('make_last_super_admin', { user: 'dana' });
    changes('dana', { status: 'Inactive', endsOn: dayIn(0) });

    expect(await knocks('dana')).toBe('last_super_admin');
    expect(await knocks('dana')).toBe('last_super_admin');

    await office.until(() => office.channel.notices().length > 0);
    expect(office.channel.notices()).toHaveLength(1);
    expect(office.channel.notices()[0]).toMatch(/BambooHR says that Dana.*nothing was started.*last Okta super admin/);
    expect(await office.runs()).toHaveLength(0);
  });

  it('is found by the poll where no webhook comes, and goes on while BambooHR does not answer', async () => {
    await app.poll('bamboohr');
    changes('dana', { status: 'Inactive', endsOn: dayIn(0) });
    office.bamboohr?.faults.add({ operation: 'bamboohr.getEmployee', times: 1, status: 503 } as never);

    await app.poll('bamboohr');

    await office.until(async () => (await newest())?.status === 'scheduled');
    expect(await office.runs()).toHaveLength(1);
  });
});

describe('a last day that lies ahead', () => {
  it('schedules the run by the person’s own clock, follows HR’s date, and is taken back with it', async () => {
    changes('dana', { status: 'Active', endsOn: dayIn(14) });
    expect(await knocks('dana')).toBe('scheduled');
    const first = await newest();
    const zone = person('dana').timezone;
    await office.until(() => office.channel.root().includes(zone));
    expect(office.channel.root()).toContain(`18:00 on ${dayIn(14)}`);

    changes('dana', { endsOn: dayIn(20) });
    expect(await knocks('dana')).toBe('rescheduled');
    await office.until(() => office.channel.root().includes(`18:00 on ${dayIn(20)}`));
    expect((await newest())?.id).toBe(first?.id);

    changes('dana', { endsOn: null });
    expect(await knocks('dana')).toBe('withdrawn');
    await office.until(() => office.channel.root().includes('Cancelled by BambooHR'));
    expect(office.channel.root()).toContain('Nothing was done');
    expect(office.accounts.writes()).toEqual([]);
    // The same end, entered anew later, counts anew.
    office.pass(MINUTE);
    changes('dana', { endsOn: dayIn(20) });
    expect(await knocks('dana')).toBe('scheduled');
  });

  it('keeps its moment when HR ends the record as the last day begins', async () => {
    changes('dana', { endsOn: dayIn(0) });
    changes('dana', { status: 'Active' });
    const was = await knocks('dana');
    changes('dana', { status: 'Inactive' });

    expect(await knocks('dana')).toBe('as_scheduled');

    expect(was).toBe('scheduled');
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
  });
});

describe('Okta says that somebody was deactivated', () => {
  it('answers the challenge, and does the rest at once for somebody deactivated by hand', async () => {
    const { verified } = (await office.okta.command('set_event_hook', {
      url: `${app.url}/webhooks/okta`,
      secret: HOOK_SECRET,
    })) as { verified: boolean };
    expect(verified).toBe(true);

    office.okta.command('set_user', { user: 'dana', patch: { status: 'DEPROVISIONED' } });

    const steps = await office.until(async () => (await newest())?.status === 'closed').then(() => office.steps());
    expect(await newest()).toMatchObject({ requested_by: 'okta' });
    expect(steps['okta.deactivate']?.status).toBe('done');
    expect(steps['okta.snapshot']?.after).toMatchObject({
      status: 'DEPROVISIONED',
      groups: expect.arrayContaining(['Engineering']),
    });
    // The poll sees the same event, and our own.
    await app.poll('okta');
    await app.poll('okta');
    expect(await office.runs()).toHaveLength(1);
  });

  it('does not take our own deactivation for somebody else’s', async () => {
    await office.okta.command('set_event_hook', { url: `${app.url}/webhooks/okta`, secret: HOOK_SECRET });

    await office.offboard(office.lin, 'dana@acme.test');
    await office.closed();

    await office.until(async () =>
      ['our_own', 'done_before'].includes((await outcome('okta', person('dana').okta.id)) ?? ''),
    );
    expect(await office.runs()).toHaveLength(1);
  });

  it('finds by its poll what no hook told, from where it stood', async () => {
    await app.poll('okta');
    office.okta.command('set_user', { user: 'dana', patch: { status: 'DEPROVISIONED' } });

    await app.poll('okta');

    await office.until(async () => (await newest())?.status === 'closed');
    expect(await newest()).toMatchObject({ requested_by: 'okta' });
  });

  it('reads Okta again: an event about somebody who is not deactivated starts nothing', async () => {
    expect(await post(app, 'okta', fromOkta([person('dana').okta.id]))).toBe(200);

    await office.until(() => outcome('okta', person('dana').okta.id));
    expect(await outcome('okta', person('dana').okta.id)).toBe('not_deactivated');
    expect(await office.runs()).toHaveLength(0);
  });
});

describe('doors without a secret', () => {
  it('are not there', async () => {
    const other = await office.start({ BAMBOOHR_WEBHOOK_KEY: undefined, OKTA_EVENT_HOOK_SECRET: undefined });

    expect(await post(other, 'bamboohr', fromBambooHr(['40'], { key: WEBHOOK_KEY }))).toBe(404);
    expect(await post(other, 'okta', fromOkta(['x']))).toBe(404);
  });
});
