// How Slack's pictures are drawn for a terminal: nothing hidden, nothing wider than the screen, nothing that steers it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawBlocks } from '../../../sandbox/terminal/blocks.ts';
import { emojiCharacters } from '../../../sandbox/terminal/emoji.ts';
import { createLiveRegion } from '../../../sandbox/terminal/live-region.ts';
import { cells, paint, span, wrap } from '../../../sandbox/terminal/spans.ts';

const READER = {
  users: { U0LIN: 'Lin Okafor' },
  channels: { C0ITOPS: 'it-offboarding' },
  timeZone: 'America/New_York',
  now: new Date('2026-03-02T16:00:00Z'),
};

function drawn(markup: string, width = 80): string {
  const block = { type: 'section', text: { type: 'mrkdwn', text: markup } };
  return drawBlocks([block], READER, width)
    .map((line) => paint(line, false))
    .join('\n');
}

describe('drawBlocks', () => {
  it.each([
    ['*bold* and `code`', 'bold and code'],
    ['<@U0LIN> in <#C0ITOPS>', '@Lin Okafor in #it-offboarding'],
    ['<https://acme.test/a|the page>', 'the page'],
    ['&lt;!channel&gt; &amp; co', '<!channel> & co'],
    [':white_check_mark:  done', '✅  done'],
    ['<!date^1772442000^{date_short_pretty} at {time}|never>', 'Today at 04:00'],
    ['<!date^x^{time}|09:00 UTC>', '09:00 UTC'],
  ])('draws %s', (markup, expected) => {
    expect(drawn(markup)).toBe(expected);
  });

  it('draws buttons, contexts and what it does not know', () => {
    const button = { type: 'button', text: { type: 'plain_text', text: 'Retry' }, action_id: 'step_retry' };
    const context = {
      type: 'context',
      elements: [
        { type: 'mrkdwn', text: 'one' },
        { type: 'mrkdwn', text: 'two' },
      ],
    };
    const lines = drawBlocks([{ type: 'actions', elements: [button] }, context, { type: 'carousel' }], READER, 80);

    expect(lines.map((line) => paint(line, false).trim())).toEqual(['[ Retry ]', 'one · two', '(carousel)']);
  });

  it('lets no name move the cursor or turn the text around', () => {
    expect(drawn('\u001b[2J\u202enimda\u202c \u0007Li\u200bn')).toBe('[2Jnimda Lin');
  });

  it('knows every emoji that the app draws', () => {
    const files = readdirSync('src/blocks').map((name) => readFileSync(`src/blocks/${name}`, 'utf8'));
    const codes = [...new Set(files.flatMap((text) => text.match(/(?<=['"`])(:[a-z_]+:)/g) ?? []))];

    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => emojiCharacters(code) === code)).toEqual([]);
  });
});

describe('wrap', () => {
  it('keeps every word and every line within the width, wide characters counted twice', () => {
    const text = '✅  한국어 a-rather-long-word-that-does-not-fit and some more words';

    const lines = wrap([span(text)], 12, '  ').map((line) => paint(line, false));

    expect(lines.filter((line) => cells(line.trimEnd()) > 12)).toEqual([]);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });
});

describe('a live region', () => {
  it('replaces what it drew, keeps what was printed, and never grows beyond the screen', () => {
    let written = '';
    const write = (text: string): boolean => {
      written += text;
      return true;
    };
    const region = createLiveRegion({ write, rows: 6 });

    region.draw(['one', 'two']);
    written = '';
    region.print(['said']);
    expect(written).toBe('\u001b[2A\r\u001b[0Jsaid\none\ntwo\n');
    written = '';
    region.draw(['1', '2', '3', '4', '5', '6']);
    expect(written).toBe('\u001b[2A\r\u001b[0J  … 3 lines above\n4\n5\n6\n');
  });
});
