// Runs what is ready: claims, runs attempts side by side, records, takes what became ready. The rows are the queue.
import { runAttempt } from './attempt.ts';
import { withoutFacts } from './attempt-end.ts';
import { type AttemptDeps, CALL_DEADLINE_MS } from './attempt-state.ts';
import type { AttemptOutcome, ClaimedStep } from './model/claimed-step.ts';
import type { Clock, EngineStore, Lease } from './model/ports.ts';
import type { Secrets } from './model/secret.ts';
import type { Step } from './model/step.ts';

/** Steps of one vendor that one process has in hand: below every vendor's published concurrency limit. */
const IN_HAND_PER_VENDOR = 30;
const BUSY_SWEEP_MS = 1_000;
const IDLE_SWEEP_MS = 30_000;
/** How long `stop` waits for attempts in hand; what is left is taken over by the next process. */
const STOP_WAIT_MS = CALL_DEADLINE_MS + 1_000;

export interface RunnerDeps {
  readonly store: EngineStore;
  readonly steps: readonly Step[];
  readonly clock: Clock;
  /** `num`: what was claimed under an earlier number is no longer ours, whatever the lease says. */
  readonly lease: Lease & { readonly num: number };
  readonly secrets: Secrets;
  pace(vendor: string): Promise<void>;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Told after anything that a picture may show has changed. */
  onChange(): void;
  /** Told how each attempt ended; `replaced`: its result was dropped. */
  onAttempt?(step: string, end: AttemptOutcome['event'] | 'replaced'): void;
  /** Told when deliveries wait whose handler is gone. */
  onOrphans(): void;
  /** Wakes the other processes: steps are ready that we did not take. */
  notify(): void;
}

export interface Runner {
  start(): void;
  stop(): Promise<void>;
  /** Something may be ready or due: a commit elsewhere, a moved clock. */
  wake(): void;
  /** True while attempts are in hand: leases must be kept. */
  isBusy(): boolean;
  /** Starts steps that a statement has already claimed for this process. */
  begin(claimed: readonly ClaimedStep[]): void;
  /** What this process may take at once, for statements that claim as they commit. */
  room(): { vendors: readonly string[]; limit: number };
}

export function createRunner(deps: RunnerDeps): Runner {
  const steps = new Map(deps.steps.map((step) => [step.name, step]));
  const vendors = [...new Set(deps.steps.map((step) => step.vendor))];
  const inHand = new Map<string, number>(vendors.map((vendor) => [vendor, 0]));
  /** Statements that claim as they commit may bring more than there is room for: those wait here for their turn. */
  const turns = new Map<string, { running: number; readonly waiting: (() => void)[] }>(
    vendors.map((vendor) => [vendor, { running: 0, waiting: [] }]),
  );
  const attempts = new Set<Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let sweeping: Promise<void> | null = null;
  let wakeAgain = false;

  const room = (): { vendors: string[]; limit: number } => {
    if (stopping.signal.aborted) return { vendors: [], limit: 0 };
    const open = vendors.filter((vendor) => (inHand.get(vendor) ?? 0) < IN_HAND_PER_VENDOR);
    return {
      vendors: open,
      limit: open.length === 0 ? 0 : Math.min(...open.map((vendor) => IN_HAND_PER_VENDOR - (inHand.get(vendor) ?? 0))),
    };
  };

  const attemptDeps: Omit<AttemptDeps, 'lease'> = {
    store: deps.store,
    clock: deps.clock,
    signal: stopping.signal,
    pace: deps.pace,
    secrets: deps.secrets,
    sleep: (ms) => sleepUnlessAborted(ms, stopping.signal),
    random: Math.random,
    onBug: (error) => deps.log.error({ err: error }, 'an attempt ended in a bug'),
  };

  const run = async (claimed: ClaimedStep): Promise<void> => {
    if (stopping.signal.aborted) return; // the next process takes it over
    const step = steps.get(claimed.step);
    // A row of a newer version: left running; that version's process takes it over when we end.
    if (!step) return deps.log.error({ step: claimed.step, run: claimed.run.code }, 'no such step in this version');
    const lease = { leftMs: () => (claimed.instance === deps.lease.num ? deps.lease.leftMs() : 0) };
    const end = await runAttempt(step, claimed, { ...attemptDeps, lease });
    const answers = end.book.answers();
    const { outcome } = end;
    if (outcome === null) {
      if (answers.length > 0) await deps.store.settle(claimed, answers, deps.clock.now());
      return;
    }
    if (outcome.event === 'ask' || outcome.cause === 'back_off') {
      deps.log.warn(
        {
          run: claimed.run.code,
          step: claimed.step,
          attempt: claimed.attempt,
          cause: outcome.cause,
          need: outcome.need?.kind,
        },
        'step attempt did not succeed',
      );
    }
    const recorded = await deps.store
      .record(claimed, outcome, answers, end.searched, room(), deps.clock.now())
      .catch((error: unknown) => {
        attemptDeps.onBug(error);
        const bare = answers.map((answer) => ({ ...answer, receipt: null, error: null }));
        return deps.store.record(claimed, withoutFacts(outcome, end.book, error), bare, [], room(), deps.clock.now());
      });
    deps.onAttempt?.(claimed.step, recorded.fenced ? 'replaced' : outcome.event);
    if (recorded.fenced)
      return deps.log.warn(
        { run: claimed.run.code, step: claimed.step, attempt: claimed.attempt },
        'replaced: the result was dropped',
      );
    begin(recorded.mine);
    if (recorded.left) deps.notify();
    deps.onChange();
    if (outcome.event === 'wait') schedule(Math.max(0, (outcome.dueAt?.getTime() ?? 0) - deps.clock.now().getTime()));
  };

  function begin(claimed: readonly ClaimedStep[]): void {
    for (const one of claimed) {
      inHand.set(one.vendor, (inHand.get(one.vendor) ?? 0) + 1);
      const attempt = inTurn(one.vendor, () => run(one))
        .catch((error: unknown) => deps.log.error({ err: error, step: one.step }, 'an attempt could not be recorded'))
        .finally(() => {
          inHand.set(one.vendor, (inHand.get(one.vendor) ?? 1) - 1);
          attempts.delete(attempt);
          if (inHand.get(one.vendor) === IN_HAND_PER_VENDOR - 1) wake();
        });
      attempts.add(attempt);
    }
  }

  async function inTurn(vendor: string, work: () => Promise<void>): Promise<void> {
    const turn = turns.get(vendor);
    if (!turn) return work();
    if (turn.running >= IN_HAND_PER_VENDOR) await new Promise<void>((next) => turn.waiting.push(next));
    else turn.running += 1;
    try {
      await work();
    } finally {
      const next = turn.waiting.shift();
      if (next) next();
      else turn.running -= 1;
    }
  }

  function wake(): void {
    if (stopping.signal.aborted) return;
    if (sweeping) {
      wakeAgain = true;
      return;
    }
    sweeping = sweep()
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'the sweep failed; it is tried again');
        schedule(BUSY_SWEEP_MS);
      })
      .finally(() => {
        sweeping = null;
        if (wakeAgain) {
          wakeAgain = false;
          wake();
        }
      });
  }

  async function sweep(): Promise<void> {
    const seen = await deps.store.sweep(deps.clock.now());
    if (seen.adoptable > 0) deps.onOrphans();
    if (seen.takenOver + seen.woken + seen.undrawn > 0) deps.onChange();
    const { vendors: open, limit } = room();
    if (seen.ready > 0 && limit > 0) {
      const claimed = await deps.store.claim(open, limit, deps.clock.now());
      begin(claimed);
      if (claimed.length === limit) wakeAgain = true;
    }
    const busy = seen.ready + seen.inHand + seen.adoptable + seen.undrawn > 0 || attempts.size > 0;
    const untilDue = seen.nextDueAt
      ? Math.max(0, seen.nextDueAt.getTime() - deps.clock.now().getTime())
      : IDLE_SWEEP_MS;
    schedule(Math.min(busy ? BUSY_SWEEP_MS : IDLE_SWEEP_MS, untilDue));
  }

  let nextAt = Number.POSITIVE_INFINITY;
  function schedule(wantedMs: number): void {
    if (stopping.signal.aborted) return;
    const ms = Math.min(wantedMs, IDLE_SWEEP_MS); // a timer does not hold 60 days, and the Clock may be moved
    const at = performance.now() + ms;
    if (timer && at >= nextAt) return;
    if (timer) clearTimeout(timer);
    nextAt = at;
    timer = setTimeout(() => {
      timer = null;
      nextAt = Number.POSITIVE_INFINITY;
      wake();
    }, ms);
  }

  /** A sweep under way may still bring attempts. */
  async function drain(): Promise<void> {
    await sweeping;
    await Promise.allSettled([...attempts]);
  }

  return {
    start: wake,
    wake,
    isBusy: () => attempts.size > 0,
    begin,
    room,
    async stop() {
      if (timer) clearTimeout(timer);
      stopping.abort();
      await Promise.race([drain(), new Promise((done) => setTimeout(done, STOP_WAIT_MS).unref())]);
    },
  };
}

function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    }
  });
}
