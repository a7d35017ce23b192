// The policy's list of apps outside Okta: what is refused with which remedy, how long an owner has, and whom an app concerns.
import { describe, expect, it } from 'vitest';
import { PolicyError, parsePolicy } from '../../../src/app/policy.ts';
import { App, appIn, concerns, deadlineMs } from '../../../src/workflow/model/app-policy.ts';
import { policyFacts } from '../../../src/workflow/model/policy.ts';

const GOOD = 'key: figma, name: Figma, owner: kim@acme.test, backup: lee@acme.test, zone: Europe/Berlin';
const HOUR_MS = 3_600_000;

function problems(text: string): readonly string[] {
  try {
    parsePolicy(text);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

describe('an app of the policy', () => {
  it.each([
    [
      'key: figma, name: Figma, owner: kim@acme.test, zone: Europe/Berlin',
      'apps[1].backup is missing: write the address of somebody else',
    ],
    [
      'key: figma, name: Figma, backup: kim@acme.test, zone: Europe/Berlin',
      'apps[1].owner is missing: write the address of whoever',
    ],
    ['name: Figma, owner: kim@acme.test, backup: lee@acme.test, zone: Europe/Berlin', 'apps[1].key is missing'],
    [
      'key: figma, name: Figma, owner: kim@acme.test, backup: lee@acme.test',
      'apps[1].zone is missing: write the owner’s time zone',
    ],
    [GOOD.replace('lee@', 'KIM@'), 'apps[1].backup is the owner: name somebody else'],
    [GOOD.replace('kim@acme.test', 'kim'), 'apps[1].owner is not a whole address: write it as'],
    [GOOD.replace('Europe/Berlin', 'CET+1'), 'apps[1].zone is no time zone: write its IANA name'],
    [GOOD.replace('figma', 'Figma App'), 'apps[1].key is not a short word: write small letters'],
    [`${GOOD}, until: "08:00"`, 'apps[1].until is not after from (09:00): write a later time'],
    [`${GOOD}, from: 9`, 'apps[1].from is not a time: write it in quotes'],
    [`${GOOD}, days: []`, 'apps[1].days is empty: write [mon'],
    [`${GOOD}, days: [mon, mon]`, 'apps[1].days names a day twice'],
    [`${GOOD}, days: [monday]`, 'apps[1].days[1] is no day of the week: write mon'],
    [`${GOOD}, deadlineDays: 2, deadlineHours: 8`, 'apps[1].deadlineHours contradicts deadlineDays: keep one'],
    [`${GOOD}, deadlineDays: 0`, 'apps[1].deadlineDays is less than a day: write deadlineHours'],
    [`${GOOD}, deadline: 2`, 'apps[1].deadline is not known: write deadline'],
    [`${GOOD}, atOnce: soon`, 'apps[1].atOnce is neither true nor false'],
    [`${GOOD}, when: { countries: [Atlantis] }`, 'apps[1].when.countries[1] is no country: write its two-letter'],
    [`${GOOD}, when: { country: [KR] }`, 'apps[1].when.country is not known: write countries'],
    [`${GOOD}, when: { groups: [] }`, 'apps[1].when.groups is empty: name one, or take'],
  ])('%j is refused: %s', (app, told) => {
    expect(problems(`apps:\n  - { ${app} }\n`)).toEqual([expect.stringContaining(`sendoff.policy.yaml:2: ${told}`)]);
  });

  it('stands there once, by its key and by its name', () => {
    expect(problems(`apps:\n  - { ${GOOD} }\n  - { ${GOOD.replace('name: Figma', 'name: figma ')} }\n`)).toEqual([
      expect.stringContaining(':3: apps[2].key stands here twice'),
      expect.stringContaining(':3: apps[2].name stands here twice'),
    ]);
  });

  it('is what a run pinned of it', () => {
    const facts = policyFacts(parsePolicy(`apps:\n  - { ${GOOD}, when: { countries: [KR] } }\n`));

    expect(appIn(facts, 'figma')).toMatchObject({ name: 'Figma', days: ['mon', 'tue', 'wed', 'thu', 'fri'] });
    expect(appIn(facts, 'miro')).toBeNull();
    expect(appIn({}, 'figma')).toBeNull();
  });
});

function anApp(over: object): App {
  const who = { owner: 'kim@acme.test', backup: 'lee@acme.test', zone: 'Europe/Berlin' };
  return App.parse({ key: 'figma', name: 'Figma', ...who, ...over });
}

describe('an owner’s time', () => {
  it.each([
    [{}, 16],
    [{ deadlineDays: 1, from: '10:00', until: '16:00' }, 6],
    [{ deadlineHours: 3 }, 3],
  ])('%j is %d working hours', (over, expected) => {
    expect(deadlineMs(anApp(over))).toBe(expected * HOUR_MS);
  });
});

describe('whom an app concerns', () => {
  const person = { country: 'KR', groups: ['Everyone', 'Design'], department: 'Product' };
  it.each([
    ['everybody, without conditions', {}, person, true],
    ['somebody in one of its countries', { countries: ['South Korea', 'DE'] }, person, true],
    ['nobody elsewhere', { countries: ['DE'] }, person, false],
    ['somebody in one of its groups, in any case', { groups: ['design '] }, person, true],
    ['nobody in other groups', { groups: ['Sales'] }, person, false],
    ['nobody who meets only one of two conditions', { groups: ['Design'], departments: ['Sales'] }, person, false],
    ['somebody whose country is not known', { countries: ['DE'] }, { ...person, country: null }, true],
    ['somebody whose groups could not be read', { groups: ['Sales'] }, { ...person, groups: null }, true],
    ['nobody who is in no group', { groups: ['Sales'] }, { ...person, groups: [] }, false],
    ['somebody without a department', { departments: ['Sales'] }, { ...person, department: null }, true],
  ])('%s', (_, when, who, expected) => {
    expect(concerns(anApp({ when }), who)).toBe(expected);
  });
});
