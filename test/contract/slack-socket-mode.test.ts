// The simulated Slack's Socket Mode through the real SDK: addresses, hello, envelopes, acks, and what comes again.
import path from 'node:path';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSimulator, startSlackSimulator } from '../../sandbox/vendors/slack/server.ts';

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

let slack: SlackSimulator;
let receivers: SocketModeReceiver[] = [];

beforeEach(async () => {
  slack = await startSlackSimulator({
    manifestPath: path.resolve(import.meta.dirname, 'every-surface.manifest.json'),
  });
});

afterEach(async () => {
  for (const receiver of receivers) await receiver.client.disconnect();
  receivers = [];
  await slack.close();
});

/** Connects again at once when Slack asks for it. */
async function connect(listen: (app: App) => void): Promise<SocketModeReceiver> {
  const receiver = new SocketModeReceiver({
    appToken: slack.workspace.appToken,
    logger: SILENT,
    clientPingTimeout: 50, // the SDK's wait before it connects again, too
    installerOptions: { clientOptions: { slackApiUrl: `${slack.url}/api/` } },
  });
  receivers.push(receiver);
  const app = new App({
    receiver,
    logLevel: LogLevel.ERROR,
    authorize: async () => ({ botToken: slack.workspace.token, botId: 'B0BOT', botUserId: 'U0BOT' }),
    clientOptions: { slackApiUrl: `${slack.url}/api/` },
  });
  listen(app);
  await receiver.start();
  return receiver;
}

const open = async (token: string): Promise<string> => {
  const client = new WebClient(token, {
    slackApiUrl: `${slack.url}/api/`,
    retryConfig: { retries: 0 },
    logger: SILENT,
  });
  return client.apps.connections.open().then(
    ({ url }) => String(url),
    (error: { data?: { error: string } }) => error.data?.error ?? String(error),
  );
};

describe('an address for a socket', () => {
  it('is given for the app-level token only', async () => {
    expect(await open(slack.workspace.token)).toBe('not_allowed_token_type');
    expect(await open('xapp-wrong')).toBe('invalid_auth');
    expect(await open(slack.workspace.appToken)).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\/\?ticket=/);
  });

  it('is good for one connection', async () => {
    const url = await open(slack.workspace.appToken);
    const outcomes = [];
    for (let i = 0; i < 2; i += 1) {
      const socket = new WebSocket(url);
      outcomes.push(
        await new Promise((done) => {
          socket.addEventListener('message', ({ data }) => done(JSON.parse(String(data)).type));
          socket.addEventListener('error', () => done('refused'));
        }),
      );
      socket.close();
    }

    expect(outcomes).toEqual(['hello', 'refused']);
  });
});

describe('an envelope', () => {
  it('brings a command, whose ack carries what the user is told', async () => {
    await connect((app) => app.command('/offboard', ({ command, ack }) => ack(`You typed ${command.text}`)));

    const delivered = await slack.slash({ user: 'U0LIN', command: '/offboard', text: 'dana@acme.test' });

    expect(delivered.problem).toBeUndefined();
    expect(slack.workspace.ephemerals.at(-1)?.text).toBe('You typed dana@acme.test');
  });

  it('brings an event, and a command of more than 64 kB', async () => {
    const heard: string[] = [];
    await connect((app) => {
      app.event('app_home_opened', async ({ event }) => void heard.push(event.user));
      app.command('/offboard', async ({ command, ack }) => {
        heard.push(command.text);
        await ack();
      });
    });
    const long = 'ü'.repeat(40_000);

    await slack.home({ user: 'U0LIN' });
    await slack.slash({ user: 'U0LIN', command: '/offboard', text: long });

    expect(heard).toEqual(['U0LIN', long]);
  });

  it('that nobody acks within 3 s comes once more, and the user is told', { timeout: 15_000 }, async () => {
    let times = 0;
    await connect((app) =>
      app.command('/offboard', async () => {
        times += 1;
      }),
    );

    const delivered = await slack.slash({ user: 'U0LIN', command: '/offboard', text: 'x' });

    expect([times, delivered.problem]).toEqual([2, 'operation_timeout']);
    expect(slack.workspace.socket.sent.map((one) => one.retry)).toEqual([0, 1]);
    expect(new Set(slack.workspace.socket.sent.map((one) => one.id)).size).toBe(1);
  });

  it('waits for the connection that follows on a disconnect message', async () => {
    await connect((app) => app.command('/offboard', ({ ack }) => ack('here again')));
    await slack.command('socket', { disconnect: 'warning' });

    const delivered = await slack.slash({ user: 'U0LIN', command: '/offboard', text: 'x' });

    expect(delivered.problem).toBeUndefined();
    expect(slack.workspace.ephemerals.at(-1)?.text).toBe('here again');
  });
});
