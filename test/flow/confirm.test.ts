// The confirmation under fire: tampered, foreign, doubled, raced. One run at most, and everybody is told how it stands.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

async function submitWith(metadata: string): Promise<void> {
  const view = office.lin.view();
  if (!view) throw new Error('no plan is open');
  view.content = { ...view.content, private_metadata: metadata };
  await office.lin.submits();
}

describe('private_metadata', () => {
  it.each([
    ['garbage', 'x'],
    ['nothing', ''],
    ['another shape', '{"plan":1}'],
    ['a plan that never was', JSON.stringify({ plan: '00000000-0000-4000-8000-000000000000' })],
  ])('of %s starts nothing, and says so', async (_, metadata) => {
    await office.plan(office.lin, 'danna@acme.test');
    await submitWith(metadata);
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toMatch(
      /Something went wrong in Sendoff\.\n\*Nothing was changed\.\*\nTry again\.[\s\S]*Reference `req-/,
    );
    expect(await office.runs()).toEqual([]);
  });

  it('that names another operator’s plan starts nothing', async () => {
    await office.plan(office.sam, 'dana@acme.test');
    const foreign = String(office.sam.view()?.content.private_metadata);
    await office.plan(office.lin, 'danna@acme.test');

    await submitWith(foreign);
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(await office.runs()).toEqual([]);
  });

  it('that names a confirmation instead of a command starts nothing', async () => {
    await office.offboard(office.lin, 'danna@acme.test');
    await office.closed();
    const [confirm] = await office.db.query<{ id: string }>(
      `SELECT id FROM inbound_delivery WHERE kind = 'confirm'`,
      [],
    );
    await office.plan(office.lin, 'ada@acme.test');

    await submitWith(JSON.stringify({ plan: confirm?.id }));
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(await office.runs()).toHaveLength(1);
  });
});

/** Both have the plan. Sam has confirmed it: his look has read the account, and waits for a safeguard's answer. */
async function samIsLooking(): Promise<{ confirming: Promise<unknown> }> {
  await office.plan(office.lin, 'danna@acme.test');
  await office.plan(office.sam, 'danna@acme.test');
  office.okta.faults.add({ kind: 'hold_before', operation: 'okta.listApiTokens', times: 1 });
  const confirming = office.sam.submits();
  await office.until(() => office.okta.faults.held().length === 1);
  return { confirming };
}

describe('confirming', () => {
  it('twice in one moment is one run', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    const view = office.lin.view();
    const [first] = [office.lin.submits()];
    await Promise.all([first, office.lin.submits().catch(() => null)]);
    await office.until(() => office.lin.screen().includes('has started'));

    expect(await office.runs()).toHaveLength(1);
    expect(view?.shown.at(-1)).toBeDefined();
    expect(office.lin.screen()).toContain('*Offboarding Danna Whitfield has started*');
  });

  it('by two operators at once is one run, and the slower one is told whose it is', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.suspendUser' });
    await office.plan(office.lin, 'danna@acme.test');
    await office.plan(office.sam, 'danna@acme.test');

    await Promise.all([office.lin.submits(), office.sam.submits()]);
    const screens = (): string[] => [office.lin.screen(), office.sam.screen()];
    await office.until(() => screens().every((screen) => /has started|Not started/.test(screen)));

    const [run, ...more] = await office.runs();
    expect(more).toEqual([]);
    const winner = run?.requested_by.split('/')[1];
    const loser = winner === 'U0LIN' ? office.sam : office.lin;
    expect(screens().filter((screen) => screen.includes('has started'))).toHaveLength(1);
    expect(loser.screen()).toMatch(
      new RegExp(
        `<@${winner}> is already offboarding \\*Danna Whitfield\\*.*${run?.code}.*\\n\\*Nothing was changed\\.\\*`,
      ),
    );
  });

  it('by two operators, one of whom has done it while the other’s look goes on, is one run', async () => {
    const { confirming } = await samIsLooking();

    await office.lin.submits();
    await office.closed();
    office.okta.faults.release();
    await confirming;

    await office.until(() => !office.sam.screen().includes('Checking once more'));
    expect(office.sam.screen()).toContain('The plan changed since you saw it. Nothing was changed.');
    expect(office.sam.screen()).toContain('The account was active, now it is deactivated.');
    expect(await office.runs()).toHaveLength(1);
  });

  it('by two operators, one of whose runs was called off before it began, starts the other’s', async () => {
    const { confirming } = await samIsLooking();

    const inThreeDays = new Date(office.clock.now().getTime() + 3 * 24 * 3_600_000).toISOString().slice(0, 10);
    await office.lin.submits({ start_day: inThreeDays, start_time: '18:00' });
    await office.until(() => office.channel.root().includes('is scheduled'));
    await office.lin.clicks('run_cancel');
    await office.until(async () => (await office.runs())[0]?.status === 'cancelled');
    office.okta.faults.release();
    await confirming;

    await office.until(async () => (await office.runs()).some((run) => run.status === 'closed'));
    expect((await office.runs()).map((run) => [run.requested_by, run.status])).toEqual(
      expect.arrayContaining([
        ['T0ACME/U0LIN', 'cancelled'],
        ['T0ACME/U0SAM', 'closed'],
      ]),
    );
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
  });

  it('somebody who is being offboarded already is answered at the command, with the way to the thread', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.suspendUser' });
    await office.offboard(office.lin, 'danna@acme.test');
    await office.until(() => office.channel.roots().length === 1);

    await office.sam.types('/offboard danna@acme.test');
    await office.until(() => office.sam.screen().includes('Not started'));

    expect(office.sam.screen()).toContain('<@U0LIN> is already offboarding *Danna Whitfield*');
    expect(JSON.stringify(office.sam.view()?.content)).toContain('"url":"https://acme.slack.com/archives/C0ITOPS/p');
  });

  it('and closing the window starts it all the same, and says so privately', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.listAssignedRolesForUser' });
    await office.lin.submits();
    await office.until(() => office.okta.faults.held().length > 0);
    await office.lin.closes();
    office.okta.faults.release();
    await office.closed();

    await office.until(() =>
      office.lin.told().some((words) => words.includes('*Offboarding Danna Whitfield has started*')),
    );
  });

  it('is kept when the window could not be opened in time: the operator hears that nothing was changed', async () => {
    office.slack.faults.add({ kind: 'status', status: 503, operation: 'slack.views.open' });
    await office.lin.types('/offboard danna@acme.test');
    await office.until(() => office.lin.told().length > 0);

    expect(office.lin.told()[0]).toMatch(
      /I could not show you the plan for `danna@acme.test` in time\. \*This command started no offboarding\.\*/,
    );
  });
});
