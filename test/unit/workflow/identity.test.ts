// The rule of identity: who is the same person, who is another, and who is for a human to say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contradictionsOf,
  type HrisRecord,
  managersDiffer,
  type OktaAccount,
} from '../../../src/workflow/model/identity.ts';

const DANA: OktaAccount = {
  id: '00uDana',
  login: 'dana@acme.test',
  name: 'Dana Whitfield',
  names: ['Dana Whitfield'],
  employeeNumber: '1004',
  title: 'Platform engineer',
  managers: ['Grace Njeri', 'grace@acme.test'],
};
const RECORD: HrisRecord = {
  id: '43',
  email: 'dana@acme.test',
  status: 'Active',
  name: 'Dana Whitfield',
  employeeNumber: '1004',
  title: 'Platform engineer',
  department: 'Engineering',
  country: 'United States',
  managerId: '42',
  managerName: 'Grace Njeri',
  managerEmail: 'grace@acme.test',
  hireDate: '2024-02-05',
  terminationDate: null,
  hidden: [],
};
const account = (over: Partial<OktaAccount>): OktaAccount => ({ ...DANA, ...over });
const record = (over: Partial<HrisRecord>): HrisRecord => ({ ...RECORD, ...over });

describe('employee numbers on both sides decide alone', () => {
  it.each([
    ['the same', '1004', '1004', []],
    ['the same with zeros and blanks', ' 0001004', '1004 ', []],
    ['the same in other letters', 'e-17', 'E-17', []],
    ['another', '1004', '1005', ['other_number']],
    ['another with the same digits', '100', '1000', ['other_number']],
    ['nothing but zeros', '0', '00', []],
  ] as const)('%s', (_, ours, theirs, because) => {
    for (const name of ['Dana Whitfield', 'Alex Moreau'])
      expect(contradictionsOf(account({ employeeNumber: ours }), [record({ employeeNumber: theirs, name })])).toEqual(
        because,
      );
  });
});

describe('without both numbers the names do', () => {
  const named = (ours: readonly string[], theirs: string | null) =>
    contradictionsOf(account({ names: ours, employeeNumber: null }), [record({ name: theirs })]);

  it.each([
    ['in another order', 'Whitfield, Dana'],
    ['with a middle name', 'Dana Marie Whitfield'],
    ['with an initial', 'Dana M. Whitfield'],
    ['with accents', 'Dàna Whitfíeld'],
    ['in capitals', 'DANA WHITFIELD'],
    ['with invisible letters', 'Da\u200bna Whitfield'],
    ['in another script', '다나 위트필드'],
    ['not given', ''],
  ])('the same name %s', (_, theirs) => {
    expect(named(['Dana Whitfield'], theirs)).toEqual([]);
  });

  it.each([
    ['Daniel Okafor', 'Dan Okafor'],
    ['김 민수', '김민수'],
  ])('%s is %s', (ours, theirs) => {
    expect(named([ours], theirs)).toEqual([]);
  });

  it.each([
    ['another name', 'Alex Moreau'],
    ['the same first name only', 'Dana Marsh'],
    ['the same last name only', 'Lee Whitfield'],
    ['a look-alike letter', 'D\u0430na Whitfield'],
  ])('%s is for a human', (_, theirs) => {
    expect(named(['Dana Whitfield'], theirs)).toEqual(['other_name']);
  });

  it('any of the account’s names is enough', () => {
    expect(named(['Danny W', 'Dana Whitfield'], 'Dana Whitfield')).toEqual([]);
  });

  it('a name that is hidden is no other name', () => {
    expect(named(['Dana Whitfield'], null)).toEqual([]);
  });

  it('a number on one side only proves nothing', () => {
    expect(contradictionsOf(account({ employeeNumber: '' }), [record({ name: 'Alex Moreau' })])).toEqual([
      'other_name',
    ]);
    expect(contradictionsOf(DANA, [record({ employeeNumber: null, name: 'Alex Moreau' })])).toEqual(['other_name']);
  });
});

describe('more than one record', () => {
  it.each([
    ['that agree', {}],
    ['of which one is inactive', { status: 'Inactive' }],
    ['of which one has another number', { employeeNumber: '7' }],
  ] as const)('%s is always for a human', (_, over) => {
    expect(contradictionsOf(DANA, [RECORD, record({ id: '44', ...over })])[0]).toBe('several_records');
  });

  it('whatever they say', () => {
    const anyRecord = fc.record({
      name: fc.option(fc.string()),
      employeeNumber: fc.option(fc.string()),
      status: fc.constantFrom('Active' as const, 'Inactive' as const, null),
    });
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 2, maxLength: 4 }), (overs) => {
        expect(
          contradictionsOf(
            DANA,
            overs.map((over, at) => record({ ...over, id: String(at + 1) })),
          )[0],
        ).toBe('several_records');
      }),
    );
  });
});

it('names compare the same from either side', () => {
  const name = fc.array(fc.constantFrom('Dana', 'Dan', 'Daniel', 'Whitfield', 'M', '민수', 'Á'), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(name, name, (one, other) => {
      const [a, b] = [one.join(' '), other.join(' ')];
      const told = (ours: string, theirs: string) =>
        contradictionsOf(account({ names: [ours], employeeNumber: null }), [record({ name: theirs })]);
      expect(told(a, b)).toEqual(told(b, a));
    }),
  );
});

describe('managers', () => {
  it.each([
    ['the same address', ['grace@acme.test'], {}, false],
    ['the same name, another spelling', ['NJERI Grace'], { managerEmail: null }, false],
    ['one of two ways of saying it', ['Someone Old', 'grace@acme.test'], {}, false],
    ['another person', ['Sam Rivera', 'sam@acme.test'], {}, true],
    ['nobody in Okta', [], {}, false],
    ['a number in Okta', ['1003'], {}, false],
    ['nobody in BambooHR', ['Sam Rivera'], { managerName: null, managerEmail: null }, false],
    ['only an address there, only a name here', ['Sam Rivera'], { managerName: null }, false],
  ] as const)('%s', (_, managers, over, differ) => {
    expect(managersDiffer(account({ managers }), record(over))).toBe(differ);
  });

  it('never make two people of one', () => {
    expect(contradictionsOf(account({ managers: ['Sam Rivera'] }), [RECORD])).toEqual([]);
  });
});
