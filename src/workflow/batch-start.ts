// Somebody of an approved batch: read again, then a run of their own. It begins as it was approved, or is held and says what changed.
import {
  againIfStale,
  type BeginDeps,
  heldBecauseOf,
  idsOf,
  lookFor,
  newRun,
  type SeenPlan,
  TryAgain,
} from './begin.ts';
import type { BatchStore, BatchTurn } from './model/batch.ts';
import { LET_BY } from './model/breaker.ts';
import { changedSince, type HeldBecause, hasOtherComputers, isNewlyProtected, type Start } from './model/start.ts';
import { rowsOf } from './rows-of-start.ts';

/** So long it is tried to read again before a human is asked. */
const GIVE_UP_AFTER_MS = 15 * 60_000;
const AGAIN_MS = [1_000, 5_000, 15_000, 30_000, 60_000] as const;

export type BatchStartDeps = BeginDeps & { readonly batches: BatchStore };

/** Answers how it ended, in a word. Safe to repeat: the run is linked to its batch in the statement that opens it. */
export async function startBatchPerson(deps: BatchStartDeps, turn: BatchTurn): Promise<string> {
  try {
    const live = await deps.runs.live('offboarding', turn.personId);
    if (live) return await joinsNothing(deps, turn);
    return await lookAndOpen(deps, turn);
  } catch (error) {
    const vendor = error instanceof TryAgain ? error.vendor : 'unexpected';
    deps.log.warn({ err: error, batch: turn.code }, 'somebody of a batch could not be looked at');
    const lateMs = deps.clock.now().getTime() - turn.judgedAt.getTime();
    if (lateMs > GIVE_UP_AFTER_MS && turn.tries >= AGAIN_MS.length)
      return open(deps, turn, { because: { why: 'not_read', vendor }, seen: null });
    await deps.batches.putOff(turn, AGAIN_MS[Math.min(turn.tries, AGAIN_MS.length - 1)] ?? 60_000);
    return 'put_off';
  }
}

async function lookAndOpen(deps: BatchStartDeps, turn: BatchTurn): Promise<string> {
  const ended = await deps.runs.ended('offboarding', turn.personId);
  const seen = await lookFor(deps, { email: turn.person.email, oktaId: turn.personId });
  if (seen.kind === 'refused')
    return open(deps, turn, { because: { why: 'refused', refusal: seen.refusal.why }, seen: null });
  const what = [
    ...changedSince(turn.plan, seen.plan),
    ...(hasOtherComputers(turn.plan, seen.plan) ? (['devices'] as const) : []),
  ];
  const because =
    heldBecauseOf(seen.plan) ??
    (isNewlyProtected(turn.plan, seen.plan) ? ({ why: 'protected' } as const) : null) ??
    (what.length > 0 ? ({ why: 'changed', what: [...new Set(what)] } as const) : null);
  return open(deps, turn, { because, seen, ended });
}

async function open(
  deps: BatchStartDeps,
  turn: BatchTurn,
  {
    because,
    seen,
    ended,
  }: { readonly because: HeldBecause | null; readonly seen: SeenPlan | null; readonly ended?: number },
): Promise<string> {
  const now = deps.clock.now();
  const known: SeenPlan = seen ?? { kind: 'plan', ...turn, deactivatedAt: null };
  const start: Start = {
    status: because ? 'held' : 'open',
    at: turn.judgedAt,
    zone: known.plan.zone?.name ?? null,
    lastWorkingAt: null,
    employmentEndsOn: null,
    remindAt: null,
    plan: turn.plan,
    devices: null,
    held: because && { because, now: seen?.plan ?? null },
  };
  const { rows, devices } = rowsOf(deps, known.plan, null);
  const { start: kept = start, ...run } = newRun(deps, known, {
    trigger: 'slack_batch',
    requestedBy: turn.requestedBy,
    requestedAt: turn.requestedAt,
    reason: `${turn.reason} (${turn.code})`,
    start,
    // Two approvers have answered what the breaker would ask.
    ids: { ...idsOf(deps, known, null), [LET_BY]: turn.code, batch: turn.batchId },
    devices,
    needsApproval: false,
  });
  const fresh = { ...run, ...(because && { start: kept }), ...(ended !== undefined && { endedBefore: ended }) };
  const opened = await deps.store.openRun(fresh, rows, deps.runner.room(), now).catch(againIfStale);
  deps.runner.begin(opened.mine);
  deps.changed();
  if (opened.joined) return joinsNothing(deps, turn);
  return because ? 'held' : 'opened';
}

/** There is a run of this person that is not this batch's: it goes on as it is. */
async function joinsNothing(deps: BatchStartDeps, turn: BatchTurn): Promise<string> {
  await deps.batches.leaveOut(turn, 'already_running');
  deps.changed();
  return 'already_running';
}
