// The bench's table of minimal calls: it names the catalogue's steps with their needs, and its bound follows from it.
import { expect, it } from 'vitest';
import { BARE_STEPS, boundOf, fewerThanMinimal, MINIMAL_STEPS, minimalCounts } from '../../bench/minimal-calls.ts';
import type { Okta } from '../../src/connectors/okta/client.ts';
import { offboardingSteps } from '../../src/workflow/steps/catalogue.ts';

it('has a row for each step of the catalogue that speaks to Okta, with its needs', () => {
  const catalogue = offboardingSteps({ okta: {} as Okta })
    .filter(({ vendor }) => vendor === 'okta')
    .map(({ name, needs }) => [
      name,
      needs.flatMap((need) => ('step' in need ? [need.step] : need.slice(0, 1).map((one) => one.step))),
    ]);
  const table = MINIMAL_STEPS.filter(({ step }) => step !== 'confirm').map(({ step, needs }) => [
    step,
    needs.filter((need) => need !== 'confirm'),
  ]);

  expect(table).toEqual(catalogue);
});

it('bounds the time to revoke by four calls in a row, and the makespan by sixteen', () => {
  expect(boundOf(MINIMAL_STEPS, 1)).toEqual({ revokedMs: 4, madeMs: 16 });
  expect(boundOf(BARE_STEPS, 1)).toEqual({ revokedMs: 1, madeMs: 8 });
});

it('finds who made fewer calls than it assumes', () => {
  const whole = [...minimalCounts(MINIMAL_STEPS, 2)].flatMap(([operation, times]) =>
    Array.from({ length: times }, () => ({ operation })),
  );
  const lessOne = whole.toSpliced(
    whole.findIndex(({ operation }) => operation === 'okta.suspendUser'),
    1,
  );

  expect(fewerThanMinimal(whole, MINIMAL_STEPS, 2)).toEqual([]);
  expect(fewerThanMinimal(lessOne, MINIMAL_STEPS, 2)).toEqual(['okta.suspendUser: 1 of 2']);
});
