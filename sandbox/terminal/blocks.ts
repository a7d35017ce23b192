// Block Kit as lines for a terminal: what a person would see of a message or a window. Unknown blocks are named, not hidden.
import { emojiCharacters } from './emoji.ts';
import { type Reader, readMrkdwn } from './mrkdwn.ts';
import { type Line, type Span, type Style, span, wrap } from './spans.ts';

type Json = Readonly<Record<string, unknown>>;

export function drawBlocks(blocks: readonly unknown[], reader: Reader, width: number): Line[] {
  return blocks.flatMap((block) => (isRecord(block) ? drawBlock(block, reader, width) : []));
}

/** A modal with its title, its content and its buttons. */
export function drawWindow(view: Json, reader: Reader, width: number): Line[] {
  const inner = width - 4;
  const title = ` ${words(view.title)} `;
  const frame = (line: Line): Line => [span('│ ', 'dim'), ...line];
  const buttons = [view.close, view.submit].flatMap((one) =>
    words(one) === '' ? [] : [button(words(one)), span('  ')],
  );
  return [
    [span('╭─', 'dim'), span(title, 'bold'), span('─'.repeat(Math.max(0, width - 2 - title.length)), 'dim')],
    ...drawBlocks(listOf(view.blocks), reader, inner).map(frame),
    ...(buttons.length > 0 ? [frame([]), frame(buttons)] : []),
    [span(`╰${'─'.repeat(width - 1)}`, 'dim')],
  ];
}

function drawBlock(block: Json, reader: Reader, width: number): Line[] {
  switch (block.type) {
    case 'section':
      return [
        ...drawText(block.text, reader, width),
        ...listOf(block.fields).flatMap((field) => drawText(field, reader, width)),
        ...drawAccessory(block.accessory, width),
      ];
    case 'context': {
      const parts = listOf(block.elements).flatMap((element) => drawText(element, reader, 10_000));
      const joined = parts.flatMap((part, at): Line => (at === 0 ? part : [span(' · '), ...part]));
      return wrap(joined, width).map((line) => styled(line, 'dim'));
    }
    case 'actions':
      return wrap(
        listOf(block.elements).flatMap((element) => drawElement(element)),
        width,
      );
    case 'header':
      return wrap([span(words(block.text), 'bold')], width);
    case 'divider':
      return [[span('─'.repeat(Math.min(width, 40)), 'dim')]];
    case 'alert':
      return drawText(block.text, reader, width - 2).map((line): Line => [span('▌ ', 'warn'), ...line]);
    case 'input': {
      const label = `${words(block.label)}${block.optional === true ? ' (optional)' : ''}`;
      const hint = isRecord(block.element) ? words(block.element.placeholder) : '';
      return [[span(label, 'bold')], [span(`[ ${hint}${' '.repeat(Math.max(0, 40 - hint.length))} ]`, 'dim')]];
    }
    case 'table':
      return listOf(block.rows).flatMap((row, at) => drawRow(row, at === 0 ? 'bold' : undefined, width));
    default:
      return [[span(`(${String(block.type)})`, 'dim')]];
  }
}

/** A row on its own line, cells apart; empty cells are left out. */
function drawRow(row: unknown, style: Style | undefined, width: number): Line[] {
  const cells = listOf(row)
    .map(cellText)
    .filter((text) => text !== '' && text !== '–');
  return wrap([span(cells.join(' │ '), ...(style ? [style] : []))], width, '   ');
}

function cellText(value: unknown): string {
  if (!isRecord(value)) return '';
  if (typeof value.text === 'string') return value.text;
  if (typeof value.fallback === 'string') return value.fallback;
  return listOf(value.elements).map(cellText).join('');
}

function drawText(text: unknown, reader: Reader, width: number): Line[] {
  if (!isRecord(text)) return [];
  if (text.type === 'image') return [[span(`(${String(text.alt_text)})`, 'dim')]];
  if (text.type === 'plain_text') return wrap([span(words(text))], width);
  return readMrkdwn(String(text.text ?? ''), reader).flatMap((line) => wrap(line, width, '   '));
}

function drawAccessory(accessory: unknown, width: number): Line[] {
  const drawn = drawElement(accessory);
  return drawn.length === 0 ? [] : wrap(drawn, width);
}

function drawElement(element: unknown): Span[] {
  if (!isRecord(element)) return [];
  if (element.type === 'button') return [button(words(element.text)), span('  ')];
  return [span(`(${String(element.type)})`, 'dim'), span('  ')];
}

function button(label: string): Span {
  return span(`[ ${label} ]`, 'button');
}

/** The text of a plain_text object. */
function words(text: unknown): string {
  if (!isRecord(text)) return '';
  return text.emoji === false ? String(text.text ?? '') : emojiCharacters(String(text.text ?? ''));
}

function styled(line: Line, style: Style): Line {
  return line.map((one) => ({ ...one, styles: [...one.styles, style] }));
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [];
}

function isRecord(given: unknown): given is Json {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
