// The catalogue as a whole: every need names a step of it, and every step that a legal hold blocks is told on screens.
import { expect, it } from 'vitest';
import { KEPT_BY_HOLD } from '../../../src/blocks/hold-text.ts';
import { type Connectors, offboardingSteps } from '../../../src/workflow/steps/catalogue.ts';

// Steps only keep what they are given: nothing is called here.
const steps = offboardingSteps({
  ...{ okta: {}, google: {}, receivers: {}, jamf: {}, snipeit: {} },
  fetched: async () => null,
  returns: { retriever: null, orders: null, bamboohr: null },
} as unknown as Connectors);

it('names no step in a need that a run with everything set up would not have', () => {
  const names = steps.map((step) => step.name);

  const needed = steps.flatMap((step) => step.needs.flat().map((need) => need.step));

  expect(needed.filter((name) => !names.includes(name))).toEqual([]);
});

it('tells of each step that a legal hold blocks what the hold keeps, and of no other', () => {
  expect(steps.filter((step) => step.blockedByHold).map((step) => step.name)).toEqual([...KEPT_BY_HOLD.keys()]);
});
