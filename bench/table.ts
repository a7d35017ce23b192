// What the bench prints: one line a figure, the bar beside it, and whether it was reached.
import os from 'node:os';
import { quantile } from './figures.ts';

export function loadNow(): string {
  return os.loadavg()[0]?.toFixed(1) ?? '?';
}

export function heading(title: string): void {
  console.log(`\n${title}  (load ${loadNow()})`);
}

export function told(values: readonly number[]): string {
  const ms = (q: number): string => `${Math.round(quantile(values, q))} ms`.padStart(8);
  return `n ${String(values.length).padStart(3)}  p50 ${ms(0.5)}  p99 ${ms(0.99)}`;
}

export function line(what: string, says: string): void {
  console.log(`  ${what.padEnd(34)}${says}`);
}

const missed: string[] = [];

/** `most`: the bar, in the figure's own unit. */
export function held(what: string, figure: number, most: number, unit = ''): void {
  const isGood = figure <= most;
  const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2)) + unit;
  if (!isGood) missed.push(`${what}: ${number(figure)}, bar ${number(most)}`);
  line(what, `${number(figure).padStart(10)}   bar ${number(most).padStart(8)}   ${isGood ? 'ok' : 'SHORT'}`);
}

export function summary(): void {
  console.log(missed.length === 0 ? '\nEvery bar was reached.' : `\nShort of the bar:\n  ${missed.join('\n  ')}`);
}

/** Quotient of the quantiles. */
export function ratio(ours: readonly number[], other: readonly number[], q: number): number {
  return quantile(ours, q) / quantile(other, q);
}
