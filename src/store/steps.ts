// The engine's statements: claim, intend, record, open, sweep. Each is one function in SQL, committed by itself.
import type { ClaimedStep, IntendVerdict, Recorded } from '../workflow/model/claimed-step.ts';
import type { OpenedRun } from '../workflow/model/new-run.ts';
import type { EngineStore } from '../workflow/model/ports.ts';
import { operatorKey, type RunStatus } from '../workflow/model/run.ts';
import type { JudgeVerdict } from '../workflow/model/verdicts.ts';
import { runRefused } from './breaker.ts';
import { type Database, isOurFault } from './client.ts';
import { createDecisions } from './decisions.ts';
import type { Instance } from './instance.ts';
import { asClaimed, type ClaimedJson, outcomeJson } from './step-json.ts';

type Row = { kind: string; claimed: ClaimedJson | null };

export function createEngineStore(
  db: Database,
  instance: Instance,
  limits: { leaseMs: number; callDeadlineMs: number },
): EngineStore {
  const mine = (rows: readonly Row[], num: number): ClaimedStep[] =>
    rows.flatMap((row) => (row.kind === 'mine' && row.claimed ? [asClaimed(row.claimed, num)] : []));

  /** A lost answer may have claimed or recorded what nobody here knows of: this number gives it all up. */
  const query = async <T extends object>(
    num: number,
    sql: string,
    values: readonly unknown[],
  ): Promise<readonly T[]> => {
    try {
      return await db.query<T>(sql, values);
    } catch (error) {
      if (!isOurFault(error)) instance.giveUp(num);
      throw error;
    }
  };

  return {
    ...createDecisions(db),

    async claim(vendors, limit, now) {
      const num = instance.num;
      const sentAt = performance.now();
      const rows = await query<{ claim_steps: ClaimedJson }>(num, 'SELECT claim_steps($1, $2, $3, $4, $5)', [
        num,
        vendors,
        limit,
        limits.callDeadlineMs,
        now,
      ]);
      instance.seen(sentAt);
      return rows.map((row) => asClaimed(row.claim_steps, num));
    },

    async intend(step, write, answers, now): Promise<IntendVerdict> {
      const rows = await query<{ verdict: IntendVerdict['verdict']; write_id: string | null; wait_ms: number }>(
        step.instance,
        'SELECT * FROM intend_write($1, $2, $3, $4, $5, $6, $7)',
        [
          step.id,
          step.attempt,
          step.instance,
          JSON.stringify(write),
          JSON.stringify(answers),
          limits.callDeadlineMs,
          now,
        ],
      ).catch(unlessGivenUp);
      if (rows === null) return { verdict: 'fenced' };
      const [row] = rows;
      if (!row) throw new Error('intend_write: no verdict');
      if (row.verdict === 'go') return { verdict: 'go', writeId: Number(row.write_id) };
      if (row.verdict === 'wait' || row.verdict === 'paused') return { verdict: row.verdict, waitMs: row.wait_ms };
      return { verdict: row.verdict };
    },

    async settle(step, answers, now) {
      await db.query('SELECT settle_writes($1, $2, $3, $4)', [step.run.id, step.step, JSON.stringify(answers), now]);
    },

    async record(step, outcome, answers, searched, take, now): Promise<Recorded> {
      const num = instance.num;
      const rows = await query<Row>(
        step.instance,
        'SELECT kind, claimed FROM record_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
        [
          step.id,
          step.attempt,
          step.instance,
          outcomeJson(outcome),
          JSON.stringify(answers),
          searched,
          // Under a number that was lost nothing more is taken.
          step.instance === num ? take.limit : 0,
          take.vendors,
          limits.callDeadlineMs,
          now,
        ],
      ).catch(unlessGivenUp);
      if (rows === null) return { fenced: true, mine: [], left: false };
      return {
        fenced: rows[0]?.kind === 'fenced',
        mine: mine(rows, num),
        left: rows.some((row) => row.kind === 'left'),
      };
    },

    async openRun(run, steps, take, now): Promise<OpenedRun> {
      const num = instance.num;
      const sentAt = performance.now();
      const rows = await query<Row & { run_id: string; code: string }>(
        num,
        'SELECT kind, run_id, code, claimed FROM open_run($1, $2, $3, $4, $5, $6, $7)',
        [JSON.stringify(run), JSON.stringify(steps), num, take.limit, take.vendors, limits.callDeadlineMs, now],
      ).catch(runRefused);
      instance.seen(sentAt);
      const [first] = rows;
      if (!first) throw new Error('open_run: no answer');
      return {
        joined: first.kind === 'joined',
        runId: first.run_id,
        code: first.code,
        mine: mine(rows, num),
        left: rows.some((row) => row.kind === 'left'),
      };
    },

    async judge({ run, version }, { kind, ...answer }, by, take, now): Promise<JudgeVerdict> {
      const num = instance.num;
      const sentAt = performance.now();
      const rows = await query<
        Row & { run_status: RunStatus; what: string | null; decided_by: string | null; decided_at: Date | null }
      >(num, 'SELECT * FROM judge_run($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
        run,
        version,
        kind,
        operatorKey(by),
        JSON.stringify(answer),
        num,
        take.limit,
        take.vendors,
        limits.callDeadlineMs,
        now,
      ]);
      instance.seen(sentAt);
      const [first] = rows;
      if (!first) throw new Error('judge_run: no verdict');
      const verdict = first.kind as 'approved' | 'declined' | Exclude<JudgeVerdict['verdict'], 'judged'>;
      if (verdict === 'approved' || verdict === 'declined') return { verdict: 'judged', mine: mine(rows, num) };
      if (verdict !== 'stale') return { verdict };
      return { verdict, status: first.run_status, what: first.what, by: first.decided_by, at: first.decided_at };
    },

    async endedContainment(runId) {
      const num = instance.num;
      const rows = await db.query<{ claimed: ClaimedJson }>(
        `SELECT claimed_step(s.id, $2) AS claimed FROM step_run s WHERE s.run_id = $1 AND s.stage = 'contain'
           AND (s.status = 'done' OR s.status = 'skipped' AND s.cause IS DISTINCT FROM 'by_hand')`,
        [runId, limits.callDeadlineMs],
      );
      return rows.map((row) => asClaimed(row.claimed, num));
    },

    async sweep(now) {
      const sentAt = performance.now();
      const [row] = await db.query<{
        taken_over: number;
        woken: number;
        ready: number;
        in_hand: number;
        adoptable: number;
        undrawn: number;
        next_due_at: Date | null;
      }>('SELECT * FROM sweep($1, $2, $3)', [instance.num, limits.leaseMs, now]);
      if (!row) throw new Error('sweep: no answer');
      instance.seen(sentAt);
      return {
        takenOver: row.taken_over,
        woken: row.woken,
        ready: row.ready,
        inHand: row.in_hand,
        adoptable: row.adoptable,
        undrawn: row.undrawn,
        nextDueAt: row.next_due_at,
      };
    },

    async pauseVendor(vendor, ms) {
      await db.query('SELECT pause_vendor($1, $2)', [vendor, Math.round(ms)]);
    },

    async reservePace(vendor, calls, intervalMs, burst) {
      const [row] = await db.query<{ reserve_pace: number }>('SELECT reserve_pace($1, $2, $3, $4)', [
        vendor,
        calls,
        intervalMs,
        burst,
      ]);
      return row?.reserve_pace ?? 0;
    },
  };
}

function unlessGivenUp(error: unknown): null {
  if (isOurFault(error)) throw error;
  return null;
}
