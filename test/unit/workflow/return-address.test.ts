// Whether a box can go to an address, and what is said where it cannot: fields, never what stands in them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkAddress,
  type GivenAddress,
  problemWords,
  readAddress,
} from '../../../src/workflow/model/return-address.ts';

const GOOD: GivenAddress = {
  name: 'Dana Whitfield',
  email: 'dana@home.test',
  line1: '12 Elm Street',
  line2: null,
  city: 'Springfield',
  state: 'OR',
  zip: '97477',
  country: 'United States',
};
const problemsOf = (over: Partial<GivenAddress>): readonly string[] => {
  const checked = checkAddress({ ...GOOD, ...over });
  return 'problems' in checked ? problemWords(checked.problems) : [];
};

describe('an address', () => {
  it('is taken as a label wants it', () => {
    expect(checkAddress({ ...GOOD, state: ' or ', line1: '  12  Elm Street ', line2: ' ' })).toEqual({
      address: { ...GOOD, country: 'US' },
    });
    expect(problemsOf({ country: 'ca', state: 'on', zip: 'K1A 0B1' })).toEqual([]);
    expect(problemsOf({ state: 'PR', zip: '00901-1234' })).toEqual([]);
  });

  it.each([
    [{ line1: null }, 'line1 missing'],
    [{ email: ' ' }, 'email missing'],
    [{ email: 'dana at home' }, 'email malformed'],
    [{ line1: 'PO Box 12' }, 'line1 po_box'],
    [{ line1: 'P. O. BOX 12' }, 'line1 po_box'],
    [{ line2: 'Post Office Box 7' }, 'line2 po_box'],
    [{ line1: 'p.o.box 7' }, 'line1 po_box'],
    [{ country: 'Kenya' }, 'country not_served'],
    [{ country: 'Nowhere' }, 'country not_served'],
    [{ state: 'Oregon' }, 'state malformed'],
    [{ country: 'CA' }, 'state malformed'],
    [{ zip: '9747' }, 'zip malformed'],
    [{ country: 'CA', state: 'ON', zip: '97477' }, 'zip malformed'],
    [{ line1: 'x'.repeat(201) }, 'line1 too_long'],
  ])('%j is told as %s', (over, problem) => {
    expect(problemsOf(over)).toContain(problem);
  });

  it.each(['12 Polk Box Road', '1 Poboxtown Lane', 'Apt 4, Post Street', '7 Box Hill'])('%s is no PO box', (line1) => {
    expect(problemsOf({ line1 })).toEqual([]);
  });

  it('is either one that is read back the same, or has problems that name nothing of it', () => {
    const text = fc.option(fc.string({ maxLength: 40 }), { nil: null });
    const given = fc.record({
      name: text,
      email: text,
      line1: text,
      line2: text,
      city: text,
      state: text,
      zip: text,
      country: text,
    });
    fc.assert(
      fc.property(given, (one) => {
        const checked = checkAddress(one);
        if ('address' in checked) expect(readAddress(JSON.stringify(checked.address))).toEqual(checked.address);
        else
          for (const word of problemWords(checked.problems))
            expect(word).toMatch(
              /^(name|email|line1|line2|city|state|zip|country) (missing|po_box|not_served|malformed|too_long)$/,
            );
      }),
    );
  });
});
