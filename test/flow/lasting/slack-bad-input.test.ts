// What people do to the channel and its messages: work goes on, operators read it on their Home, nothing is lost or posted for ever.
import { expect, it } from 'vitest';
import { doctorChecks } from '../../../src/app/doctor.ts';
import type { Office } from '../../support/office.ts';
import { IT_CHANNEL } from '../../support/office.ts';
import { announcedPlan, drawn, expectWholeThread, inAnOffice, POST, posts } from '../../support/slack-trouble.ts';
import { wordsOf } from '../../support/words.ts';

const home = (office: Office, user: string): string =>
  wordsOf(office.slack.workspace.views.get(office.slack.workspace.homes.get(user) ?? '')?.content.blocks);

/** Until the last step is let go. */
async function halfWay(office: Office): Promise<void> {
  office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser', times: 1 });
  await announcedPlan(office, 'danna@acme.test');
  await office.lin.submits();
  await office.until(() => office.channel.replies().length > 0, 15_000);
  await drawn(office);
}

async function atOnce(office: Office): Promise<void> {
  await office.db.query('UPDATE report SET retry_at = now()', []);
  office.pass(0);
  await drawn(office);
}

it.concurrent.each([
  ['is archived', { archived: true }, { archived: false }, 'It is archived. Unarchive it in Slack.'],
  ['has lost the bot', { remove: 'U0BOT' }, { add: 'U0BOT' }, 'Invite it there: /invite @sendoff'],
])(
  'a channel that %s holds nothing up: the Home says what to do, and the thread is whole once it is back',
  async (_, spoil, mend, told) =>
    inAnOffice(async (office) => {
      await office.slack.home({ user: 'U0LIN' });
      await halfWay(office);
      await office.slack.command('channel', { channel: IT_CHANNEL, ...spoil });
      office.okta.faults.release();
      await office.closed(15_000);
      await office.until(() => home(office, 'U0LIN').includes(told), 20_000);
      expect(home(office, 'U0LIN')).toContain(`:warning:  *<#${IT_CHANNEL}> cannot be written to.*`);
      expect(home(office, 'U0LIN')).toContain('Offboardings go on meanwhile');
      expect(office.log.filter((line) => String(line.msg).includes('could not be drawn')).length).toBeLessThan(8);

      const doctor = doctorChecks(office.settings()).find((one) => one.name === 'Slack');
      const named = (await doctor?.run())?.find((one) => one.level === 'problem' && one.says.includes(IT_CHANNEL));
      expect(named?.fix).toMatch(/Unarchive it|\/invite @sendoff/);

      await office.slack.command('channel', { channel: IT_CHANNEL, ...mend });
      await atOnce(office);
      expectWholeThread(office);
      await office.until(() => !home(office, 'U0LIN').includes('cannot be written to'), 20_000);
    })(),
  60_000,
);

it.concurrent(
  'a root deleted by hand is posted again once; what was said stays, what comes next stands below the new one',
  inAnOffice(async (office) => {
    await halfWay(office);
    const [old] = office.channel.roots();
    const before = office.channel.replies().length;
    await office.slack.command('delete_message', { ts: old?.ts });
    office.okta.faults.release();
    await office.closed(15_000);
    await drawn(office);

    expectWholeThread(office);
    const [root] = office.channel.roots();
    expect(root?.ts).not.toBe(old?.ts);
    expect(office.channel.replies().filter((one) => one.threadTs === old?.ts)).toHaveLength(before);
    expect(office.channel.replies().at(-1)?.threadTs).toBe(root?.ts);
  }),
  60_000,
);

it.concurrent(
  'a root deleted while a step needs somebody takes its buttons below the new one',
  inAnOffice(async (office) => {
    office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser', times: 1 });
    await announcedPlan(office, 'danna@acme.test');
    await office.lin.submits();
    await office.until(() => office.channel.thread().some((one) => one.includes('Skip…')), 15_000);
    await drawn(office);
    const [old] = office.channel.roots();
    await office.slack.command('delete_message', { ts: old?.ts });
    office.pass(121_000);
    await office.until(() => office.channel.roots()[0]?.ts !== undefined, 15_000);
    await drawn(office);

    const [root] = office.channel.roots();
    const below = office.channel.replies().filter((one) => one.threadTs === root?.ts);
    expect(below.map((one) => wordsOf(one.blocks)).join()).toContain('Skip…');
    await office.sam.clicks('step_retry');
    await office.closed(15_000);
    await drawn(office);
    expect(office.channel.roots()).toHaveLength(1);
  }),
  60_000,
);

it.concurrent(
  'a root deleted right before a reply is looked at again and posted again, once',
  inAnOffice(async (office) => {
    await halfWay(office);
    const [old] = office.channel.roots();
    office.slack.faults.add({ kind: 'hold_before', operation: POST, times: 1 });
    office.okta.faults.release();
    await office.closed(15_000);
    await office.until(() => office.slack.faults.held().length === 1, 15_000);
    await office.slack.command('delete_message', { ts: old?.ts });
    office.slack.faults.release();
    await drawn(office);

    expectWholeThread(office);
    expect(posts(office).filter((call) => call.applied).length).toBeLessThan(12);
  }),
  60_000,
);

it.concurrent(
  'a reply deleted by hand is posted again once when its step moves on, and else left deleted',
  inAnOffice(async (office) => {
    office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser', times: 1 });
    await announcedPlan(office, 'danna@acme.test');
    await office.lin.submits();
    await office.until(() => office.channel.thread().some((one) => one.includes('Skip…')), 15_000);
    await drawn(office);
    for (const one of office.channel.replies()) await office.slack.command('delete_message', { ts: one.ts });
    await drawn(office);
    expect(office.channel.replies()).toEqual([]);

    await office.sam.clicks('step_retry');
    await office.closed(15_000);
    await drawn(office);
    expect(office.channel.thread().filter((one) => one.includes('Sign-in blocked'))).toHaveLength(2); // its own, and the report's row
    expect(office.channel.thread().filter((one) => one.includes('Okta access recorded for'))).toEqual([]);
  }),
  60_000,
);
