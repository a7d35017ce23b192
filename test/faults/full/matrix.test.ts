// The kill matrix over the catalogue: every write at each point, with one worker and with two, and every read once.
import { afterAll, describe, expect, it } from 'vitest';
import { discoverAlone } from '../discover.ts';
import {
  type CallPoint,
  type CaseResult,
  type KillCase,
  nameOf,
  runKillCase,
  WRITE_POINTS,
} from '../support/kill-case.ts';
import { patiently } from '../support/patience.ts';
import { tableOf } from '../support/table.ts';

const LEAVER = 'dana@acme.test';
const found = await discoverAlone(LEAVER);
const results: CaseResult[] = [];
const again: string[] = [];
/** A case ends within 75 s of its kill, or is late. */
const PLAYED_TWICE_MS = 240_000;
/** More than that are no accident. */
const FEW = 8;

const writeCases: KillCase[] = found.writes.flatMap((write) =>
  WRITE_POINTS.flatMap((point) => ([1, 2] as const).map((workers) => ({ email: LEAVER, write, point, workers }))),
);
const callCases: KillCase[] = found.calls.flatMap((call) => {
  const points: CallPoint[] = ['answer not read'];
  // A message may still arrive, or not, after its sender died.
  if (['slack.chat.postMessage', 'jira.addComment'].includes(call.operation))
    points.push('sent, and lost on the way', 'sent, and applied late');
  return points.map((point) => ({ email: LEAVER, call, point, workers: 1 as const }));
});

describe.concurrent('an offboarding whose process is killed', () => {
  it.for([...writeCases, ...callCases].map((one) => [nameOf(one), one] as const))(
    '%s',
    { timeout: PLAYED_TWICE_MS },
    async ([, one], test) => {
      const result = await patiently(
        () => runKillCase(one, found.operations),
        (why) => again.push(`${nameOf(one)}: ${why}`),
      );
      results.push(result);

      test.expect(result.violations).toEqual([]);
    },
  );
});

describe('the matrix', () => {
  it('was derived from a run with writes and reads', () => {
    expect(writeCases.length).toBe(found.writes.length * WRITE_POINTS.length * 2);
    expect(found.writes.length).toBeGreaterThan(0);
    expect(found.calls.length).toBeGreaterThan(0);
  });
});

afterAll(() => {
  console.log(tableOf(results, again));
  expect(again.length).toBeLessThanOrEqual(FEW);
});
