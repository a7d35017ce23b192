// Slack's mrkdwn as styled text: bold, code, mentions, links, dates in a time zone, emoji. Takes strings from anywhere.
import { emojiCharacters } from './emoji.ts';
import { type Line, type Span, type Style, span } from './spans.ts';

export interface Reader {
  /** Display names by Slack user id. */
  readonly users: Readonly<Record<string, string>>;
  /** Channel names by id. */
  readonly channels: Readonly<Record<string, string>>;
  /** IANA name; absent: the terminal's. */
  readonly timeZone?: string;
  readonly now: Date;
}

/** One list of spans for each line. */
export function readMrkdwn(markup: string, reader: Reader): Line[] {
  return markup.split('\n').map((line) => readLine(line, reader));
}

function readLine(line: string, reader: Reader): Span[] {
  // Code is taken as it stands; the rest is read for bold, then for what is in angle brackets.
  return line.split(/(`[^`]+`)/).flatMap((part) => {
    if (/^`[^`]+`$/.test(part)) return [span(unescaped(part.slice(1, -1)), 'code')];
    return part.split(/(\*[^*]+\*)/).flatMap((piece) => {
      const isBold = /^\*[^*]+\*$/.test(piece);
      const styles: Style[] = isBold ? ['bold'] : [];
      const text = readReferences(isBold ? piece.slice(1, -1) : piece, reader);
      return text === '' ? [] : [span(text, ...styles)];
    });
  });
}

function readReferences(text: string, reader: Reader): string {
  return text
    .split(/(<[^<>]*>)/)
    .map((part) =>
      part.startsWith('<') && part.endsWith('>')
        ? readReference(part.slice(1, -1), reader)
        : unescaped(emojiCharacters(part)),
    )
    .join('');
}

function readReference(inner: string, reader: Reader): string {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('!date^')) return unescaped(readDate(target, label ?? '', reader));
  if (target.startsWith('@')) return `@${reader.users[target.slice(1)] ?? label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${reader.channels[target.slice(1)] ?? label ?? target.slice(1)}`;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return unescaped(label ?? target);
}

/** `!date^1767225600^{date_short_pretty} at {time}`. @see https://docs.slack.dev/messaging/formatting-message-text, read 2026-11 */
function readDate(target: string, fallback: string, reader: Reader): string {
  const [, seconds, format = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => dateToken(token, at, reader) ?? whole);
}

function dateToken(token: string, at: Date, reader: Reader): string | null {
  const zone = reader.timeZone === undefined ? {} : { timeZone: reader.timeZone };
  const show = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { ...zone, ...options }).format(at);
  if (token === 'time') return show({ hour: '2-digit', minute: '2-digit' });
  if (token === 'time_secs') return show({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  if (!token.startsWith('date')) return null;
  if (token.endsWith('_pretty')) {
    const day = (date: Date): string => new Intl.DateTimeFormat('en-CA', zone).format(date);
    if (day(at) === day(reader.now)) return 'Today';
    if (day(at) === day(new Date(reader.now.getTime() - 86_400_000))) return 'Yesterday';
  }
  return show({ day: 'numeric', month: 'short', year: 'numeric' });
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
