// Slack is away, slow or forgetful: the offboarding goes on, the thread catches up, and nothing stands there twice.
import { expect, it } from 'vitest';
import { announcedPlan, drawn, expectWholeThread, inAnOffice, POST, posts } from '../support/slack-trouble.ts';

it.concurrent(
  'away from the confirmation on holds nothing up, and the thread catches up with at most three posts',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'ada@acme.test');
    office.slack.faults.add({ kind: 'status', status: 503, operation: POST, times: 1_000 });
    await office.lin.submits();
    await office.until(async () => (await office.runs()).length === 1);
    office.slack.faults.add({ kind: 'status', status: 503, operation: '*', times: 1_000 });
    // Only what has to be read from Slack itself waits for it.
    const isLeft = ([name, step]: [string, { status: string }]): boolean =>
      name !== 'slack.account' && step.status !== 'done';
    await office.until(async () => Object.entries(await office.steps()).filter(isLeft).length === 0);
    await office.until(async () => {
      office.pass(1_000);
      return (await office.steps())['slack.account']?.cause === 'keeps_trying';
    });
    const shown = office.channel.roots().length;
    // Two hours later, as the database sees it.
    await office.db.query(`UPDATE report SET wanted_at = now() - interval '2 hours', retry_at = now()`, []);
    await office.db.query(`UPDATE delivery SET intended_at = now() - interval '2 hours' WHERE ts IS NULL`, []);
    office.slack.faults.clear();
    const before = posts(office).filter((call) => call.applied).length;
    office.pass(3_600_000);
    await office.closed();
    await drawn(office);

    expect(shown).toBe(0);
    expect(posts(office).filter((call) => call.applied).length - before).toBeLessThanOrEqual(3);
    expect(office.channel.root()).toContain('Ada Byrne is offboarded');
    expect(office.channel.thread().join()).toContain(
      'While Slack could not be reached, 6 steps of Ada Byrne’s run ended',
    );
  }),
);

it.concurrent(
  'whose answer to the root is lost gets no second root',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'danna@acme.test');
    office.slack.faults.add({ kind: 'drop_after', operation: POST });
    await office.lin.submits();
    await office.closed();
    await drawn(office);

    expectWholeThread(office);
  }),
);

it.concurrent(
  'whose answer to a reply is lost gets no second reply',
  inAnOffice(async (office) => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.suspendUser' });
    await announcedPlan(office, 'danna@acme.test');
    await office.lin.submits();
    await office.until(() => office.channel.roots().length === 1, 10_000);
    office.slack.faults.add({ kind: 'drop_after', operation: POST, skip: 1 });
    office.okta.faults.release();
    await office.closed();
    await drawn(office);

    expectWholeThread(office);
  }),
);

it.concurrent(
  'whose history may not be read gets nothing twice: it waits, says so to who started it, and goes on once it may',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'danna@acme.test');
    await office.slack.command('scopes', { without: ['groups:history'] });
    office.slack.faults.add({ kind: 'drop_after', operation: POST });
    await office.lin.submits();
    await office.closed();
    await office.until(() => office.lin.told().length > 0, 10_000);
    const told = office.lin.told();
    const shown = office.channel.messages().length;
    await office.slack.command('scopes', {});
    await office.db.query('UPDATE report SET retry_at = now()', []);
    office.pass(0);
    await drawn(office);

    expect(told[0]).toMatch(
      /^OFF-\d+ goes on, but I cannot tell whether its message reached this channel: Slack answered missing_scope/,
    );
    expect(told).toHaveLength(1);
    expect(shown).toBe(2);
    expectWholeThread(office);
  }),
);
