// The policy: what is wrong is told all at once, with its line and what to do; who is protected; no text brings anything else about.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { POLICY_FILE, PolicyError, parsePolicy, readPolicy } from '../../../src/app/policy.ts';
import { DEFAULT_POLICY, Policy, policyFacts, protectedBecause } from '../../../src/workflow/model/policy.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = path.join(folder, 'a.policy.yaml');
  writeFileSync(file, text);
  return file;
}

function problems(text: string): readonly string[] {
  try {
    parsePolicy(text);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

describe('the checked-in file', () => {
  it('is usable, and says what is so without it', () => {
    const { policy, file } = readPolicy(null);

    expect(policy).toEqual(DEFAULT_POLICY);
    expect(file).toBe(path.join(ROOT, POLICY_FILE));
  });
});

describe('a policy', () => {
  it('has every problem told at once, in the order of the lines, each with what to do', () => {
    const told = problems(
      'protected:\n  grups: [Executives]\n  titles: Chief\n  addresses:\n    - 12\n    - "@acme.com"\n\n  containBeforeApproval: perhaps\nprotect: 1\n',
    );

    expect(told).toEqual([
      expect.stringMatching(/^sendoff\.policy\.yaml:2: protected\.grups is not known: write gro/),
      expect.stringMatching(/^sendoff\.policy\.yaml:3: protected\.titles is not a list: writ/),
      expect.stringMatching(/^sendoff\.policy\.yaml:5: protected\.addresses\[1\] is not text:/),
      expect.stringMatching(/^sendoff\.policy\.yaml:6: protected\.addresses\[2\] is not a whol/),
      expect.stringMatching(/^sendoff\.policy\.yaml:8: protected\.containBeforeApproval is nei/),
      expect.stringMatching(/^sendoff\.policy\.yaml:9: protect is not known: write protected/),
    ]);
  });

  it.each([
    ['breaker:\n  runsAnHour: 0\n', ':2: breaker.runsAnHour is less than 1, and there is no way to switch it off'],
    ['breaker:\n  runsAnHour: 501\n', ':2: breaker.runsAnHour is more than 500'],
    ['breaker:\n  runsAnHours: 5\n', ':2: breaker.runsAnHours is not known: write runsAnHour'],
    ['google:\n  atEnd: archive\n  freeLicence: true\n', ':3: google.freeLicence contradicts atEnd: archive'],
    ['google:\n  atEnd: keep\n  freeLicence: true\n', ':3: google.freeLicence contradicts atEnd: keep'],
    ['google:\n  atEnd: delete\n', ':2: google.atEnd is not known: write suspend, archive or keep'],
    ['transfer:\n  releaseRoom: true\n', ':2: transfer.releaseRoom is not known: write releaseRooms'],
    ['protected:\n', ':1: protected is not a section: write groups'],
    ['protected:\n  groups:\n', ':2: protected.groups is not a list: write each Okta group'],
    ['- Executives\n', ':1: the file is not a policy: write "protected:"'],
    ['protected:\n  groups: [a]\n  groups: [b]\n', ':3: Map keys must be unique: put the YAML right'],
    ['protected:\n\tgroups: []\n', ':2: Tabs are not allowed'],
    ['protected:\n  groups: [Board, "BOARD "]\n', ':2: protected.groups[2] stands here twice: take one'],
    ['protected: {colour: red}\n', ':1: protected.colour is not known: take it out; known here: groups, titles'],
    ['protected: {}\n---\nprotected: {}\n', ':2: Source contains multiple documents'],
    ['__proto__: {groups: []}\n', ':1: __proto__ is not known'],
    ['protected: !!js/function "x"\n', ':1: Unresolved tag'],
  ])('%j is refused with %j', (text, sentence) => {
    expect(problems(text).join('\n')).toContain(`sendoff.policy.yaml${sentence}`);
  });

  it('that is empty or all comments is the default', () => {
    for (const text of ['', '\n', '# nothing\n', '\uFEFF# nothing']) expect(parsePolicy(text)).toEqual(DEFAULT_POLICY);
  });

  it('has a hash over what it says, not over how it is written', () => {
    const hash = (text: string): string => readPolicy(written(text)).hash;

    expect(hash('# reviewed by Sam\nprotected: {groups: ["Board"], titles: []}\n')).toBe(
      hash('protected:\n  groups:\n    - Board\n'),
    );
    expect(hash('protected: {groups: [Board]}')).not.toBe(hash('protected: {titles: [Board]}'));
  });

  it('that is named and not there, or no policy by its size, stops the start', () => {
    expect(() => readPolicy('/no/such.yaml')).toThrow(/such\.yaml: cannot be read \(ENOENT\): set SENDOFF_POLICY/);
    expect(() => readPolicy(folder)).toThrow(/cannot be read \(EISDIR\)/);
    expect(() => readPolicy(written('#'.repeat(300_000)))).toThrow(/is larger than 256 KB/);
  });

  it('never fails in another way, whatever the text', () => {
    const yamlish = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ...['protected:', '\n', '\n  ', 'groups:', 'titles', ': ', '- ', '[', ']', '{', '}', '&a ', '*a', '"'],
            ...["'", '|', '>', '#', '---\n', '? ', '!!set', '!x ', '%YAML 1.1\n', '<<: ', '\t', ',', '~', '.inf'],
          ),
          fc.string({ maxLength: 8, unit: 'binary' }),
        ),
        { maxLength: 40 },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary' }), fc.json()), (text) => {
        for (const problem of problems(text)) expect(problem).toMatch(/^sendoff\.policy\.yaml:[1-9]\d*: .+: .+$/su);
      }),
      { numRuns: 2_000 },
    );
    for (const text of ['['.repeat(20_000), '{a: '.repeat(5_000), `a: &a [x]\n${'b: [*a,*a]\n'.repeat(3)}`])
      expect(problems(text).length, text.slice(0, 20)).toBeGreaterThan(0);
  });
});

describe('protected is', () => {
  const policy = Policy.parse({
    protected: { groups: ['Executives'], titles: ['Chief * Officer', 'cto'], addresses: ['Ceo@acme.com'] },
  });
  const nobody = { groups: ['Everyone'], title: null, addresses: ['dana@acme.com'] };

  it.each([
    ['nobody by default', nobody, []],
    ['a member of the group, case aside', { ...nobody, groups: ['executives'] }, ['group']],
    ['not a member of another group that contains its name', { ...nobody, groups: ['Ex-Executives'] }, []],
    ['who has the title', { ...nobody, title: ' CTO' }, ['title']],
    ['who has a title of the pattern', { ...nobody, title: 'Chief  People Officer' }, ['title']],
    ['not an assistant to one', { ...nobody, title: 'Assistant to the Chief People Officer' }, []],
    ['who has one of the addresses', { ...nobody, addresses: ['x@acme.com', 'CEO@ACME.com'] }, ['address']],
    ['for every reason there is', { groups: ['EXECUTIVES'], title: 'CTO', addresses: [] }, ['group', 'title']],
  ])('%s', (_, person, rules) => {
    expect(protectedBecause(policy, person).map(({ rule }) => rule)).toEqual(rules);
  });

  it('whoever the pattern fits, as a regular expression would say, but in no time', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(letters.filter(Boolean), letters, (pattern, given) => {
        const title = given.replaceAll('*', 'c');
        const one = Policy.parse({ protected: { titles: [pattern] } });
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(title);
        expect(protectedBecause(one, { groups: [], title, addresses: [] }).length === 1).toBe(expected);
      }),
    );
  });
});

describe('sendoff policy check', () => {
  const check = (file: string) =>
    promisify(execFile)(process.execPath, [path.join(ROOT, 'src/app/sendoff.ts'), 'policy', 'check', file], {
      env: { PATH: process.env.PATH ?? '' },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );

  it('ends with 0 for a usable one and with 1 and every line for another, without a database', async () => {
    expect(await check(written('protected: {groups: [Board]}'))).toEqual({
      code: 0,
      stdout: expect.stringMatching(/usable\. Protected: groups 1, titles 0, addresses 0\.\nsha256:/),
    });
    expect(await check(written('protected: {groups: 1}\nx: 2\n'))).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        /^a\.policy\.yaml:1: .*\na\.policy\.yaml:2: x is .*\n2 problems\. Sendoff does not/,
      ),
    });
  });
});

describe('the section on mailboxes', () => {
  it.each([
    ['mailbox:\n  day: 30\n', ':2: mailbox.day is not known: write days'],
    ['mailbox:\n  days: 0\n', ':2: mailbox.days is less than 1'],
    ['mailbox:\n  days: 9000\n', ':2: mailbox.days is more than 180 days'],
    ['mailbox:\n  autoReply: "ask {boss}"\n', ':2: mailbox.autoReply names {boss}: known here: {manager}'],
    ['mailbox:\n  autoReply: "{company} says no"\n', ':2: mailbox.autoReply names {company}, which is not set'],
    [
      'mailbox:\n  countries:\n    - countries: [KR, Elbonia]\n      yesFrom: approver\n',
      'is no country: write its two-letter code',
    ],
    [
      'mailbox:\n  countries:\n    - countries: [KR]\n      yesFrom: [lin@acme.test]\n',
      'is no Slack user id: copy the member ID',
    ],
    ['mailbox:\n  countries:\n    - countries: [KR, South Korea]\n      yesFrom: approver\n', 'stands here twice'],
    [
      'mailbox:\n  countries:\n    - countries: [KR]\n      yesFrom: approver\n      else: no\n',
      'is not known: take it out; known here: countries, yesFrom',
    ],
  ])('%j', (text, told) => {
    expect(problems(text)).toEqual([expect.stringContaining(told)]);
  });

  it('writes its countries by code into what a run keeps', () => {
    const policy = parsePolicy('mailbox:\n  countries:\n    - countries: [Germany, kr]\n      yesFrom: [U0LIN]\n');
    expect(policyFacts(policy)['mailbox.countries']).toEqual(['DE=U0LIN', 'KR=U0LIN']);
  });
});

describe('the sections on devices that come back', () => {
  it.each([
    ['returns:\n  remindAfterDays: [7, 3]\n', ':2: returns.remindAfterDays is not in rising order: write [3, 7, 14]'],
    ['returns:\n  remindAfterDays: [3, 3]\n', ':2: returns.remindAfterDays is not in rising order'],
    ['returns:\n  remindAfterDays: [0]\n', ':2: returns.remindAfterDays[1] is less than a day'],
    ['returns:\n  remindAfterDays: 3\n', ':2: returns.remindAfterDays is not a list: write [3, 7, 14]'],
    ['inventory:\n  readyStatuses: Ready\n', ':2: inventory.readyStatuses is not known: write readyStatus'],
    ['inventory:\n  location: 3\n', ':2: inventory.location is not text'],
    ['inventory:\n  readyStatus: Lost\n  lostStatus: lost\n', ':3: inventory.lostStatus is also what a device gets'],
  ])('%j', (text, told) => {
    expect(problems(text)).toEqual([expect.stringContaining(told)]);
  });
});

describe('what would lose something', () => {
  it.each([
    ['order:\n  eraseAfter: lock\n', ':2: order.eraseAfter erases a computer before it is received'],
    ['order:\n  eraseAfter: start\n', ':2: order.eraseAfter erases a computer before it is received'],
    [
      'returns:\n  otherwise: none\n  data: wipe\n',
      ':3: returns.data erases computers that otherwise: none never fetches',
    ],
    ['order:\n  freeLicenceAfter: containment\n', ':2: order.freeLicenceAfter frees the licence before files'],
    ['order:\n  freeLicenceAfter: delegation\n', ':2: order.freeLicenceAfter frees the licence before files'],
    ['order:\n  suspendAfter: containment\n', ':2: order.suspendAfter suspends the account before its mailbox'],
    ['order:\n  suspendAfter: transfers\n', ':2: order.suspendAfter suspends the account while its mailbox is still'],
    ['order:\n  suspendAfter: never\n', ':2: order.suspendAfter is not known: write delegation'],
    ['order:\n  wipe: lock\n', ':2: order.wipe is not known: take it out; known here: eraseAfter'],
    ['returns:\n  ship: [US, DE]\n', ':2: returns.ship[2] is not served by Retriever’s boxes: write it under inPerson'],
    ['returns:\n  otherwise: ship\n', ':2: returns.otherwise ships boxes to countries that Retriever does not serve'],
  ])('%j is refused with %j', (text, sentence) => {
    expect(problems(text)).toEqual([expect.stringContaining(`sendoff.policy.yaml${sentence}`)]);
    expect(problems(text)[0]).toMatch(/: (write|take it out)/);
  });

  it('is not what the order says by itself, and only that', () => {
    const { order } = DEFAULT_POLICY;
    expect(order).toEqual({ eraseAfter: 'received', freeLicenceAfter: 'transfers', suspendAfter: 'delegation' });
    expect(parsePolicy('order:\n  eraseAfter: received\n  suspendAfter: delegation\n')).toEqual(DEFAULT_POLICY);
  });
});
