// Builds Atlassian documents out of plain words. Pure: what others typed stays text, whatever it holds.
// @see https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/, read 2026-11

export interface AdfMark {
  readonly type: 'strong' | 'link';
  readonly attrs?: { readonly href: string };
}

export interface AdfInline {
  readonly type: 'text' | 'hardBreak';
  readonly text?: string;
  readonly marks?: readonly AdfMark[];
}

export interface AdfBlock {
  readonly type: 'paragraph' | 'bulletList' | 'listItem';
  readonly content: readonly (AdfBlock | AdfInline)[];
}

export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfBlock[];
}

/** A piece of a line: one part, or several where the words had line breaks. */
export type Inline = readonly AdfInline[];

export function adfDocument(...blocks: readonly AdfBlock[]): AdfDocument {
  return { type: 'doc', version: 1, content: blocks };
}

export function paragraph(...parts: readonly Inline[]): AdfBlock {
  return { type: 'paragraph', content: parts.flat() };
}

/** Each item is one line. A list must not be empty: without items it is an empty paragraph. */
export function bulletList(...items: readonly Inline[]): AdfBlock {
  if (items.length === 0) return paragraph();
  return { type: 'bulletList', content: items.map((item) => ({ type: 'listItem', content: [paragraph(item)] })) };
}

export function text(words: string): Inline {
  return marked(words, []);
}

export function strong(words: string): Inline {
  return marked(words, [{ type: 'strong' }]);
}

/** Words without a link where the address is no web or mail address. */
export function link(words: string, address: string): Inline {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isSafe = url !== null && ['https:', 'http:', 'mailto:'].includes(url.protocol);
  return marked(words, isSafe ? [{ type: 'link', attrs: { href: url.href } }] : []);
}

/** Jira refuses an empty text, so nothing becomes no node; a line break becomes a node of its own. */
function marked(words: string, marks: readonly AdfMark[]): Inline {
  const lines = cleaned(words).split('\n');
  return lines.flatMap((line, at): AdfInline[] => [
    ...(at > 0 ? [{ type: 'hardBreak' } as const] : []),
    ...(line === '' ? [] : [{ type: 'text', text: line, ...(marks.length > 0 && { marks }) } as const]),
  ]);
}

/** Without what could hide or turn round the words beside it: control characters and directions; halves of characters are mended. */
function cleaned(words: string): string {
  return words
    .toWellFormed()
    .replaceAll(/\r\n?|\u2028|\u2029/g, '\n')
    .replaceAll(/\t/g, ' ')
    .replaceAll(/(?!\n)[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu, '');
}
