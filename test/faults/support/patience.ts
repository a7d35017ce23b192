// A case on a machine that is too slow for it says nothing about Sendoff: it is played once more, and counted. What only
// Sendoff can do wrong is never played again.
import type { Invariant, Violation } from '../invariants.ts';

/** What is untrue of any run that has not ended yet. */
const UNTIL_THE_END: readonly Invariant[] = [
  'access ended',
  'one root, one reply a step',
  'picture says closed',
  'one ticket, each end told once',
  'run closed, nothing without a next action',
  'every outcome known',
];
const ABOUT_SPEED: readonly Invariant[] = ['next request soon'];

interface Judged {
  readonly violations: readonly Violation[];
  readonly isLate: boolean;
}

/** `onAgain` hears why. A trap that never closed, and so threw, counts as slowness: nothing was judged. */
export async function patiently<T extends Judged>(
  play: () => Promise<T>,
  onAgain: (why: string) => void = () => undefined,
): Promise<T> {
  try {
    const result = await play();
    if (!isOfSlowness(result)) return result;
    onAgain(result.violations.map(({ invariant, what }) => `${invariant}: ${what}`).join('; '));
  } catch (error) {
    onAgain(String(error));
  }
  return play();
}

export function isOfSlowness({ violations, isLate }: Judged): boolean {
  const excused = isLate ? [...ABOUT_SPEED, ...UNTIL_THE_END] : ABOUT_SPEED;
  return violations.length > 0 && violations.every(({ invariant }) => excused.includes(invariant));
}
