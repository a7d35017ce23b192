// Messages far up in a channel are kept packed: every reader of the simulated Slack still gets what they say, and an edit still lands.
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fromLine, toLine } from '../../sandbox/page/json-text.ts';
import { prune } from '../../sandbox/page/prune.ts';
import { seenRoots, seenThread } from '../../sandbox/page/seen.ts';
import { OldMessage, packed } from '../../sandbox/vendors/slack/old-message.ts';
import { type SlackSimulator, startSlackSimulator } from '../../sandbox/vendors/slack/server.ts';
import type { Channel } from '../../sandbox/vendors/slack/workspace.ts';

const CHANNEL = 'C0ITOPS';
/** More than are kept whole. */
const MANY = 450;
const MARKED = { event_type: 'sendoff_message', event_payload: { marker: 'a-run' } };

let slack: SlackSimulator;
let web: WebClient;
beforeEach(async () => {
  slack = await startSlackSimulator();
  web = new WebClient(slack.workspace.token, { slackApiUrl: `${slack.url}/api/`, retryConfig: { retries: 0 } });
});
afterEach(() => slack.close());

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const packedIn = (simulator: SlackSimulator) =>
  channelIn(simulator).messages.filter((one) => one instanceof OldMessage);
const channelIn = (simulator: SlackSimulator): Channel => simulator.workspace.channels.get(CHANNEL) as Channel;

/** A thread whose root was edited, and so many messages after it that it is old. Answers with the root's ts. */
async function postMany(): Promise<string> {
  const said = { channel: CHANNEL, text: 'First', blocks: [section('Offboarding ✅')], metadata: MARKED };
  const ts = String((await web.chat.postMessage(said)).ts);
  await web.chat.postMessage({ channel: CHANNEL, thread_ts: ts, text: 'A reply', unfurl_links: false });
  await web.chat.update({ channel: CHANNEL, ts, text: 'Edited', blocks: [section('Done ✅')] });
  await sayMany();
  return ts;
}

async function sayMany(threadTs?: string): Promise<void> {
  for (let more = 0; more < MANY; more += 1)
    await slack.command('say', { user: 'U0LIN', channel: CHANNEL, text: `${more}`, threadTs });
}

/** All that people and the app can read, but for what is forgotten: first words and those in between. */
async function readAll(simulator: SlackSimulator, ts: string): Promise<unknown> {
  const { channels } = simulator.state() as { channels: { id: string; messages: Record<string, unknown>[] }[] };
  const here = channels.find(({ id }) => id === CHANNEL)?.messages ?? [];
  const api = new WebClient(simulator.workspace.token, { slackApiUrl: `${simulator.url}/api/` });
  const asked = { channel: CHANNEL, include_all_metadata: true, limit: 999 };
  return [
    here.map(({ original: _, edits, ...rest }) => ({ ...rest, edited: (edits as unknown[]).length > 0 })),
    (await api.conversations.history(asked)).messages,
    (await api.conversations.replies({ ...asked, ts })).messages,
    seenRoots(channelIn(simulator)),
    seenThread(channelIn(simulator), ts),
  ];
}

it('reads the same, before and after it is written down', async () => {
  const ts = await postMany();
  const before = await readAll(slack, ts);

  prune(slack.workspace);
  expect(packedIn(slack)).toHaveLength(100);
  expect(await readAll(slack, ts)).toEqual(before);

  const again = await startSlackSimulator();
  try {
    again.memory.give(slack.memory.take().map((piece) => fromLine(toLine(piece))));
    expect(channelIn(again).messages[0]).toBeInstanceOf(OldMessage);
    expect(await readAll(again, ts)).toEqual(before);
  } finally {
    await again.close();
  }
});

it('takes an edit, says that it was edited, and is packed once more', async () => {
  const ts = await postMany();
  prune(slack.workspace);
  await web.chat.update({ channel: CHANNEL, ts, text: 'At last', blocks: [section('Still closed')] });
  for (const isOldAgain of [false, true]) {
    if (isOldAgain) await sayMany();
    if (isOldAgain) prune(slack.workspace);
    expect(channelIn(slack).messages[0] instanceof OldMessage).toBe(isOldAgain);
    const [root] = seenThread(channelIn(slack), ts);
    expect(root).toMatchObject({ text: 'At last', edited: true, replies: { count: 1 } });
    expect(JSON.stringify(root?.blocks)).toContain('Still closed');
    const { messages } = await web.conversations.history({
      channel: CHANNEL,
      include_all_metadata: true,
      latest: ts,
      inclusive: true,
    });
    expect(messages?.[0]).toMatchObject({ text: 'At last', metadata: MARKED, thread_ts: ts, edited: {} });
  }
});

it('leaves the newest messages whole, the newest roots, and what makes no whole pack', async () => {
  const ts = await postMany();
  await sayMany(ts);
  prune(slack.workspace);
  const { messages } = channelIn(slack);
  const roots = messages.filter((one) => one.threadTs === undefined);

  expect(messages.slice(-300).some((one) => one instanceof OldMessage)).toBe(false);
  expect(roots.slice(-90).some((one) => one instanceof OldMessage)).toBe(false);
  expect(packedIn(slack)).toHaveLength(500);
  prune(slack.workspace);
  expect(packedIn(slack)).toHaveLength(500);
});

it('is a tenth of what it says', () => {
  const text = 'Sessions and OAuth tokens ended. '.repeat(40);
  const said = { user: 'U0BOT', broadcast: false, text, blocks: [section(text)] };
  const some = Array.from({ length: 100 }, (_, at) => ({
    ...{ ...said, ts: `${at}`, text: `${at}: ${text}` },
    original: { text, blocks: [], at },
    edits: [],
  }));
  const [first] = packed(some);
  expect(first?.pack.text.length).toBeLessThan(JSON.stringify(some).length / 10);
});
