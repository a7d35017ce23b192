// What the kill matrix may play again, and what it must not.
import { describe, expect, it } from 'vitest';
import { INVARIANTS, type Invariant } from '../../faults/invariants.ts';
import { isOfSlowness, patiently } from '../../faults/support/patience.ts';

const NEVER_EXCUSED: readonly Invariant[] = [
  'never applied twice',
  'audit chain whole',
  'journal and audit agree',
  'no secret in a log',
  'no error in a log',
  'nothing unknown asked',
  'takeover waited',
];

function aResult(isLate: boolean, ...invariants: Invariant[]) {
  return { isLate, violations: invariants.map((invariant) => ({ invariant, what: 'as it was' })) };
}

describe('a case of the kill matrix', () => {
  it.each(NEVER_EXCUSED)('is not played again for “%s”, late or not', (invariant) => {
    expect([true, false].map((isLate) => isOfSlowness(aResult(isLate, invariant)))).toEqual([false, false]);
    expect(isOfSlowness(aResult(true, 'next request soon', invariant))).toBe(false);
  });

  it.each(INVARIANTS.filter((one) => one !== 'next request soon'))(
    'that ended in time is judged at once: %s',
    (one) => {
      expect(isOfSlowness(aResult(false, one))).toBe(false);
    },
  );

  it('is played once more where it was late, or its trap never closed; a second failure counts', async () => {
    const why: string[] = [];
    const late = aResult(true, 'run closed, nothing without a next action');
    const plays = [
      () => Promise.reject(new Error('0 of 1 statements came to the gate')),
      async () => late,
      async () => late,
    ];
    const play = async () => (await plays.shift()?.()) ?? aResult(false);

    expect(await patiently(play, (reason) => why.push(reason))).toBe(late);
    expect(await patiently(play)).toEqual(aResult(false));
    expect(why).toEqual(['Error: 0 of 1 statements came to the gate']);
  });
});
