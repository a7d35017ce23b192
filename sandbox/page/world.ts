// Acme as the page shows it: the simulated vendors, the app between them, one clock for all, and what is kept of it.
import { randomBytes } from 'node:crypto';
import { TEAM_ID } from '../people.ts';
import { AppProcess } from './app-process.ts';
import { CAST, giveRoles } from './cast.ts';
import { type Database, emptyDatabase, startDatabase } from './database.ts';
import { type Kept, readKept, removeKept, writeKept } from './kept.ts';
import { MOST_CALLS, prune } from './prune.ts';
import { type Ports, type Simulators, startSimulators, VENDORS, type VendorName } from './simulators.ts';

export type Told = 'world' | VendorName;

const SAVE_EVERY_MS = 1_000;
/** Writing takes at most so large a part of the time. */
const SAVE_SHARE = 20;

export class World {
  readonly simulators: Simulators;
  readonly app: AppProcess;
  /** It was there before, of another version: Acme has started over. */
  readonly hasStartedOver: boolean;
  /** Milliseconds that the sandbox's time is ahead of the real one. */
  aheadMs = 0;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  readonly #pristine: Readonly<Record<string, unknown>>;
  readonly #listeners = new Set<(what: Told) => void>();
  #database: Database | null = null;
  #ready: Promise<void> = Promise.resolve();
  #isChanged = true;
  #saving: NodeJS.Timeout | null = null;
  #pointedAt: string | null = null;

  private constructor(folder: string, simulators: Simulators, kept: Kept | 'none' | 'old', slackTimes: number) {
    this.#folder = folder;
    this.simulators = simulators;
    this.hasStartedOver = kept === 'old';
    this.#pristine = structuredClone(this.#memories());
    const { slack, all } = simulators;
    const known = typeof kept === 'string' ? null : kept;
    if (known) this.#remember(known.memories, known.aheadMs);
    this.#settings = {
      ...simulators.settings,
      SENDOFF_ADMINS: `${TEAM_ID}:${CAST.admin}`,
      SENDOFF_SECRET_KEYS: known?.secretKeys ?? `1:${randomBytes(32).toString('base64')}`,
    };
    for (const vendor of VENDORS) {
      all[vendor].journal.most = MOST_CALLS;
      all[vendor].journal.listen((call) => {
        if (call.applied) this.#isChanged = true;
        this.tell(vendor);
      });
    }
    slack.workspace.changes.listen(() => {
      this.#isChanged = true;
    });
    this.app = new AppProcess({
      settings: this.#settings,
      port: known?.appPort ?? null,
      aheadMs: () => this.aheadMs,
      slackTimes,
      onChange: () => this.tell('world'),
      onStart: ({ eventsUrl }) => this.#point(eventsUrl),
    });
  }

  /** Answers as soon as the vendors run; the app and its database follow, see `ready`. `slackTimes` as AppProcess has it. */
  static async open(folder: string, slackTimes = 1): Promise<World> {
    const kept = readKept(folder);
    const simulators = await startSimulators(typeof kept === 'string' ? {} : kept.ports);
    const world = new World(folder, simulators, kept, slackTimes);
    world.#ready = world.#start(typeof kept === 'string');
    return world;
  }

  /** Resolves when the app runs, or could not be started. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get databaseUrl(): string | null {
    return this.#database?.url ?? null;
  }

  listen(listener: (what: Told) => void): void {
    this.#listeners.add(listener);
  }

  tell(what: Told): void {
    for (const listener of this.#listeners) listener(what);
  }

  /** Everybody's clock, by so many milliseconds; forward only. Answers with how far it is ahead now. */
  async advance(ms: number): Promise<number> {
    if (!(ms >= 0)) throw new Error('the clock moves forward only');
    this.aheadMs += ms;
    this.#isChanged = true;
    for (const vendor of VENDORS) await this.simulators.all[vendor].command('advance', { ms });
    await this.app.advance(ms);
    this.tell('world');
    return this.aheadMs;
  }

  /** Acme as on its first day, without a restart of the page. */
  async reset(): Promise<void> {
    await this.#ready;
    this.#ready = (async () => {
      // Nothing of what it does is kept.
      await this.app.pause(0);
      for (const vendor of VENDORS) {
        this.simulators.all[vendor].faults.clear();
        this.simulators.all[vendor].journal.clear();
      }
      this.#remember(structuredClone(this.#pristine) as Kept['memories'], 0);
      this.#pointedAt = null;
      if (this.#database) await emptyDatabase(this.#database.url);
      await this.#startApp();
    })();
    await this.#ready;
  }

  async stop(): Promise<void> {
    await this.#ready.catch(() => undefined);
    if (this.#saving) clearTimeout(this.#saving);
    await this.app.stop();
    this.#save();
    await this.#database?.stop();
    await this.simulators.close();
  }

  async #start(isNew: boolean): Promise<void> {
    // A database without the vendors it speaks of is of no use.
    if (this.hasStartedOver) removeKept(this.#folder);
    this.#database = await startDatabase(this.#folder);
    this.#settings.DATABASE_URL = this.#database.url;
    if (isNew && !this.hasStartedOver) await emptyDatabase(this.#database.url);
    await this.#startApp();
    this.#saveSoon(SAVE_EVERY_MS);
  }

  async #startApp(): Promise<void> {
    await this.simulators.slack.command('channel', { channel: 'C0ITOPS', add: CAST.admin });
    await this.app.start();
    if (this.app.state === 'running' && this.databaseUrl !== null) await giveRoles(this.databaseUrl);
    this.tell('world');
  }

  /** Tells the vendors where the app listens, as its set-up would; once, so that an app that comes back misses nothing. */
  async #point(eventsUrl: string): Promise<void> {
    if (this.#pointedAt === eventsUrl) return;
    const at = (path: string): string => new URL(path, eventsUrl).href;
    const { slack, all } = this.simulators;
    slack.connect(eventsUrl);
    await all.easypost.command('webhook', { url: at('/webhooks/easypost') });
    await all.bamboohr.command('create_webhook', { url: at('/webhooks/bamboohr') });
    await all.okta.command('set_event_hook', { url: at('/webhooks/okta') });
    // Okta's Slack app closes the accounts of those it deactivates.
    await all.okta.command('provision_slack', { url: slack.controlUrl });
    this.#pointedAt = eventsUrl;
  }

  #memories(): Kept['memories'] {
    return Object.fromEntries(
      VENDORS.map((name) => [name, this.simulators.all[name].memory.take()]),
    ) as Kept['memories'];
  }

  #remember(memories: Kept['memories'], aheadMs: number): void {
    for (const name of VENDORS) this.simulators.all[name].memory.give(memories[name]);
    this.aheadMs = aheadMs;
    const { slack, clocks } = this.simulators;
    // The others keep theirs in their memory.
    for (const clock of [slack.workspace.clock, ...clocks]) {
      clock.reset();
      clock.advance(aheadMs);
    }
    for (const what of ['people'] as const) slack.workspace.changes.tell({ what });
  }

  #saveSoon(ms: number): void {
    this.#saving = setTimeout(() => {
      const startedAt = performance.now();
      if (this.#isChanged) this.#save();
      this.#saveSoon(Math.max(SAVE_EVERY_MS, (performance.now() - startedAt) * SAVE_SHARE));
    }, ms).unref();
  }

  #save(): void {
    this.#isChanged = false;
    prune(this.simulators.slack.workspace);
    const ports = VENDORS.map((name) => {
      const { url, controlUrl } = this.simulators.all[name];
      return [name, { port: Number(new URL(url).port), controlPort: Number(new URL(controlUrl).port) }];
    });
    writeKept(this.#folder, {
      aheadMs: this.aheadMs,
      secretKeys: String(this.#settings.SENDOFF_SECRET_KEYS),
      ports: Object.fromEntries(ports) as Ports,
      appPort: this.app.port,
      memories: this.#memories(),
    });
  }
}
