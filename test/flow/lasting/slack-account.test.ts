// The leaver's own Slack account: Okta closes it; where it does not, somebody is asked, and it is looked at again.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { buttonValue } from '../../support/office-people.ts';
import { wordsOf } from '../../support/words.ts';

const HOUR_MS = 60 * 60_000;

let office: Office;

beforeAll(async () => {
  office = await anOffice();
  await office.start();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

const account = async () => (await office.steps())['slack.account'];
const writesToSlackPeople = () =>
  office.slack.journal.calls.filter((call) => /^slack\.(admin|users)\./.test(call.operation) && call.write);
/** Until the step has looked at the moment it was due. */
async function pass(ms: number): Promise<void> {
  office.pass(ms);
  await office.until(async () => {
    const [row] = await office.db.query<{ due: Date | null; status: string }>(
      `SELECT due_at AS due, status::text FROM step_run WHERE step = 'slack.account'`,
      [],
    );
    return row?.status === 'waiting'
      ? (row.due?.getTime() ?? 0) > office.clock.now().getTime()
      : row?.status !== 'ready' && row?.status !== 'running';
  });
}
/** Until the question stands in the thread, drawn for this attempt. */
async function asked(): Promise<void> {
  const { attempt } = (await account()) as { attempt: number };
  await office.until(() => {
    const reply = question();
    return reply && JSON.parse(buttonValue(reply, 'step_approve')).attempt === attempt;
  });
}
const question = () => office.channel.replies().find((one) => wordsOf(one.blocks).includes('Manage members'));

describe('the leaver’s own Slack account', () => {
  it('is read back as deactivated where Okta’s provisioning did it', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    const steps = await office.closed();

    expect(steps['slack.account']).toMatchObject({
      status: 'done',
      evidence: 'read_back',
      after: { account: 'deactivated' },
    });
    expect(office.slack.workspace.users.get('U0DANA')?.deleted).toBe(true);
  });

  it('is waited for, then asked about with where to click; a yes that is not so is asked again', async () => {
    office.okta.command('provision_slack', { deactivates: false });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(async () => (await account())?.status === 'waiting');
    await pass(3 * HOUR_MS);
    expect((await account())?.status).toBe('waiting');
    expect((await office.runs())[0]?.status).toBe('open');

    await pass(HOUR_MS);
    expect(await account()).toMatchObject({ status: 'needs_human', after: { account: 'active' } });
    await office.until(question);
    expect(wordsOf(question()?.blocks ?? [])).toContain('Deactivate account');

    await asked();
    const { attempt = 0 } = (await account()) ?? {};
    await office.sam.clicks('step_approve');
    await office.until(
      async () => (await account())?.attempt === attempt + 1 && (await account())?.status === 'needs_human',
    );
    await office.until(() => wordsOf(question()?.blocks ?? []).includes('Slack still shows it as active'));

    await office.slack.command('person', { user: 'U0DANA', deleted: true });
    await asked();
    await office.sam.clicks('step_approve');
    const steps = await office.closed();
    expect(steps['slack.account']).toMatchObject({
      status: 'done',
      evidence: 'read_back',
      after: { account: 'deactivated' },
    });
    expect(writesToSlackPeople()).toEqual([]);
  });

  it('is left where an operator says so, and the run says that it was', async () => {
    office.okta.command('provision_slack', { deactivates: false });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(async () => (await account())?.status === 'waiting');
    await pass(4 * HOUR_MS);
    await office.until(question);
    await office.lin.clicks('step_decline');

    expect((await office.closed())['slack.account']).toMatchObject({ status: 'skipped', cause: 'left_in_slack' });
    await office.until(() =>
      office.channel.replies().some((one) => wordsOf(one.blocks).includes('decided to leave the Slack account active')),
    );
  });

  it('does not apply to who is not in Slack', async () => {
    await office.slack.command('person', { user: 'U0DANA', deleted: true });
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toContain('Slack has no active account with this address');
    await office.lin.submits();

    expect((await office.closed())['slack.account']).toMatchObject({ status: 'skipped', cause: 'not_in_slack' });
  });
});
