// Steps of vendors whose settings are gone: each one of the catalogue has its stand-in, with the same promises.
import { expect, it } from 'vitest';
import type { Google } from '../../../src/connectors/google/client.ts';
import type { Okta } from '../../../src/connectors/okta/client.ts';
import type { Step } from '../../../src/workflow/model/step.ts';
import { type Connectors, leftoverSteps, offboardingSteps } from '../../../src/workflow/steps/catalogue.ts';
import { type UndoConnectors, undoSteps } from '../../../src/workflow/steps/undo-catalogue.ts';

const promises = ({ name, vendor, stage, keepsTryingEveryMs, outlivesCancel }: Step) => ({
  ...{ name, vendor, stage, keepsTryingEveryMs, outlivesCancel },
});

const OF_AN_UNDO = undoSteps({ okta: {}, google: {}, jamf: {} } as unknown as UndoConnectors);

it('stand in for all of Google’s, and promise what those promise', () => {
  const receivers = {} as NonNullable<Connectors['receivers']>;
  const catalogue = [...offboardingSteps({ okta: {} as Okta, google: {} as Google, receivers }), ...OF_AN_UNDO];
  const googles = catalogue.filter(({ vendor }) => vendor === 'google').map(promises);

  expect(googles.length).toBeGreaterThan(0);
  expect(leftoverSteps({ jira: true, google: false, jamf: true, snipeit: true }).map(promises)).toEqual(googles);
  expect(leftoverSteps({ jira: true, google: true, jamf: true, snipeit: true })).toEqual([]);
});

it.each(['jamf', 'snipeit'] as const)('stand in for all of %s’s, and promise what those promise', (vendor) => {
  const given = { okta: {}, jamf: {}, snipeit: {}, fetched: async () => null } as unknown as Connectors;
  const catalogue = [...offboardingSteps(given), ...OF_AN_UNDO];
  const theirs = catalogue.filter((step) => step.vendor === vendor).map(promises);

  expect(theirs.length).toBeGreaterThan(0);
  expect(leftoverSteps({ jira: true, google: true, jamf: true, snipeit: true, [vendor]: false }).map(promises)).toEqual(
    theirs,
  );
});
