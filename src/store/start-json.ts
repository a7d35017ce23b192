// How a run starts, as its column keeps it: dates are text there.
import { revivePlan } from '../workflow/model/plan.ts';
import type { Person, PinnedIds, RunStatus } from '../workflow/model/run.ts';
import type { Held, Start } from '../workflow/model/start.ts';
import type { StartRow, StoredStart } from '../workflow/model/start-ports.ts';

type Json = Record<string, unknown>;

export function storedStart(json: unknown): StoredStart | null {
  if (json === null || json === undefined) return null;
  const start = json as Json;
  const date = (key: string): Date | null => (typeof start[key] === 'string' ? new Date(start[key]) : null);
  const held = (start.held ?? null) as (Omit<Held, 'now'> & { now: unknown }) | null;
  return {
    status: start.status as Start['status'],
    at: date('at'),
    zone: (start.zone as string | null) ?? null,
    lastWorkingAt: date('lastWorkingAt'),
    employmentEndsOn: (start.employmentEndsOn as string | null) ?? null,
    remindAt: date('remindAt'),
    plan: start.plan ? revivePlan(start.plan) : null,
    devices: (start.devices as Start['devices'] | undefined) ?? null,
    held: held && { because: held.because, now: held.now ? revivePlan(held.now) : null },
    trouble: (start.trouble as string | null) ?? null,
    reminded: start.reminded === true,
    passed: start.passed === true,
  };
}

export function reviveStart(row: {
  id: string;
  code: string;
  status: RunStatus;
  person_id: string;
  person: Person;
  ids: PinnedIds;
  trigger: string;
  requested_by: string;
  requested_at: Date;
  reason: string | null;
  start: unknown;
  start_tries: number;
}): StartRow {
  return {
    id: row.id,
    code: row.code,
    status: row.status,
    personId: row.person_id,
    person: row.person,
    ids: row.ids,
    trigger: row.trigger,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    reason: row.reason,
    start: storedStart(row.start),
    tries: row.start_tries,
  };
}
