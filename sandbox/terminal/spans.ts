// Pieces of text with a style, wrapped to a width in terminal cells and painted with ANSI codes, or plainly. Knows no Slack.

export type Style = 'bold' | 'dim' | 'code' | 'button' | 'good' | 'bad' | 'warn';

export interface Span {
  readonly text: string;
  readonly styles: readonly Style[];
}

export type Line = readonly Span[];

const CODES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  code: '36',
  button: '7',
  good: '32',
  bad: '31',
  warn: '33',
};
const ESC = '\u001b';
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Nothing that a vendor or a person wrote may move the cursor, change the title or turn the text around. */
export function span(text: string, ...styles: Style[]): Span {
  return { text: text.replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, ''), styles };
}

export function paint(line: Line, isColoured: boolean): string {
  return line
    .map(({ text, styles }) => (isColoured && styles.length > 0 ? `${codeOf(styles)}${text}${ESC}[0m` : text))
    .join('');
}

function codeOf(styles: readonly Style[]): string {
  return `${ESC}[${styles.map((style) => CODES[style]).join(';')}m`;
}

/** Broken between words; a word longer than the line is broken anywhere. `hang`: what the following lines begin with. */
export function wrap(line: Line, width: number, hang = ''): Line[] {
  const lines: Span[][] = [[]];
  let used = 0;
  const next = (): void => {
    lines.push(hang === '' ? [] : [span(hang)]);
    used = cells(hang);
  };
  for (const { text, styles } of wordsOf(line)) {
    const isBlank = text.trim() === '';
    if (used + cells(text) > width && used > cells(hang)) {
      next();
      if (isBlank) continue;
    }
    for (const part of chopped(text, Math.max(1, width - cells(hang)))) {
      if (used + cells(part) > width && used > cells(hang)) next();
      lines.at(-1)?.push({ text: part, styles });
      used += cells(part);
    }
  }
  return lines.map(joined);
}

/** Neighbours of one style as one span. */
function joined(line: Line): Span[] {
  const spans: Span[] = [];
  for (const one of line) {
    const last = spans.at(-1);
    if (last?.styles.join() === one.styles.join()) spans[spans.length - 1] = { ...last, text: last.text + one.text };
    else spans.push(one);
  }
  return spans;
}

function wordsOf(line: Line): Span[] {
  return line.flatMap(({ text, styles }) => {
    // A button stays in one piece.
    const words = styles.includes('button') ? [text] : text.split(/( +)/);
    return words.filter((word) => word !== '').map((word) => ({ text: word, styles }));
  });
}

function chopped(word: string, width: number): string[] {
  if (cells(word) <= width) return [word];
  const parts = [''];
  for (const { segment } of GRAPHEMES.segment(word)) {
    if (cells((parts.at(-1) ?? '') + segment) > width) parts.push('');
    parts[parts.length - 1] += segment;
  }
  return parts;
}

/** How many cells a terminal gives to it: two for emoji and East Asian wide characters. */
export function cells(text: string): number {
  let total = 0;
  for (const { segment } of GRAPHEMES.segment(text)) total += isWide(segment) ? 2 : 1;
  return total;
}

function isWide(grapheme: string): boolean {
  return /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
    grapheme,
  );
}
