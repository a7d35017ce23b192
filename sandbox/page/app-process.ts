// The app as a process of its own, which can be killed at any moment and comes back by itself on the same port.
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../child-process.ts';

export interface Announced {
  readonly eventsUrl: string;
  readonly clockUrl: string;
}

export type AppState = 'starting' | 'running' | 'stopped';

const PROGRAM = fileURLToPath(new URL('../app.ts', import.meta.url));
const POLICY = fileURLToPath(new URL('../policy.yaml', import.meta.url));
/** One that ends by itself so often is left alone, with its last words on the page. */
const MOST_STARTS_A_MINUTE = 5;
/** Nobody waits longer for Ctrl-C. */
const STOP_WITHIN_MS = 3_000;

export class AppProcess {
  state: AppState = 'starting';
  /** Its last lines, where it did not start or ended by itself. */
  lastWords: readonly string[] = [];
  port: number | null;
  kills = 0;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #aheadMs: () => number;
  readonly #slackTimes: number;
  readonly #onChange: () => void;
  readonly #onStart: (announced: Announced) => Promise<void>;
  #child: Child<Announced> | null = null;
  #isEnding = false;
  #startedAt: number[] = [];
  #starting: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly settings: Readonly<Record<string, string>>;
    /** Taken again where it is free; null: any. */
    readonly port: number | null;
    /** How far its Clock is ahead of the real time. */
    readonly aheadMs: () => number;
    /** It posts so many times as often as Slack's published rates. */
    readonly slackTimes: number;
    readonly onChange: () => void;
    readonly onStart: (announced: Announced) => Promise<void>;
  }) {
    this.port = options.port;
    this.#settings = options.settings;
    this.#aheadMs = options.aheadMs;
    this.#slackTimes = options.slackTimes;
    this.#onChange = options.onChange;
    this.#onStart = options.onStart;
  }

  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  /** SIGKILL, as a power cut would; it is started again at once. */
  kill(): boolean {
    if (this.state !== 'running' || !this.#child) return false;
    this.kills += 1;
    process.kill(this.#child.pid, 'SIGKILL');
    return true;
  }

  /** Moves its Clock; one that starts just now asks for the time itself. */
  async advance(ms: number): Promise<void> {
    const child = this.#child;
    if (this.state !== 'running' || !child) return;
    await fetch(child.announced.clockUrl, { method: 'POST', body: JSON.stringify({ advanceMs: ms }) });
  }

  /** After it has ended too often. */
  async restart(): Promise<boolean> {
    if (this.state !== 'stopped') return false;
    this.#startedAt = [];
    await this.start();
    return true;
  }

  /** Until `start`. It has so long to end what it does; then it is killed, which it survives as well. */
  async pause(withinMs: number): Promise<void> {
    this.#isEnding = true;
    await this.#starting.catch(() => undefined);
    const child = this.#child;
    const late = setTimeout(() => child && process.kill(child.pid, 'SIGKILL'), withinMs);
    await child?.stop();
    clearTimeout(late);
    this.#isEnding = false;
    this.#startedAt = [];
  }

  async stop(): Promise<void> {
    await this.pause(STOP_WITHIN_MS);
    this.#isEnding = true;
  }

  /** Addresses of the one that runs; null: none does. */
  get announced(): Announced | null {
    return this.#child?.announced ?? null;
  }

  async #start(): Promise<void> {
    this.#set('starting');
    this.#startedAt = [...this.#startedAt.filter((at) => at > Date.now() - 60_000), Date.now()];
    const { PATH, HOME, TMPDIR, TEMP, TMP, SystemRoot, TZ, NODE_COMPILE_CACHE } = process.env;
    try {
      const child = await startChild<Announced>({
        name: 'the app',
        program: PROGRAM,
        args: ['--ahead-ms', String(this.#aheadMs()), '--slack-times', String(this.#slackTimes)],
        // The system's own variables only: no setting of a real workspace reaches the app.
        env: {
          ...{ PATH, HOME, TMPDIR, TEMP, TMP, SystemRoot, TZ, NODE_COMPILE_CACHE },
          ...this.#settings,
          SENDOFF_POLICY: POLICY,
          PORT: String(this.port ?? 0),
        },
      });
      this.#child = child;
      void child.ended.then(() => this.#onEnd(child));
      this.lastWords = [];
      this.port = Number(new URL(child.announced.eventsUrl).port);
      await this.#onStart(child.announced);
      this.#set('running');
    } catch (error) {
      // Somebody else has taken the port meanwhile.
      this.port = null;
      this.lastWords = (error instanceof Error ? error.message : String(error)).split('\n');
      this.#set('stopped');
    }
  }

  #onEnd(child: Child<Announced>): void {
    this.#child = null;
    if (this.#isEnding) return;
    this.lastWords = child.said();
    if (this.#startedAt.filter((at) => at > Date.now() - 60_000).length >= MOST_STARTS_A_MINUTE) this.#set('stopped');
    else void this.start();
  }

  #set(state: AppState): void {
    this.state = state;
    this.#onChange();
  }
}
