// Exact address only: what is read is what was typed, and every near miss is refused for the reason people can act on.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePersonCommand } from '../../../src/listeners/commands/parse-command.ts';

const READ = [
  ['dana@acme.test', 'dana@acme.test'],
  ['  dana@acme.test \n', 'dana@acme.test'],
  ['<mailto:dana@acme.test|dana@acme.test>', 'dana@acme.test'],
  ['<mailto:dana@acme.test>', 'dana@acme.test'],
  ['<mailto:dana@acme.test|Dana@ACME.test>', 'Dana@ACME.test'],
  ['Dana@Acme.Test', 'Dana@Acme.Test'],
  ['dana+test@acme.test', 'dana+test@acme.test'],
  ['dana.whitfield@it.acme.co.uk', 'dana.whitfield@it.acme.co.uk'],
  ["o'brien_x-1@acme.test", "o'brien_x-1@acme.test"],
  ['help@acme.test', 'help@acme.test'],
  ['dana@xn--e1awd7f.xn--p1ai', 'dana@xn--e1awd7f.xn--p1ai'],
  [`${'a'.repeat(64)}@acme.test`, `${'a'.repeat(64)}@acme.test`],
] as const;

const NEAR_MISSES = [
  ['', 'empty'],
  ['   \t\n', 'empty'],
  ['status me', 'not_an_address'],
  ['help me', 'not_an_address'],
  ['dana', 'not_an_address'],
  ['dana@', 'not_an_address'],
  ['@acme.test', 'mention'],
  ['@dana', 'mention'],
  ['<@U123|dana>', 'mention'],
  ['<@U123>', 'mention'],
  ['<@U123> <@U456>', 'mention'],
  ['<@U123|d\u0430na> dana@acme.test', 'mention'],
  ['<#C123|general>', 'not_an_address'],
  ['<!channel>', 'not_an_address'],
  ['<!subteam^S1|@it>', 'not_an_address'],
  ['<https://acme.test|dana@acme.test>', 'not_an_address'],
  ['<mailto:dana@acme.test|danna@acme.test>', 'not_an_address'],
  ['<mailto:danna@acme.test|dana@acme.test>', 'not_an_address'],
  ['<mailto:dana@acme.test?cc=x@acme.test|dana@acme.test>', 'not_an_address'],
  ['<mailto:dana@acme.test|>', 'not_an_address'],
  ['<mailto:|dana@acme.test>', 'not_an_address'],
  ['<mailto:dana@acme.test|dana@acme.test', 'not_an_address'],
  ['mailto:dana@acme.test', 'not_an_address'],
  ['<mailto:a@acme.test|a@acme.test><mailto:b@acme.test|b@acme.test>', 'not_an_address'],
  ['<mailto:a@acme.test|a@acme.test> <mailto:b@acme.test|b@acme.test>', 'several'],
  ['<dana@acme.test>', 'not_an_address'],
  ['Dana <dana@acme.test>', 'not_an_address'],
  ['Dana Whitfield dana@acme.test', 'not_an_address'],
  ['dana@acme.test please', 'not_an_address'],
  ['dana@acme.test now', 'not_an_address'],
  ['dana@acme.test,', 'not_an_address'],
  ['dana@acme.test.', 'not_an_address'],
  ['dana@acme.test;', 'not_an_address'],
  ['"dana"@acme.test', 'not_an_address'],
  ['"dana@acme.test"', 'not_an_address'],
  ["'dana'@acme.test'", 'not_an_address'],
  ['`dana@acme.test`', 'not_an_address'],
  ['(dana@acme.test)', 'not_an_address'],
  ['dana(x)@acme.test', 'not_an_address'],
  ['dana@@acme.test', 'not_an_address'],
  ['dana@acme@test.test', 'not_an_address'],
  ['dana@acme', 'not_an_address'],
  ['dana@acme.t', 'not_an_address'],
  ['dana@acme.123', 'not_an_address'],
  ['dana@127.0.0.1', 'not_an_address'],
  ['dana@[127.0.0.1]', 'not_an_address'],
  ['dana@-acme.test', 'not_an_address'],
  ['dana@acme-.test', 'not_an_address'],
  ['dana@acme..test', 'not_an_address'],
  ['dana@.acme.test', 'not_an_address'],
  ['dana@ac_me.test', 'not_an_address'],
  ['.dana@acme.test', 'not_an_address'],
  ['dana.@acme.test', 'not_an_address'],
  ['da..na@acme.test', 'not_an_address'],
  ['da na@acme.test', 'not_an_address'],
  ['dana @acme.test', 'not_an_address'],
  ['dana@ acme.test', 'not_an_address'],
  ['dana%other.test@acme.test', 'not_an_address'],
  ['a&amp;b@acme.test', 'not_an_address'],
  ['dana*@acme.test', 'not_an_address'],
  ['*@acme.test', 'not_an_address'],
  ['dana\\@acme.test', 'not_an_address'],
  ['dana@acme.test\ndanna@acme.test', 'several'],
  ['dana@acme.test danna@acme.test', 'several'],
  ['dana@acme.test,danna@acme.test', 'several'],
  ['dana@acme.test; danna@acme.test', 'several'],
  ['dana@acme.test dana@acme.test', 'several'],
  ['d\u0430na@acme.test', 'odd_characters'],
  ['dana@\u0430cme.test', 'odd_characters'],
  ['dan\u00e5@acme.test', 'odd_characters'],
  ['dana\uff20acme.test', 'odd_characters'],
  ['dana@acme\u3002test', 'odd_characters'],
  ['da\u200bna@acme.test', 'odd_characters'],
  ['dana@acme.test\u200b', 'odd_characters'],
  ['\ufeffdana@acme.test', 'odd_characters'],
  ['\u202edana@acme.test', 'odd_characters'],
  ['dana@acme.test\u00a0', 'odd_characters'],
  ['dana\u0000@acme.test', 'odd_characters'],
  ['\u201cdana@acme.test\u201d', 'odd_characters'],
  ['\ud83d\ude00@acme.test', 'odd_characters'],
  ['이지훈@acme.test', 'odd_characters'],
  [`${'a'.repeat(65)}@acme.test`, 'not_an_address'],
  [`a@${'b'.repeat(64)}.test`, 'not_an_address'],
  [`dana@${'acme.'.repeat(60)}test`, 'too_long'],
  [`${'a'.repeat(10_240)}@acme.test`, 'too_long'],
  [' '.repeat(10_240), 'too_long'],
  ['\u0430'.repeat(10_240), 'too_long'],
] as const;

const read = (typed: string) => parsePersonCommand(typed, ['help', 'status']);

describe('parsePersonCommand', () => {
  it.each(['status', 'STATUS', ' Status '])('takes %j for the list', (typed) => {
    expect(read(typed)).toEqual({ kind: 'word', word: 'status' });
  });

  it.each(['help', 'HELP', ' Help '])('takes %j for a question', (typed) => {
    expect(read(typed)).toEqual({ kind: 'word', word: 'help' });
  });

  it('takes only the words of its command: another command’s is no address', () => {
    expect(parsePersonCommand('status', ['help'])).toMatchObject({ kind: 'unreadable', why: 'not_an_address' });
    expect(parsePersonCommand('help', ['help'])).toEqual({ kind: 'word', word: 'help' });
  });

  it.each(READ)('reads %j as typed', (typed, email) => {
    expect(read(typed)).toEqual({ kind: 'person', email });
  });

  it.each(NEAR_MISSES.map(([typed, why]) => [JSON.stringify(typed).slice(0, 60), why, typed] as const))(
    'refuses %s: %s',
    (_shown, why, typed) => {
      expect(read(typed)).toMatchObject({ kind: 'unreadable', why });
    },
  );

  it.each([
    ['d\u0430na@acme.test', ['foreign'], 'd[U+0430]na@acme.test'],
    ['da\u200bna@acme.test', ['invisible'], 'da[U+200B]na@acme.test'],
    ['\u202edana@acme.test', ['direction'], '[U+202E]dana@acme.test'],
    ['dana@acme.test\u00a0', ['space'], 'dana@acme.test[U+00A0]'],
    ['\u0007d\u0430na@acme.test', ['control', 'foreign'], '[U+0007]d[U+0430]na@acme.test'],
  ])('says of %j which kind it is and where', (typed, odd, shown) => {
    expect(read(typed)).toMatchObject({ odd, shown });
  });

  it('never yields anything but exactly what was typed, in ASCII', () => {
    const pieces = fc.constantFrom(
      'dana',
      '@',
      'acme.test',
      '.',
      ' ',
      '<mailto:',
      '|',
      '>',
      '"',
      '\u200b',
      '\u0430',
      '+x',
      ',',
      'help',
      '<@U1>',
      'A',
      '&amp;',
    );
    const typed = fc.oneof(
      fc.array(pieces, { maxLength: 9 }).map((all) => all.join('')),
      fc.emailAddress(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = read(text);
        if (parsed.kind !== 'person') return;

        const { email } = parsed;
        expect(email).toMatch(/^[!-~]+@[!-~]+$/);
        const trimmed = text.trim();
        const label = /^<mailto:([^|]*)\|([^|]*)>$/.exec(trimmed);
        const parts = label ? label.slice(1) : [trimmed.replace(/^<mailto:(.*)>$/, '$1')];
        expect(new Set(parts.map((part) => part.toLowerCase()))).toEqual(new Set([email.toLowerCase()]));
        expect(trimmed).toContain(email);
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads every plain address, bare and as Slack rewrites it', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9_+-]{1,10}$/);
    fc.assert(
      fc.property(word, word, fc.stringMatching(/^[a-z]{1,8}\.(test|co)$/), (first, last, domain) => {
        const email = `${first}.${last}@${domain}`;

        for (const typed of [email, ` ${email} `, `<mailto:${email}|${email}>`])
          expect(read(typed)).toEqual({ kind: 'person', email });
      }),
    );
  });

  it('shows what was typed briefly and in ASCII, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (typed) => {
        const parsed = read(typed);
        if (parsed.kind !== 'unreadable') return;

        expect(parsed.shown).toMatch(/^[ -~]{0,160}$/);
      }),
    );
  });
});
