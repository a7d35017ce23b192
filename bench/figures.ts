// Reads the simulators' journals into figures: when access was revoked and when the last write was made, by person.
import type { Control } from '../sandbox/demo/control.ts';
import { LATENCY_MS } from './stage.ts';

interface Call {
  readonly at: number;
  readonly operation: string;
  readonly write: boolean;
  readonly applied: boolean;
  readonly detail: { readonly subject?: string };
}

export interface Times {
  /** From the start to the suspension applied, in ms. */
  readonly revoked: readonly number[];
  /** From the start to the last write applied, in ms. */
  readonly made: readonly number[];
  readonly calls: number;
}

/** `startedAt`: by Okta id, on this machine's clock, which the simulators share. */
export async function timesOf(okta: Control, startedAt: ReadonlyMap<string, number>): Promise<Times> {
  const calls = (await okta.get('/journal')) as Call[];
  const since = Math.min(...startedAt.values());
  const revoked: number[] = [];
  const made: number[] = [];
  for (const [id, from] of startedAt) {
    const writes = calls.filter((call) => call.write && call.applied && call.detail.subject === id);
    const suspended = writes.find((call) => call.operation === 'okta.suspendUser');
    const last = writes.at(-1);
    if (!suspended || !last) throw new Error(`${id} was not offboarded`);
    revoked.push(suspended.at + LATENCY_MS - from);
    made.push(last.at + LATENCY_MS - from);
  }
  return { revoked, made, calls: calls.filter((call) => call.at >= since).length };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN);
}

export function told(values: readonly number[]): string {
  return `p50 ${quantile(values, 0.5)} ms, p99 ${quantile(values, 0.99)} ms (n ${values.length})`;
}
