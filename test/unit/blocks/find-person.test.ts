// The window that asks who is leaving: whatever Okta holds, Slack takes the options, and each carries the exact login.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFindPersonModal, buildPersonOptions } from '../../../src/blocks/modal-find-person.ts';
import { expectGoodModal, text } from './screens.ts';

describe('the search for a person', () => {
  it('is one good window', () => {
    expectGoodModal(buildFindPersonModal());
  });

  it('offers each person with a login that Slack can carry, whole, and a text within its limit', () => {
    const people = fc.array(
      fc.record({ name: text, login: fc.string({ minLength: 1, maxLength: 200 }), status: text }),
    );
    fc.assert(
      fc.property(people, (found) => {
        const options = buildPersonOptions(found);
        expect(options.map((one) => one.value)).toEqual(
          found.map((one) => one.login).filter((login) => login.length <= 150),
        );
        for (const { text: shown } of options) {
          expect(shown.type).toBe('plain_text');
          expect(shown.text.length).toBeGreaterThan(0);
          expect(shown.text.length).toBeLessThanOrEqual(75);
        }
      }),
    );
  });

  it('says who cannot sign in any more', () => {
    expect(
      buildPersonOptions([{ name: 'Dana Whitfield', login: 'dana@acme.test', status: 'DEPROVISIONED' }]),
    ).toMatchObject([{ text: { text: 'Dana Whitfield · dana@acme.test (deactivated)' }, value: 'dana@acme.test' }]);
  });
});
