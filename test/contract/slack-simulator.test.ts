// The simulated Slack is as strict as the real one: each refusal with its control, seen through the real SDK and a real Bolt app.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSimulator, slackMethods, startSlackSimulator } from '../../sandbox/vendors/slack/server.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SPECS = path.resolve(ROOT, process.env.SENDOFF_VENDOR_SPECS ?? '../shared/specs');
const METHODS = path.join(SPECS, 'slack-methods-ref-2026-08.json');

const CHANNEL = 'C0ITOPS';
let slack: SlackSimulator;

beforeEach(async () => {
  // A manifest with every surface: the simulator knows more than the app asks for today.
  slack = await startSlackSimulator({
    manifestPath: path.resolve(import.meta.dirname, 'every-surface.manifest.json'),
  });
});

afterEach(async () => {
  await slack.close();
});

function client(options: { token?: string; timeout?: number } = {}): WebClient {
  return new WebClient(options.token ?? slack.workspace.token, {
    slackApiUrl: `${slack.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: SILENT,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  });
}

const nothing = (): void => undefined;
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** The Slack error code of a refused call; 'ok' if it was taken. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return (error as { data?: { error: string } }).data?.error ?? String(error);
  }
}

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const retry = { type: 'button' as const, text: plain('Retry'), action_id: 'step_retry', value: '{"attempt":1}' };
const modal = (extra: object = {}) => ({
  type: 'modal' as const,
  title: plain('T'),
  blocks: [section('Hello')],
  ...extra,
});
const reason = {
  type: 'input' as const,
  block_id: 'why',
  label: plain('Why'),
  element: { type: 'plain_text_input' as const, action_id: 'why', min_length: 3 },
};

describe('authorisation', () => {
  it('refuses no token and a wrong token, takes the right one and names its scopes', async () => {
    const unsigned = await fetch(`${slack.url}/api/auth.test`, { method: 'POST' });

    expect(await unsigned.json()).toEqual({ ok: false, error: 'not_authed' });
    expect(await outcome(client({ token: 'xoxb-wrong' }).auth.test())).toBe('invalid_auth');
    const answer = await client().auth.test();
    expect(answer).toMatchObject({ team_id: 'T0ACME', user_id: 'U0BOT' });
    expect(answer.response_metadata?.scopes).toContain('groups:history');
  });

  it('asks for the scope of each method, and for the right kind of conversation', async () => {
    await slack.command('scopes', { without: ['chat:write', 'users:read.email', 'groups:history'] });

    const refused = await client()
      .chat.postMessage({ channel: CHANNEL, text: 'x' })
      .catch((error) => error.data);
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'chat:write' });
    expect(await outcome(client().users.lookupByEmail({ email: 'lin@acme.test' }))).toBe('missing_scope');
    expect(await outcome(client().conversations.history({ channel: CHANNEL }))).toBe('missing_scope');
    expect(await outcome(client().conversations.info({ channel: CHANNEL }))).toBe('ok');
    expect(await outcome(client().conversations.info({ channel: 'C0PUBLIC' }))).toBe('missing_scope');

    await slack.command('scopes', {});
    expect(await outcome(client().chat.postMessage({ channel: CHANNEL, text: 'x' }))).toBe('ok');
  });

  it('answers unknown_method and journals it as slack.unknown', async () => {
    expect(await outcome(client().pins.add({ channel: CHANNEL, timestamp: '1.0' }))).toBe('unknown_method');
    expect(slack.journal.calls.at(-1)).toMatchObject({ operation: 'slack.unknown', applied: false });
  });
});

describe("Slack's own reference (skipped without SENDOFF_VENDOR_SPECS)", () => {
  it.skipIf(!existsSync(METHODS)).each(slackMethods.map((method) => [method.name, method] as const))(
    '%s reads arguments and asks for a scope that the reference names',
    (name, method) => {
      const reference = JSON.parse(readFileSync(METHODS, 'utf8'))[name];

      expect(method.args.filter((arg) => !(arg in reference.args.properties))).toEqual([]);
      expect(reference.scope.bot ?? [null]).toEqual(
        method.scope === null ? expect.anything() : expect.arrayContaining([method.scope]),
      );
    },
  );

  it('notes an argument that Slack would ignore', async () => {
    await client().apiCall('chat.postMessage', { channel: CHANNEL, text: 'x', threadTs: '1.0' });

    expect(slack.journal.calls.at(-1)?.detail).toMatchObject({ ignoredArguments: ['threadTs'] });
  });
});

describe('chat', () => {
  it.each([
    ['no_text', { channel: CHANNEL, text: '' }],
    ['channel_not_found', { channel: 'C0OTHER', text: 'x' }],
    ['channel_not_found', { channel: 'C0NONE', text: 'x' }],
    ['not_in_channel', { channel: 'C0PUBLIC', text: 'x' }],
    ['thread_not_found', { channel: CHANNEL, text: 'x', thread_ts: '1.000001' }],
    ['invalid_metadata_schema', { channel: CHANNEL, text: 'x', metadata: { event_type: 'run', event_payload: 7 } }],
    ['invalid_blocks_format', { channel: CHANNEL, text: 'x', blocks: '{' }],
    [
      'msg_blocks_too_long',
      { channel: CHANNEL, text: 'x', blocks: Array.from({ length: 5 }, () => section('x'.repeat(2900))) },
    ],
    ['ok', { channel: CHANNEL, text: 'x', metadata: { event_type: 'run', event_payload: { id: 1 } } }],
    ['ok', { channel: 'U0DANA', text: 'x' }],
  ])('postMessage answers %s to %j', async (expected, message) => {
    expect(await outcome(client().apiCall('chat.postMessage', message))).toBe(expected);
  });

  it('names the bad block by JSON pointer', async () => {
    const blocks = [section('a'), section('b'), { type: 'section', text: { type: 'mrkdwn', text: 7 } }];
    const refused = await client()
      .apiCall('chat.postMessage', { channel: CHANNEL, text: 'x', blocks })
      .catch((error) => error.data);

    expect(refused.error).toBe('invalid_blocks');
    expect(refused.response_metadata.messages).toEqual([
      '[ERROR] must provide a string [json-pointer:/blocks/2/text/text]',
    ]);
  });

  it('keeps metadata over an update that leaves it out, keeps every edit, and gives metadata only when asked', async () => {
    const metadata = { event_type: 'run', event_payload: { id: 'r1' } };
    const { ts = '' } = await client().chat.postMessage({ channel: CHANNEL, text: 'one', metadata });
    await client().chat.update({ channel: CHANNEL, ts, text: 'two' });
    await client().chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: ts });

    const without = await client().conversations.history({ channel: CHANNEL });
    const replies = await client().conversations.replies({ channel: CHANNEL, ts, include_all_metadata: true });

    expect(without.messages).toMatchObject([{ ts, text: 'two', reply_count: 1 }]);
    expect(without.messages?.[0]).not.toHaveProperty('metadata');
    expect(replies.messages?.map((message) => message.text)).toEqual(['two', 'reply']);
    expect(replies.messages?.[0]).toHaveProperty('metadata', metadata);
    const [message] = slack.workspace.channels.get(CHANNEL)?.messages ?? [];
    expect(message).toMatchObject({ original: { text: 'one' }, edits: [{ text: 'two' }] });
  });

  it('refuses to update what is not there, and an ephemeral for someone outside the channel', async () => {
    expect(await outcome(client().chat.update({ channel: CHANNEL, ts: '1.000001', text: 'x' }))).toBe(
      'message_not_found',
    );
    expect(await outcome(client().chat.postEphemeral({ channel: CHANNEL, user: 'U0ALEX', text: 'x' }))).toBe(
      'user_not_in_channel',
    );
    expect(await outcome(client().chat.postEphemeral({ channel: CHANNEL, user: 'U0LIN', text: 'x' }))).toBe('ok');
  });

  it('shows an ephemeral in the thread of its root, and takes no reply for one', async () => {
    const root = await client().chat.postMessage({ channel: CHANNEL, text: 'root' });
    const reply = await client().chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: root.ts ?? '' });
    const whisper = (ts: string | undefined) =>
      outcome(client().chat.postEphemeral({ channel: CHANNEL, user: 'U0LIN', text: 'x', thread_ts: ts ?? '' }));

    expect(await whisper(root.ts)).toBe('ok');
    expect(slack.workspace.ephemerals.at(-1)?.threadTs).toBe(root.ts);
    expect(await whisper(reply.ts)).toBe('thread_not_found');
  });

  it('pages history by cursor, bounded by oldest', async () => {
    const posted = [];
    for (const text of ['a', 'b', 'c']) posted.push(await client().chat.postMessage({ channel: CHANNEL, text }));

    const first = await client().conversations.history({ channel: CHANNEL, limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await client().conversations.history({ channel: CHANNEL, limit: 2, cursor });
    const newer = await client().conversations.history({ channel: CHANNEL, oldest: posted[1]?.ts ?? '' });

    expect(first.messages?.map((one) => one.text)).toEqual(['c', 'b']);
    expect(second).toMatchObject({ has_more: false, messages: [{ text: 'a' }] });
    expect(newer.messages?.map((one) => one.text)).toEqual(['c']);
    expect(await outcome(client().conversations.history({ channel: CHANNEL, cursor: 'nonsense' }))).toBe(
      'invalid_cursor',
    );
  });

  it('limits to one message a second and channel when told to', async () => {
    await slack.command('rate_limit', { on: true });
    expect(await outcome(client().chat.postMessage({ channel: CHANNEL, text: 'a' }))).toBe('ok');

    await expect(client().chat.postMessage({ channel: CHANNEL, text: 'b' })).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 1,
    });
    await slack.command('rate_limit', { on: false });
    expect(await outcome(client().chat.postMessage({ channel: CHANNEL, text: 'b' }))).toBe('ok');
  });
});

describe('people and conversations', () => {
  it('no longer finds the address of a deactivated person, but still shows the account', async () => {
    expect(await outcome(client().users.lookupByEmail({ email: 'DANA@acme.test' }))).toBe('ok');
    await slack.command('person', { user: 'U0DANA', deleted: true });

    expect(await outcome(client().users.lookupByEmail({ email: 'dana@acme.test' }))).toBe('users_not_found');
    expect((await client().users.info({ user: 'U0DANA' })).user?.deleted).toBe(true);
    expect(await outcome(client().users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect((await client().users.info({ user: 'U0LIN', include_locale: true })).user?.locale).toBe('en-US');
    expect((await client().users.list({ limit: 1 })).response_metadata?.next_cursor).not.toBe('');
  });

  it('shows the IT channel and its members page by page, hides a private one, opens a direct channel', async () => {
    const { channel } = await client().conversations.info({ channel: CHANNEL, include_num_members: true });
    const page = await client().conversations.members({ channel: CHANNEL, limit: 2 });

    expect(channel).toMatchObject({ is_private: true, is_member: true, num_members: 3 });
    expect(page).toMatchObject({
      members: ['U0BOT', 'U0LIN'],
      response_metadata: { next_cursor: expect.stringMatching(/./) },
    });
    expect(await outcome(client().conversations.info({ channel: 'C0OTHER' }))).toBe('channel_not_found');
    expect((await client().conversations.open({ users: 'U0DANA' })).channel?.id).toBe('D0DANA');
    expect(await outcome(client().conversations.open({ users: 'U0DANA,U0LIN' }))).toBe('missing_scope');
  });
});

describe('views', () => {
  async function trigger(ageMs = 0): Promise<string> {
    slack.connect('http://127.0.0.1:1/nowhere');
    await slack.shortcut({ user: 'U0LIN', callbackId: 'offboard_open' });
    const [id, entry] = [...slack.workspace.triggers].at(-1) ?? ['', undefined];
    if (entry) slack.workspace.triggers.set(id, { ...entry, at: entry.at - ageMs });
    return id;
  }

  it('takes a trigger once, within three seconds, and only a real one', async () => {
    const fresh = await trigger();
    const old = await trigger(3100);

    expect(await outcome(client().views.open({ trigger_id: fresh, view: modal() }))).toBe('ok');
    expect(await outcome(client().views.open({ trigger_id: fresh, view: modal() }))).toBe('exchanged_trigger_id');
    expect(await outcome(client().views.open({ trigger_id: old, view: modal() }))).toBe('expired_trigger_id');
    expect(await outcome(client().views.open({ trigger_id: 'made.up', view: modal() }))).toBe('invalid_trigger_id');
    expect(
      await outcome(
        client().views.open({ trigger_id: await trigger(), view: modal({ title: plain('x'.repeat(25)) }) }),
      ),
    ).toBe('invalid_arguments');
  });

  it('updates with the current hash only, and not a view that is gone', async () => {
    const { view } = await client().views.open({
      trigger_id: await trigger(),
      view: modal({ submit: plain('Go'), blocks: [reason] }),
    });
    const [viewId, hash] = [view?.id ?? '', view?.hash ?? ''];

    expect(await outcome(client().views.update({ view_id: viewId, hash, view: modal() }))).toBe('ok');
    expect(await outcome(client().views.update({ view_id: viewId, hash, view: modal() }))).toBe('hash_conflict');
    expect(await outcome(client().views.update({ view_id: viewId, view: modal() }))).toBe('ok');
    await slack.closeView({ user: 'U0LIN', viewId });
    expect(await outcome(client().views.update({ view_id: viewId, view: modal() }))).toBe('not_found');
  });

  it('pushes at most three views and publishes a Home tab', async () => {
    expect(await outcome(client().views.push({ trigger_id: await trigger(), view: modal() }))).toBe('not_found');
    await client().views.open({ trigger_id: await trigger(), view: modal() });
    await client().views.push({ trigger_id: await trigger(), view: modal() });
    await client().views.push({ trigger_id: await trigger(), view: modal() });

    expect(await outcome(client().views.push({ trigger_id: await trigger(), view: modal() }))).toBe(
      'push_limit_reached',
    );
    expect(
      await outcome(client().views.publish({ user_id: 'U0LIN', view: { type: 'home', blocks: [section('x')] } })),
    ).toBe('ok');
    expect(await outcome(client().views.publish({ user_id: 'U0LIN', view: modal() as never }))).toBe(
      'invalid_arguments',
    );
  });

  it('judges blocks without showing them', async () => {
    expect(await outcome(client().blocks.validate({ blocks: [section('x')] }))).toBe('ok');
    expect(await outcome(client().blocks.validate({ blocks: [{ type: 'bogus' }] }))).toBe('invalid_blocks');
    expect(await outcome(client().blocks.validate({ view: modal({ title: undefined }) as never }))).toBe(
      'invalid_view',
    );
    expect(await outcome(client().blocks.validate({}))).toBe('invalid_arguments');
  });
});

describe('faults, as the SDK without retries shows them', () => {
  const post = (timeout?: number): Promise<unknown> =>
    client(timeout === undefined ? {} : { timeout }).chat.postMessage({ channel: CHANNEL, text: 'x' });
  const posted = (): number => slack.workspace.channels.get(CHANNEL)?.messages.length ?? 0;

  it.each([
    ['status', { code: 'slack_webapi_http_error', statusCode: 503 }, 0],
    ['rate_limit', { code: 'slack_webapi_rate_limited_error', retryAfter: 30 }, 0],
    ['reset', { code: 'slack_webapi_request_error', original: { message: 'fetch failed' } }, 0],
    ['drop_after', { code: 'slack_webapi_request_error', original: { message: 'fetch failed' } }, 1],
    // The body is read outside the SDK's own try: this one comes raw, without a code.
    ['truncate', { name: 'TypeError', message: 'terminated' }, 1],
  ] as const)('%s', async (kind, expected, applied) => {
    slack.faults.add({ kind, operation: 'slack.chat.postMessage' });

    await expect(post()).rejects.toMatchObject(expected);

    expect(posted()).toBe(applied);
    expect(slack.journal.calls).toHaveLength(1);
    expect(await outcome(post())).toBe('ok');
  });

  it('a timeout', async () => {
    slack.faults.add({ kind: 'hold_answer', operation: 'slack.chat.postMessage' });

    await expect(post(100)).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
      original: { name: 'TimeoutError' },
    });

    expect(posted()).toBe(1);
  });
});

describe('a real Bolt app', () => {
  let app: App;
  let receiver: HTTPReceiver;

  beforeEach(async () => {
    receiver = new HTTPReceiver({ signingSecret: slack.workspace.signingSecret, logger: SILENT });
    app = new App({
      receiver,
      authorize: async () => ({ botToken: slack.workspace.token, botUserId: 'U0BOT', botId: 'B0BOT' }),
      clientOptions: { slackApiUrl: `${slack.url}/api/`, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
      logger: SILENT,
    });
    const server = await receiver.start({ port: 0, host: '127.0.0.1' });
    const address = server.address();
    slack.connect(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/slack/events`);
  });

  afterEach(async () => {
    await receiver.stop();
  });

  const offboard = (extra: object = {}) =>
    slack.slash({ user: 'U0LIN', command: '/offboard', text: 'dana@acme.test', ...extra });
  const openModal = (): string => slack.workspace.stacks.get('U0LIN')?.at(-1) ?? '';
  const until = async (done: () => boolean): Promise<void> => {
    for (let i = 0; i < 200 && !done(); i += 1) await new Promise((go) => setTimeout(go, 5));
  };

  it('slash opens a modal, an update with hash keeps it, submit gets errors, then an update, and no Slack call precedes the ack', async () => {
    let callsAtAck = -1;
    app.command('/offboard', async ({ ack, command, client: web }) => {
      callsAtAck = slack.journal.calls.length;
      await ack();
      const { view } = await web.views.open({ trigger_id: command.trigger_id, view: modal() });
      const filled = modal({
        callback_id: 'confirm',
        private_metadata: 'plan:1',
        submit: plain('Go'),
        blocks: [reason],
      });
      await web.views.update({ view_id: view?.id ?? '', hash: view?.hash ?? '', view: filled });
    });
    app.view('confirm', async ({ ack, view }) => {
      const typed = view.state.values.why?.why?.value;
      if (typed === 'wrong') return ack({ response_action: 'errors', errors: { why: 'Not that' } });
      await ack({ response_action: 'update', view: modal({ blocks: [section(`${view.private_metadata} ${typed}`)] }) });
    });

    const answered = await offboard();
    await until(() => slack.workspace.views.get(openModal())?.content.callback_id === 'confirm');
    const viewId = openModal();
    await expect(slack.submit({ user: 'U0LIN', viewId })).rejects.toThrow('asks for why first');
    await expect(slack.submit({ user: 'U0SAM', viewId, values: { why: 'left' } })).rejects.toThrow('does not see');
    await slack.submit({ user: 'U0LIN', viewId, values: { why: 'wrong' } });
    const errors = slack.workspace.views.get(viewId)?.errors;
    await slack.submit({ user: 'U0LIN', viewId, values: { why: 'left' } });

    expect(answered).toMatchObject({ status: 200, body: '' });
    expect(callsAtAck).toBe(0);
    expect(errors).toEqual({ why: 'Not that' });
    expect(JSON.stringify(slack.workspace.views.get(viewId)?.content)).toContain('plan:1 left');
    expect(slack.workspace.failures).toEqual([]);
  });

  it('a click carries the real value or a tampered one, and only people in the channel can click', async () => {
    const seen: string[] = [];
    app.action('step_retry', async ({ ack, action, body }) => {
      await ack();
      seen.push(`${body.user.id} ${'value' in action ? action.value : ''}`);
    });
    const blocks = [section('Failed'), { type: 'actions' as const, elements: [retry] }];
    const { ts: messageTs = '' } = await client().chat.postMessage({ channel: CHANNEL, text: 'x', blocks });

    await slack.click({ user: 'U0LIN', messageTs, actionId: 'step_retry' });
    await slack.click({ user: 'U0LIN', messageTs, actionId: 'step_retry', value: '{"attempt":99}' });
    await client().chat.update({ channel: CHANNEL, ts: messageTs, text: 'done', blocks: [section('Done')] });

    expect(seen).toEqual(['U0LIN {"attempt":1}', 'U0LIN {"attempt":99}']);
    await expect(slack.click({ user: 'U0LIN', messageTs, actionId: 'step_retry' })).rejects.toThrow(
      'no element step_retry',
    );
    await expect(slack.click({ user: 'U0ALEX', messageTs, actionId: 'step_retry' })).rejects.toThrow(
      'is not in C0ITOPS',
    );
  });

  it('a response_url makes ephemerals, replaces and deletes, and is used up after five posts', async () => {
    const failed: string[] = [];
    app.command('/offboard', async ({ ack, respond }) => {
      await ack();
      for (let n = 1; n <= 6; n += 1)
        await respond({ text: `${n}` }).catch((error) => failed.push(`${n} ${error.statusCode}`));
    });
    app.action('step_retry', async ({ ack, respond }) => {
      await ack();
      await respond({ replace_original: true, text: 'Replaced' });
    });

    await offboard();
    await until(() => failed.length > 0);
    const shown = slack.workspace.ephemerals.map((one) => one.text);
    await client().chat.postEphemeral({
      channel: CHANNEL,
      user: 'U0LIN',
      text: 'x',
      blocks: [{ type: 'actions', elements: [retry] }],
    });
    const private_ = slack.workspace.ephemerals.at(-1);
    await slack.click({ user: 'U0LIN', messageTs: private_?.ts ?? '', actionId: 'step_retry' });
    await until(() => private_?.text === 'Replaced');

    expect(shown).toEqual(['1', '2', '3', '4', '5']);
    expect(failed).toEqual(['6 404']);
    expect(private_).toMatchObject({ text: 'Replaced', edits: [{ text: 'Replaced' }] });
  });

  it('takes a signed request; refuses a wrong secret, an old timestamp and a broken body; Bolt lets a future timestamp pass', async () => {
    let taken = 0;
    app.command('/offboard', async ({ ack }) => {
      taken += 1;
      await ack();
    });

    expect((await offboard()).status).toBe(200);
    expect((await offboard({ secret: 'wrong' })).status).toBe(401);
    expect((await offboard({ skewSeconds: -301 })).status).toBe(401);
    expect((await offboard({ rawOverride: 'payload={' })).status).toBe(400);
    expect((await offboard({ skewSeconds: 86_400 })).status).toBe(200);
    expect(taken).toBe(2);
    expect(slack.workspace.failures).toEqual([]);
  });

  it('tells the user of an answer that is late, missing, or one Slack cannot show', async () => {
    app.command('/offboard', async ({ ack, command }) => {
      if (command.text === 'late') return;
      if (command.text === 'throw') throw new Error('bug');
      await ack({ text: 'x', blocks: [{ type: 'bogus' }] });
    });

    expect(await offboard({ text: 'late' })).toMatchObject({ status: 404, problem: 'operation_timeout' });
    expect(await offboard({ text: 'throw' })).toMatchObject({ status: 500, problem: 'dispatch_failed' });
    expect(await offboard({ text: 'bad' })).toMatchObject({ status: 200, problem: 'bad_answer' });
    expect(slack.workspace.failures.map((one) => one.problem)).toEqual([
      'operation_timeout',
      'dispatch_failed',
      'bad_answer',
    ]);
  });

  it('opening the Home tab publishes it; everything is in the state over the control address, and no secret', async () => {
    app.event('app_home_opened', async ({ event, client: web }) => {
      await web.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section(`tab ${event.tab}`)] } });
    });

    const opened = await fetch(`${slack.controlUrl}/command/home`, {
      method: 'POST',
      body: JSON.stringify({ user: 'U0LIN' }),
    });
    await until(() => slack.workspace.homes.has('U0LIN'));
    const state = await (await fetch(`${slack.controlUrl}/state`)).text();

    expect(await opened.json()).toMatchObject({ status: 200 });
    expect(JSON.parse(state).homes.U0LIN.blocks[0].text.text).toBe('tab home');
    expect(state).not.toContain(slack.workspace.token);
    expect(state).not.toContain(slack.workspace.signingSecret);
    expect(await fetch(`${slack.controlUrl}/command/home`, { method: 'POST', body: '{}' })).toHaveProperty(
      'status',
      500,
    );
    expect(await fetch(`${slack.controlUrl}/command/nonsense`, { method: 'POST' })).toHaveProperty('status', 404);
  });
});

describe('the program', () => {
  it('prints one line of settings and ends when its input ends', async () => {
    const program = spawn(process.execPath, [path.join(ROOT, 'sandbox/vendors/slack/main.ts'), '--follow-stdin']);
    let printed = '';
    program.stdout.on('data', (chunk) => {
      printed += chunk;
      program.stdin.end();
    });
    const code = await new Promise((done) => program.on('exit', done));

    expect(code).toBe(0);
    expect(JSON.parse(printed)).toEqual({
      vendor: 'slack',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      controlUrl: expect.any(String),
      settings: {
        SLACK_BOT_TOKEN: expect.stringMatching(/^xoxb-simulator-/),
        SLACK_SIGNING_SECRET: expect.stringMatching(/^simulator-/),
        SLACK_CHANNEL_ID: 'C0ITOPS',
        SLACK_API_URL: expect.stringMatching(/\/api\/$/),
      },
    });
  });
});
