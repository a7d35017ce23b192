// How Slack reaches us: over a socket that we open (no address of ours needed), or by signed HTTP requests.
import { type App, HTTPReceiver, LogLevel, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import { StartError } from '../store/start-error.ts';
import type { Config } from './config.ts';
import { MAX_BODY_BYTES } from './http.ts';
import type { Log } from './log.ts';

const OPEN_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 3_000;
const LONGEST_BACK_OFF_MS = 30_000;

export interface SlackDoors {
  /** For Bolt. */
  readonly receiver: Receiver;
  /** Takes Slack's HTTP requests; null in Socket Mode. */
  readonly http: HTTPReceiver | null;
  isOpen(): boolean;
  open(): Promise<void>;
  close(): Promise<void>;
}

export function createSlackDoors(options: {
  slack: Config['slack'];
  log: Log;
  onSocket(isOpen: boolean): void;
}): SlackDoors {
  const { door } = options.slack;
  return 'appToken' in door ? socketDoors({ ...options, appToken: door.appToken }) : httpDoors(options, door);
}

function httpDoors({ log }: { log: Log }, door: { signingSecret: string }): SlackDoors {
  const http = new HTTPReceiver({
    signingSecret: door.signingSecret,
    logger: boltLogger(log),
    bodyLimit: MAX_BODY_BYTES,
  });
  const nothing = async (): Promise<void> => undefined;
  return { receiver: http, http, isOpen: () => true, open: nothing, close: nothing };
}

/**
 * We keep the socket open ourselves: the SDK waits 5 s before it connects again, which is longer than Slack waits for an ack,
 * and a failure while it does so would end the process (its promise has no catch).
 */
function socketDoors(options: {
  slack: Config['slack'];
  appToken: string;
  log: Log;
  onSocket(isOpen: boolean): void;
}): SlackDoors {
  const { log, onSocket } = options;
  const socket = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: boltLogger(log),
    installerOptions: {
      clientOptions: { slackApiUrl: options.slack.apiUrl, retryConfig: { retries: 0 }, timeout: OPEN_WITHIN_MS },
    },
    processEventErrorHandler: async () => false, // told by app.error already; without an ack Slack sends it again
  });
  const { client } = socket;
  const closing = new AbortController();
  let isOpen = false;
  const set = (now: boolean): void => {
    isOpen = now;
    onSocket(now);
  };

  const connect = async (): Promise<void> => {
    const late = setTimeout(() => void client.disconnect(), OPEN_WITHIN_MS); // makes `start` reject
    try {
      await client.start();
    } finally {
      clearTimeout(late);
    }
  };
  const connectAgain = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; failures += 1) {
      try {
        return await connect();
      } catch (error) {
        log.warn({ err: error, failures: failures + 1 }, 'the socket to Slack could not be opened; it is tried again');
        await sleep(Math.min(LONGEST_BACK_OFF_MS, 500 * 2 ** failures), closing.signal);
      }
    }
  };
  client.on('connected', () => set(true));
  client.on('disconnected', () => {
    if (!isOpen) return; // never was: whoever tries to open it is told
    set(false);
    if (closing.signal.aborted) return;
    log.info({}, 'the socket to Slack has ended; a new one is opened');
    void connectAgain();
  });

  return {
    receiver: {
      init: (app) => socket.init(ackingAtMost(app, log)),
      start: () => socket.start(),
      stop: () => socket.stop(),
    },
    http: null,
    isOpen: () => isOpen,
    async open() {
      onSocket(false);
      await connect().catch((error: unknown) => {
        throw refused(error);
      });
    },
    async close() {
      closing.abort();
      await Promise.race([client.disconnect(), sleep(CLOSE_WITHIN_MS)]);
    },
  };
}

/**
 * An ack that found its socket gone is no failure of the listener: what it has committed goes on, and Slack sends the same
 * envelope again, which is known by then.
 */
function ackingAtMost(app: App, log: Log): App {
  const processEvent: App['processEvent'] = (event) =>
    app.processEvent({
      ...event,
      ack: (answer) =>
        event
          .ack(answer)
          .catch((error: unknown) => log.warn({ err: error }, 'an ack was lost; Slack will send the envelope again')),
    });
  return { processEvent } as App;
}

function refused(error: unknown): StartError {
  if (error instanceof WebAPIPlatformError)
    return new StartError(
      `SLACK_APP_TOKEN was not accepted (${error.data.error}). Nothing was started. Turn Socket Mode on in the app’s settings and copy an app-level token with the scope connections:write.`,
      { cause: error },
    );
  return new StartError(
    'Slack’s socket could not be opened. Nothing was started. Check that wss:// addresses of slack.com can be reached, then start Sendoff again.',
    { cause: error },
  );
}

/** Into our own log, cleaned like every line of it. */
function boltLogger(log: Log) {
  const say =
    (level: 'warn' | 'error') =>
    (...said: unknown[]) =>
      log[level]({ from: 'bolt' }, said.map(String).join(' '));
  const nothing = (): void => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: say('warn'),
    error: say('error'),
    setLevel: nothing,
    getLevel: () => LogLevel.ERROR,
    setName: nothing,
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    signal?.addEventListener('abort', () => done(), { once: true });
  });
}
