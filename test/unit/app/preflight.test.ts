// What counts as the same failure from one day to the next, so that the channel is not told again.
import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/app/preflight.ts';

describe('what fails is the same whatever', () => {
  it.each([
    ['the figure is', 'clock is 599 s ahead', 'clock is 612.5 s ahead', true],
    ['the vendor’s words are', 'no answer (timed out)', 'no answer (HTTP 503)', true],
    ['but not whatever the scope is', 'okta.users.read not granted', 'okta.users.manage not granted', false],
  ])('%s', (_, one, other, same) => {
    expect(nameOf({ check: 'X', says: one }) === nameOf({ check: 'X', says: other })).toBe(same);
  });

  it('but not of another vendor', () => {
    expect(nameOf({ check: 'Jira', says: 'no answer' })).not.toBe(nameOf({ check: 'Okta', says: 'no answer' }));
  });
});
