// Builders for tests of the engine: a clock that is moved by hand, steps with a fake vendor in memory, and the real store,
// instance and runner on a real database.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { connectDatabase, type Database } from '../../src/store/client.ts';
import { type Instance, joinInstances, LEASE_MS } from '../../src/store/instance.ts';
import type { KeyRing } from '../../src/store/key-ring.ts';
import { createSecretStore } from '../../src/store/secrets.ts';
import { createEngineStore } from '../../src/store/steps.ts';
import { CALL_DEADLINE_MS } from '../../src/workflow/attempt-state.ts';
import type { ClaimedStep } from '../../src/workflow/model/claimed-step.ts';
import type { RunDevice } from '../../src/workflow/model/device.ts';
import type { NewRun, OpenedRun } from '../../src/workflow/model/new-run.ts';
import type { Clock, EngineStore } from '../../src/workflow/model/ports.ts';
import type { Effect, Facts, Observation, Step } from '../../src/workflow/model/step.ts';
import { createRunner, type Runner } from '../../src/workflow/runner.ts';
import { planStepRuns } from '../../src/workflow/steps/plan-rows.ts';

export const MONDAY = new Date('2026-03-02T09:00:00Z');
export const DAY_MS = 86_400_000;

export interface MovableClock extends Clock {
  move(ms: number): void;
}

export function movableClock(start: Date = MONDAY): MovableClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    move(ms) {
      at += ms;
    },
  };
}

/** How the fake vendor meets one call. `applied`: done all the same. `unseen`: accepted, and never visible. */
export type Meeting =
  | { readonly error: ConnectorErrorKind; readonly applied?: boolean; readonly retryAfterMs?: number }
  | { readonly hold: Promise<unknown> }
  | 'unseen'
  | 'well';

/** What one step's vendor saw and did, by run: a write is named `<effect>` or `<effect>:<target>`. */
export interface FakeVendor {
  /** Meets the next calls so, in this order; then all is well again. */
  next(call: 'read' | 'write', ...meetings: Meeting[]): void;
  /** Meets every further call so. */
  always(call: 'read' | 'write', meeting: Meeting): void;
  /** Somebody else does it: what was asked becomes true without our write. */
  doByOthers(runId: string): void;
  reads: number;
  /** Each write that reached the vendor, in order, answered or not. */
  readonly writes: string[];
  writesOf(runId: string): number;
}

export type TestStep = Step & { readonly fake: FakeVendor };

type StepOptions = Partial<Pick<Step, 'name' | 'vendor' | 'stage' | 'needs' | 'settleMs'>> & {
  readonly effects?: readonly Effect[];
  /** Replaces what the vendor's state would say. */
  readonly see?: (runId: string) => Observation | null;
  readonly facts?: Facts;
};

/** A step that wants its effects done at a fake vendor, in order: by default one `safe` effect, and no needs. */
export function aStep(options: StepOptions = {}): TestStep {
  const name = options.name ?? 'fake.step';
  const effects = options.effects ?? [{ name: `${name}.do`, repeat: 'safe' }];
  const vendor = options.vendor ?? 'fake';
  const done = new Set<string>();
  const counts = new Map<string, number>();
  const plans = { read: [] as Meeting[], write: [] as Meeting[] };
  const lasting = { read: 'well' as Meeting, write: 'well' as Meeting };
  const key = (runId: string, effect: Effect): string => `${runId} ${effect.name}:${effect.target ?? ''}`;

  const meet = async (call: 'read' | 'write', effect: () => void): Promise<void> => {
    const meeting = plans[call].shift() ?? lasting[call];
    if (meeting === 'well') return effect();
    if (meeting === 'unseen') return;
    if ('hold' in meeting) {
      await meeting.hold;
      return effect();
    }
    if (meeting.applied) effect();
    throw new ConnectorError({
      kind: meeting.error,
      vendor,
      operation: call,
      reason: meeting.error,
      status: meeting.error === 'rate_limited' ? 429 : null,
      retryAfterMs: meeting.retryAfterMs ?? null,
    });
  };
  const fake: FakeVendor = {
    reads: 0,
    writes: [],
    next: (call, ...meetings) => void plans[call].push(...meetings),
    always(call, meeting) {
      lasting[call] = meeting;
    },
    doByOthers(runId) {
      for (const effect of effects) done.add(key(runId, effect));
    },
    writesOf: (runId) => counts.get(runId) ?? 0,
  };

  return {
    name,
    vendor,
    stage: options.stage ?? 'contain',
    needs: options.needs ?? [],
    settleMs: options.settleMs ?? 10_000,
    verifies: 'read_back',
    fake,
    async observe(context) {
      fake.reads += 1;
      await meet('read', () => undefined);
      const seen = options.see?.(context.run.id);
      if (seen) return seen;
      const would = effects.filter((effect) => !done.has(key(context.run.id, effect)));
      const facts: Facts = { ...options.facts, missing: would.length };
      return would.length === 0 ? { is: 'satisfied', basis: 'read_back', facts } : { is: 'unsatisfied', facts, would };
    },
    async apply(context, seen) {
      for (const effect of seen.would) {
        await context.write(effect, async () => {
          fake.writes.push(effect.target ? `${effect.name}:${effect.target}` : effect.name);
          counts.set(context.run.id, (counts.get(context.run.id) ?? 0) + 1);
          await meet('write', () => void done.add(key(context.run.id, effect)));
        });
      }
    },
  };
}

export interface Engine {
  readonly store: EngineStore;
  readonly runner: Runner;
  readonly instance: Instance;
  readonly db: Database;
  /** What the runner and the connections logged: messages only. */
  readonly said: string[];
  close(): Promise<void>;
}

/** One process of Sendoff, as far as the engine goes. `beats: false`: frozen as soon as it has joined, but for what the
 *  test makes it do. `wakes: false`: nothing wakes its runner but the runner itself. */
export async function engineOn(
  url: string,
  options: {
    steps?: readonly Step[];
    clock?: Clock;
    leaseMs?: number;
    callDeadlineMs?: number;
    beats?: boolean;
    wakes?: boolean;
    keys?: KeyRing;
  } = {},
): Promise<Engine> {
  const {
    clock = movableClock(),
    leaseMs = LEASE_MS,
    callDeadlineMs = CALL_DEADLINE_MS,
    beats = true,
    wakes = true,
  } = options;
  const said: string[] = [];
  const db = connectDatabase(url, (error) => said.push(error.message));
  let runner: Runner | null = null;
  const instance = await joinInstances({
    url,
    leaseMs,
    onWake: () => (wakes ? runner?.wake() : undefined),
    onError: (error) => said.push(error.message),
    isBusy: () => beats,
  });
  const store = createEngineStore(db, instance, { leaseMs, callDeadlineMs });
  runner = createRunner({
    store,
    steps: options.steps ?? [],
    clock,
    lease: instance,
    secrets: createSecretStore(db, options.keys ?? new Map()),
    pace: async () => undefined,
    log: { warn: (_, message) => said.push(message), error: (_, message) => said.push(message) },
    onChange: () => undefined,
    onOrphans: () => undefined,
    notify: () => instance.notify(),
  });
  const started = runner;
  return {
    store,
    runner: started,
    instance,
    db,
    said,
    async close() {
      await started.stop();
      await instance.close();
      await db.close();
    },
  };
}

/** All of these vendors' ready steps. */
export const taking = (...vendors: string[]): { vendors: string[]; limit: number } => ({ vendors, limit: 30 });

export function aRun(over: Partial<NewRun> = {}): NewRun {
  return {
    kind: 'offboarding',
    personId: 'ada',
    person: { name: 'Ada', email: 'ada@example.com', title: null },
    ids: { okta: '00uAda' },
    trigger: 'slack',
    requestedBy: 'T1/ULIN',
    reason: null,
    planHash: null,
    policyHash: 'p1',
    policy: {},
    requestedAt: MONDAY,
    approval: null,
    ...over,
  };
}

/** Opens a run of these steps; nothing is claimed unless `take` says so. */
export function openTestRun(
  engine: Pick<Engine, 'store'>,
  steps: readonly Step[],
  options: {
    run?: Partial<NewRun>;
    take?: { vendors: readonly string[]; limit: number };
    now?: Date;
    devices?: readonly RunDevice[];
  } = {},
): Promise<OpenedRun> {
  const planned = planStepRuns(steps, { devices: options.devices ?? [] });
  return engine.store.openRun(
    aRun(options.run),
    planned,
    options.take ?? { vendors: [], limit: 0 },
    options.now ?? MONDAY,
  );
}

export interface StepRow {
  id: string;
  step: string;
  status: string;
  cause: string | null;
  need: Record<string, unknown> | null;
  attempt: number;
  failures: number;
  owner: number | null;
  taken_over_at: Date | null;
  due_at: Date | null;
  before: Facts | null;
  after: Facts | null;
  evidence: string | null;
}

/** A run's step rows by step name. */
export async function rowsOf(engine: Pick<Engine, 'db'>, runId: string): Promise<Record<string, StepRow>> {
  const rows = await engine.db.query<StepRow>('SELECT * FROM step_run WHERE run_id = $1', [runId]);
  return Object.fromEntries(rows.map((row) => [row.step, row]));
}

export async function rowOf(engine: Pick<Engine, 'db'>, runId: string, step = 'fake.step'): Promise<StepRow> {
  const row = (await rowsOf(engine, runId))[step];
  if (!row) throw new Error(`no row of ${step}`);
  return row;
}

/** The outcome of an attempt that found everything as it must be. */
export const SATISFIED = {
  event: 'satisfy',
  cause: null,
  need: null,
  dueAt: null,
  before: null,
  after: null,
  evidence: 'read_back',
  failures: 0,
} as const;

export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length > 1) throw new Error(`expected one, got ${list.length}`);
  return first;
}

export async function claimOnly(engine: Engine, vendor = 'fake', now = MONDAY): Promise<ClaimedStep> {
  return only(await engine.store.claim([vendor], 10, now));
}

/** Waits for a condition, looking every 10 ms; fails after `forMs`. */
export async function until(holds: () => boolean | Promise<boolean>, forMs = 5_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still not so after ${forMs} ms: ${holds}`);
    await pause(10);
  }
}

/** A connection of its own, for what must be done by hand. The caller ends it. */
export async function byHand(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a test may have it terminated
  await client.connect();
  return client;
}

/** The audit log of a chain, oldest first. */
export async function auditOf(
  engine: Pick<Engine, 'db'>,
  chain: string,
): Promise<readonly { action: string; actor: string; detail: Record<string, unknown> }[]> {
  return engine.db.query('SELECT action, actor, detail FROM audit_event WHERE chain = $1 ORDER BY seq', [chain]);
}
