// The table in SQL and the one in TypeScript are one, and the trigger lets nothing else happen.
import type { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StepStatus, TRANSITIONS } from '../../../src/workflow/model/transitions.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { byHand } from '../../support/engine.ts';

const STATUSES = Object.keys(TRANSITIONS) as StepStatus[];

let database: TestDatabase;
let client: Client;

beforeEach(async () => {
  database = await freshDatabase();
  client = await byHand(database.url);
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

describe('step_transition', () => {
  it('holds what transitions.ts says, and nothing else', async () => {
    const wanted = STATUSES.flatMap((status) =>
      Object.entries(TRANSITIONS[status]).map(([event, becomes]) => `${status} ${event} ${becomes}`),
    );

    const { rows } = await client.query('SELECT status, event, becomes FROM step_transition');

    expect(rows.map((row) => `${row.status} ${row.event} ${row.becomes}`).sort()).toEqual(wanted.sort());
  });

  it('knows every status that a row can have', async () => {
    const { rows } = await client.query<{ status: string }>(
      'SELECT unnest(enum_range(NULL::step_status))::text AS status',
    );

    expect(rows.map((row) => row.status).sort()).toEqual([...STATUSES].sort());
  });
});

describe('only_known_moves', () => {
  it('allows exactly the moves of the table, from every status to every other', async () => {
    const wanted = STATUSES.flatMap((from) =>
      [...new Set<string>(Object.values(TRANSITIONS[from]))].map((to) => `${from} → ${to}`),
    );
    await client.query(
      `INSERT INTO run (id, kind, code, person_id, person, ids, trigger, requested_by, policy_hash, status, requested_at)
       VALUES ('00000000-0000-4000-8000-000000000001', 'offboarding', 'OFF-0', 'ada', '{}', '{}', 'slack', 'T1/ULIN', 'p', 'open', now())`,
    );

    const allowed: string[] = [];
    for (const from of STATUSES) {
      for (const to of STATUSES) {
        if (from !== to && (await moves(from, to))) allowed.push(`${from} → ${to}`);
      }
    }

    expect(allowed.sort()).toEqual(wanted.sort());
  });
});

async function moves(from: StepStatus, to: StepStatus): Promise<boolean> {
  await client.query('BEGIN');
  try {
    const { rows } = await client.query(
      `INSERT INTO step_run (run_id, step, vendor, stage, priority, needs, timed, status, opened_at)
       VALUES ('00000000-0000-4000-8000-000000000001', 'fake.step', 'fake', 'contain', 50, '[]', false, $1, now()) RETURNING id`,
      [from],
    );
    await client.query('UPDATE step_run SET status = $2 WHERE id = $1', [rows[0].id, to]);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '23514') return false;
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}
