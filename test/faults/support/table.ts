// The matrix in figures, for the end of a run.
import { INVARIANTS } from '../invariants.ts';
import type { CaseResult } from './kill-case.ts';

/** `again`: names of cases that were played twice because the machine was slow. */
export function tableOf(results: readonly CaseResult[], again: readonly string[]): string {
  const times = results.flatMap((one) => one.recoveryMs ?? []).sort((a, b) => a - b);
  const kills = results.reduce((sum, one) => sum + one.kills, 0);
  const p50 = times[Math.floor(times.length / 2)] ?? 0;
  const p95 = times[Math.floor(times.length * 0.95)] ?? 0;
  const soon = times.filter((ms) => ms <= 2_000).length;
  const lines = INVARIANTS.map((invariant) => {
    const n = results.filter((one) => one.violations.some((violation) => violation.invariant === invariant)).length;
    return `  ${invariant.padEnd(44)} ${String(n).padStart(4)}`;
  });
  const bad = results.flatMap((one) =>
    one.violations.map(({ invariant, what }) => `  ${one.name}: ${invariant}: ${what}`),
  );
  return [
    `cases ${results.length}, kills ${kills}`,
    'cases that violate',
    ...lines,
    `kill to next request: n ${times.length}, p50 ${p50} ms, p95 ${p95} ms, max ${times.at(-1) ?? 0} ms; within 2 s ${soon} of ${times.length}`,
    `played again because the machine was slow: ${again.length}`,
    ...again.map((one) => `  ${one}`),
    ...(bad.length > 0 ? ['violations', ...bad] : []),
  ].join('\n');
}
