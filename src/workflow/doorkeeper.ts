// Looks at what somebody knocked about, and begins what is due; again where a look failed. The rows are the queue, as for steps.
import { ConnectorError } from '../connectors/connector-error.ts';
import { startBatchPerson } from './batch-start.ts';
import { type BeginDeps, TryAgain } from './begin.ts';
import { startDueRun } from './due-runs.ts';
import { lookAtRecord } from './hris-door.ts';
import type { BatchStore, BatchTurn } from './model/batch.ts';
import type { Knock, KnockStore } from './model/start-ports.ts';
import { lookAtAccount } from './okta-door.ts';

const AT_ONCE = 10;
/** The Clock may be moved, and other processes knock too. */
const LOOK_AT_LEAST_EVERY_MS = 30_000;
const AFTER_TROUBLE_MS = 1_000;
const BACK_OFF_MS = [1_000, 5_000, 30_000, 60_000, 300_000] as const;
/** By then it has been tried for a minute and a half, and people are told. */
const TELL_AFTER_TRIES = 4;

export interface DoorkeeperDeps extends BeginDeps {
  readonly knocks: KnockStore;
  readonly batches: BatchStore;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

export interface Doorkeeper {
  /** Somebody knocked, or the Clock was moved. */
  wake(): void;
  isBusy(): boolean;
  stop(): Promise<void>;
}

export function createDoorkeeper(deps: DoorkeeperDeps): Doorkeeper {
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> | null = null;
  let isWoken = false;
  let isStopped = false;

  function wake(): void {
    if (isStopped) return;
    isWoken = true;
    round ??= goRound().finally(() => {
      round = null;
      if (isWoken) wake();
    });
  }

  async function goRound(): Promise<void> {
    isWoken = false;
    if (timer) clearTimeout(timer);
    let waitMs = LOOK_AT_LEAST_EVERY_MS;
    try {
      const [knocks, due, people] = await Promise.all([
        deps.knocks.claim(AT_ONCE),
        deps.starts.takeDue(deps.clock.now(), AT_ONCE),
        deps.batches.take(AT_ONCE),
      ]);
      await Promise.all([
        ...knocks.map((knock) => answer(deps, knock)),
        ...due.map((runId) => begin(deps, runId)),
        ...people.map((turn) => beginOne(deps, turn)),
      ]);
      const isMore = [knocks, due, people].some((all) => all.length === AT_ONCE);
      waitMs = isMore ? 0 : Math.min(waitMs, await untilNextMs(deps));
    } catch (error) {
      deps.log.error({ err: error }, 'the doorkeeper could not read what to look at; it tries again');
      waitMs = AFTER_TROUBLE_MS;
    }
    if (!isStopped) timer = setTimeout(wake, waitMs).unref();
  }

  return {
    wake,
    isBusy: () => round !== null,
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await round;
    },
  };
}

async function untilNextMs(deps: DoorkeeperDeps): Promise<number> {
  const [knockMs, dueAt] = await Promise.all([deps.knocks.nextInMs(), deps.starts.nextAt()]);
  const dueMs = dueAt === null ? LOOK_AT_LEAST_EVERY_MS : dueAt.getTime() - deps.clock.now().getTime();
  // A due run that is being looked at elsewhere stays due: not a round without a breath.
  return Math.max(Math.min(knockMs ?? LOOK_AT_LEAST_EVERY_MS, Math.max(dueMs, AFTER_TROUBLE_MS)), 0);
}

async function answer(deps: DoorkeeperDeps, knock: Knock): Promise<void> {
  const { door, subject, tries } = knock;
  try {
    const outcome = await (door === 'okta' ? lookAtAccount(deps, knock) : lookAtRecord(deps, knock));
    await deps.knocks.looked(knock, outcome);
    deps.log.info({ door, subject, outcome }, 'somebody knocked, and it was looked at');
  } catch (error) {
    const asked = error instanceof ConnectorError ? (error.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(asked, BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] ?? 0);
    deps.log.warn({ err: error, door, subject, waitMs }, 'a knock could not be looked at; it is tried again');
    if (tries === TELL_AFTER_TRIES) await deps.tell(cannotLook(knock, error));
    await deps.knocks.putOff(knock, error instanceof TryAgain ? error.because : 'failed', waitMs);
  }
}

function cannotLook({ door, subject, knockedAt }: Knock, error: unknown) {
  const vendor = error instanceof TryAgain || error instanceof ConnectorError ? error.vendor : null;
  const about = { name: null, email: null, code: null, why: vendor };
  return { ...about, key: `cannot:${door}:${subject}:${knockedAt.toISOString()}`, door, says: 'cannot_look' } as const;
}

async function begin(deps: DoorkeeperDeps, runId: string): Promise<void> {
  try {
    const outcome = await startDueRun(deps, runId);
    deps.log.info({ run: runId, outcome }, 'a scheduled run’s moment came');
  } catch (error) {
    deps.log.error({ err: error, run: runId }, 'a scheduled run could not be begun; it is tried again');
  }
}

async function beginOne(deps: DoorkeeperDeps, turn: BatchTurn): Promise<void> {
  try {
    const outcome = await startBatchPerson(deps, turn);
    deps.log.info({ batch: turn.code, number: turn.number, outcome }, 'somebody of a batch was looked at');
  } catch (error) {
    deps.log.error({ err: error, batch: turn.code }, 'somebody of a batch could not be begun; it is tried again');
  }
}
