// Reads a simulator's journal into figures: when access was revoked and when the last write was made, by person.
import { REVOKES } from './minimal-calls.ts';
import type { Leaver } from './walk.ts';

export interface JournalCall {
  readonly at: number;
  readonly operation: string;
  readonly write: boolean;
  readonly applied: boolean;
  readonly detail: { readonly subject?: string; readonly factorId?: string };
}

export interface Times {
  /** From the start to the suspension applied, in ms. */
  readonly revoked: readonly number[];
  /** From the start to the last write applied, in ms. */
  readonly made: readonly number[];
}

/** `startedAt`: by Okta id, on this machine's clock, which the simulators share. A call is applied `latencyMs` after it came. */
export function timesOf(
  calls: readonly JournalCall[],
  leavers: readonly Leaver[],
  startedAt: ReadonlyMap<string, number>,
  latencyMs: number,
): Times {
  const revoked: number[] = [];
  const made: number[] = [];
  for (const { id, login, deviceIds } of leavers) {
    const from = startedAt.get(id);
    const own = new Set([id, ...deviceIds]);
    const writes = calls.filter((call) => call.write && call.applied && own.has(call.detail.subject ?? ''));
    const suspended = writes.find((call) => call.operation === REVOKES);
    const last = writes.at(-1);
    if (
      from === undefined ||
      !suspended ||
      !last ||
      !writes.some(({ operation }) => operation === 'okta.deactivateUser')
    )
      throw new Error(`${login} was not offboarded`);
    revoked.push(suspended.at + latencyMs - from);
    made.push(last.at + latencyMs - from);
  }
  return { revoked, made };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export function join(times: readonly Times[]): Times {
  return { revoked: times.flatMap((one) => one.revoked), made: times.flatMap((one) => one.made) };
}
