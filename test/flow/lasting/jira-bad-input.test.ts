// What is wrong at Jira: each time somebody reads a sentence to act on, the run ends all the same, and no second ticket is made.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { type Tickets, ticketsIn } from '../../support/tickets.ts';

const DANA = 'dana@acme.test';
const CREATE = 'jira.createIssue';
const DEACTIVATE = 'okta.deactivateUser';

let office: Office;
let site: Tickets;

beforeAll(async () => {
  office = await anOffice({ jira: true });
  site = ticketsIn(office);
}, 30_000);
afterEach(() => office.clear());
afterAll(() => office.close());

const ticketStep = async () => (await office.steps())['jira.ticket'];
const thread = (): string => office.channel.thread().join('\n');
const warnings = (): number => office.log.filter((line) => Number(line.level) >= 40).length;

/** The ticket is there, and the run waits for its last step. */
async function withTicket(): Promise<string> {
  office.okta.faults.add({ kind: 'hold_before', operation: DEACTIVATE, times: 1 });
  await office.offboard(office.lin, DANA);
  await office.until(() => site.said().includes('Sign-in blocked'), 15_000);
  return site.all()[0]?.key ?? '';
}

async function goOn(): Promise<void> {
  office.okta.faults.clear();
  await office.closed(15_000);
}

describe('a ticket that cannot be made', { timeout: 60_000 }, () => {
  it.each([
    [
      'as the project is missing',
      'take_away',
      { projects: ['ITOPS'] },
      ['What Jira said: the project cannot be seen', 'the project of JIRA_PROJECT is there'],
    ],
    [
      'as the issue type is missing',
      'take_away',
      { types: ['Task'] },
      ['What Jira said: issuetype: Specify a valid issue type', 'has the issue type of JIRA_ISSUE_TYPE'],
    ],
    [
      'as a field is required that Sendoff does not fill',
      'require_fields',
      { fields: { customfield_10050: 'Cost centre' } },
      ['Cost centre is required', 'needs no field beyond summary, description and labels'],
    ],
  ])(
    '%s is told, and the run ends without it; Retry makes it once that is put right',
    async (_, act, argument, told) => {
      site.jira.command(act, argument);
      await office.offboard(office.lin, DANA);
      await office.closed(15_000);

      expect(await ticketStep()).toMatchObject({ status: 'needs_human', need: { sent: 'nothing' } });
      for (const words of told) await office.until(() => thread().includes(words), 10_000);
      await office.until(() => thread().includes('*Still open*'), 10_000);
      expect(thread()).toMatch(/\*Still open\*\n:x: {2}\*Jira ticket not opened\*/);
      expect(office.channel.root()).toContain('is closed, but not everything is done');
      expect(site.all()).toEqual([]);
      expect(site.asked(CREATE)).toBeLessThanOrEqual(1);

      site.jira.command('take_away', {});
      site.jira.command('require_fields', { fields: {} });
      await office.sam.clicks('step_retry');
      await office.until(() => site.all()[0]?.status === 'Done', 20_000);
      await office.until(site.isDrawn, 15_000);
      expect(site.all()).toHaveLength(1);
      for (const words of [
        'was started',
        'Failed: Jira ticket not opened',
        'Retried',
        'Done: Okta account deactivated',
      ])
        expect(site.said()).toContain(words);
      await office.until(() => office.channel.root().includes('is offboarded'), 15_000);
      expect(thread()).toContain('*Still open*\nNothing.');
      expect(
        await office.db.query<{ first_bad: unknown }>('SELECT * FROM audit_verify() WHERE first_bad IS NOT NULL', []),
      ).toEqual([]);
    },
  );

  it('stands under "Needs you" though its run is closed, until somebody skips it', async () => {
    site.jira.command('take_away', { projects: ['ITOPS'] });
    await office.offboard(office.lin, DANA);
    await office.closed(15_000);
    await office.lin.types('/offboard status');

    expect(office.lin.told().at(-1)).toContain('*0 running · 1 needs you*');
    await office.until(() => thread().includes('Skip…'), 10_000);
    await office.sam.clicks('step_skip_open');
    await office.until(() => office.sam.screen().includes('Skip'), 10_000);
    await office.sam.submits({ note: 'Jira is being moved' });
    await office.until(async () => (await ticketStep())?.status === 'skipped', 10_000);
    await office.lin.types('/offboard status');

    expect(office.lin.told().at(-1)).toContain('Nothing is running, and nothing needs you');
    await office.until(() => thread().includes('Jira is being moved'), 10_000);
  });

  it('perhaps was, when the token is revoked: nothing is found then, and that makes no second one', async () => {
    site.jira.faults.add({ kind: 'drop_after', operation: CREATE, times: 1 });
    await office.offboard(office.lin, DANA);
    await office.until(() => site.all().length === 1, 10_000);
    site.jira.command('revoke_token');
    await office.until(async () => {
      office.pass(500);
      return (await ticketStep())?.status === 'needs_human';
    });
    await office.closed(15_000);
    await office.until(() => thread().includes('JIRA_API_TOKEN is still valid'), 10_000);

    site.jira.command('restore_token');
    await office.sam.clicks('step_retry');
    await office.until(() => {
      office.pass(1_000);
      return site.all()[0]?.status === 'Done';
    }, 20_000);
    expect(site.all()).toHaveLength(1);
    expect(site.asked(CREATE)).toBe(1);
  });
});

describe('a ticket', { timeout: 60_000 }, () => {
  it('deleted by hand is told on the run’s message, once, and no other is made', async () => {
    const key = await withTicket();
    site.jira.command('delete_issue', { issue: key });
    await goOn();

    await office.until(() => office.channel.root().includes(`Its Jira ticket ${key} is gone`), 15_000);
    await office.until(site.isDrawn, 15_000);
    expect(office.lin.told().filter((one) => one.includes('is gone'))).toHaveLength(1);
    expect(site.all()).toEqual([]);
    expect(site.asked(CREATE)).toBe(1);
  });

  it('closed by hand is not opened again; its comments go on', async () => {
    const key = await withTicket();
    site.jira.command('edit_issue', { issue: key, patch: { status: 'Done' } });
    await goOn();
    await office.until(() => site.said().includes('has ended'), 15_000);
    await office.until(site.isDrawn, 15_000);

    expect(site.said()).toContain('Done: Okta account deactivated');
    expect(site.asked('jira.doTransition')).toBe(0);
    expect(site.all()[0]?.status).toBe('Done');
    expect(office.channel.root()).not.toContain('could not be closed');
  });

  it('closed by hand in another done status than the configured one is left as it is', async () => {
    const other = await anOffice({ jira: true, settings: { JIRA_DONE_STATUS: 'Released' } });
    try {
      const theirs = ticketsIn(other);
      other.okta.faults.add({ kind: 'hold_before', operation: DEACTIVATE, times: 1 });
      await other.offboard(other.lin, DANA);
      await other.until(() => theirs.said().includes('Sign-in blocked'), 15_000);
      theirs.jira.command('edit_issue', { issue: theirs.all()[0]?.key, patch: { status: 'Done' } });
      other.okta.faults.clear();
      await other.closed(15_000);
      await other.until(() => theirs.said().includes('has ended'), 15_000);
      await other.until(theirs.isDrawn, 15_000);

      expect(theirs.asked('jira.doTransition')).toBe(0);
      expect(other.channel.root()).not.toContain('could not be closed');
    } finally {
      await other.close();
    }
  });

  it('that no transition leads to a done status is left open, told on the run’s message, and not tried again for ever', async () => {
    site.jira.command('take_away', { transitions: ['31'] });
    const key = await withTicket();
    await goOn();

    await office.until(() => office.channel.root().includes(`${key} could not be closed`), 15_000);
    expect(office.channel.root()).toContain('Close it by hand');
    await office.until(site.isDrawn, 15_000);
    expect(site.all()[0]?.status).toBe('In Progress');
    expect(office.lin.told().filter((one) => one.includes('could not be closed'))).toHaveLength(1);
  });

  it('whose token is refused on the way is told on the run’s message, not in a flood of lines, and it catches up', async () => {
    const key = await withTicket();
    site.jira.command('revoke_token');
    await goOn();
    await office.until(() => office.channel.root().includes(`so ${key} is not up to date`), 15_000);
    expect(warnings()).toBeLessThan(10);

    site.jira.command('restore_token');
    await office.db.query("UPDATE report SET retry_at = now() WHERE audience = 'jira'", []);
    office.pass(0);
    await office.until(() => site.all()[0]?.status === 'Done', 20_000);
    await office.until(() => !office.channel.root().includes('not up to date'), 15_000);
    expect(site.said()).toContain('Done: Okta account deactivated');
  });
});
