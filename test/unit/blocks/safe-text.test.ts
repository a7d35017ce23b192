// Text by others becomes inert: what Slack would act on, what hides, what reorders, what never ends.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, clipMarkup, safeCode, safeName, safePlain, safeText } from '../../../src/blocks/safe-text.ts';

describe('safeText', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U0LIN>', '&lt;@U0LIN&gt;'],
    ['<https://evil.test|ok>', '&lt;https://evil.test|ok&gt;'],
    ['*bold* ~gone~ `code`', '∗bold∗ ∼gone∼ ˋcodeˋ'],
    ['_it_ MBP_4471', 'ˍitˍ MBP_4471'],
    [':tada: at 09:30', '∶tada: at 09:30'],
    ['\u202enimda\u202c', 'nimda'],
    ['Li\u200bn', 'Lin'],
    ['a\n\tb\u00a0c\u2028d', 'a b c d'],
    ['R&D', 'R&amp;D'],
    ['\u3164\u2800 ', ''],
    ['e\u0301\u0301\u0301\u0301\u0301', 'e\u0301\u0301\u0301'],
    ['이지훈', '이지훈'],
  ])('makes %j inert', (given, expected) => {
    expect(safeText(given)).toBe(expected);
  });

  it('ends a 10 kB name after 80 characters and says so', () => {
    const name = safeText('Maximiliana '.repeat(900));

    expect(name.length).toBeLessThanOrEqual(80);
    expect(name).toMatch(/…$/);
  });

  it('keeps whole characters when it cuts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (given, max) => {
        const cut = cleanText(given, max);

        expect(cut.isWellFormed()).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('the other forms', () => {
  it('name somebody who has no visible name', () => {
    expect(safeName('\u200b')).toBe('(no name)');
  });

  it('keep an address exact in a code span', () => {
    expect(safeCode('john_doe+x@acme.test')).toBe('`john_doe+x@acme.test`');
  });

  it('show markup as harmless quotes in plain text', () => {
    expect(safePlain('<!here> & co')).toBe('‹!here› & co');
  });

  it('never cut an entity or a date in half', () => {
    const markup = 'a &amp; <!date^1772442000^{time}|09:00 UTC> b';
    for (let max = 1; max <= markup.length; max += 1) {
      const cut = clipMarkup(markup, max);
      expect(cut.replaceAll('&amp;', '').replace(/<!date[^>]*>/, '')).not.toMatch(/[&<>]/);
      expect(cut.length).toBeLessThanOrEqual(max);
    }
  });
});
