// Slack's mrkdwn. Ours, because slack-blocks-to-jsx 1.1.1 takes `verbatim` for "no markup at all" and `&lt;!channel&gt;` for a mention.
import { Fragment, memo, type ReactNode } from 'react';
import { emojiCharacters } from '../terminal/emoji.ts';
import { SafeLink } from './safe-link.tsx';
import type { Person } from './shapes.ts';
import { useSandbox } from './store.ts';
import { nameOf, slackDate, zoneOf } from './text.tsx';

const NOBODY: readonly Person[] = [];

interface Reader {
  user(id: string): string;
  channel(id: string): string | undefined;
  readonly zone: string;
  readonly now: Date;
}

/** In the order in which they are looked for: code is taken as it stands. */
const INLINE =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*[^\s*])\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*[^\s_])_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*[^\s~])~(?![\w~])/;

export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  const people = useSandbox((state) => state.snap?.people) ?? NOBODY;
  const channels = useSandbox((state) => state.snap?.channels);
  const zone = useSandbox((state) => zoneOf(state.snap?.people ?? NOBODY, state.snap?.me ?? ''));
  const hour = useSandbox((state) => thisHour(state.snap?.sandbox.aheadMs ?? 0));
  const reader: Reader = {
    user: (id) => nameOf(people, id),
    channel: (id) => channels?.find((one) => one.id === id)?.name,
    zone,
    now: new Date(hour),
  };
  return <div className="mrkdwn">{paragraphs(text, reader)}</div>;
});

function paragraphs(text: string, reader: Reader): ReactNode[] {
  return text.split(/```\n?/).map((part, at) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is replaced as a whole
    if (at % 2 === 1) return <pre key={at}>{unescaped(part.replace(/\n$/, ''))}</pre>;
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is replaced as a whole
    return <Fragment key={at}>{lines(part, reader)}</Fragment>;
  });
}

function lines(text: string, reader: Reader): ReactNode[] {
  return text.split('\n').map((line, at) => {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const inner = inline(quoted ? (quoted[1] ?? '') : line, reader);
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is replaced as a whole
    if (quoted) return <blockquote key={at}>{inner}</blockquote>;
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is replaced as a whole
    return <p key={at}>{line === '' ? ' ' : inner}</p>;
  });
}

function inline(text: string, reader: Reader): ReactNode[] {
  const parts: ReactNode[] = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index > 0) parts.push(unescaped(emojiCharacters(rest.slice(0, found.index))));
    parts.push(<Fragment key={parts.length}>{markup(found, reader)}</Fragment>);
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest !== '') parts.push(unescaped(emojiCharacters(rest)));
  return parts;
}

function markup([, code, reference, bold, italic, struck]: RegExpExecArray, reader: Reader): ReactNode {
  if (code !== undefined) return <code>{unescaped(code)}</code>;
  if (reference !== undefined) return referenceOf(reference, reader);
  if (bold !== undefined) return <strong>{inline(bold, reader)}</strong>;
  if (italic !== undefined) return <em>{inline(italic, reader)}</em>;
  return <s>{inline(struck ?? '', reader)}</s>;
}

function referenceOf(inner: string, reader: Reader): ReactNode {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('!date^')) {
    const [, seconds = '', format = ''] = target.split('^');
    return <time>{slackDate(seconds, format, reader.zone, reader.now) ?? unescaped(label ?? '')}</time>;
  }
  if (target.startsWith('@')) return <span className="mention">@{reader.user(target.slice(1))}</span>;
  if (target.startsWith('#'))
    return <span className="mention">#{reader.channel(target.slice(1)) ?? label ?? target.slice(1)}</span>;
  if (target.startsWith('!')) return <span className="mention mention-all">@{target.slice(1)}</span>;
  return (
    <SafeLink href={unescaped(target)}>{emojiCharacters(unescaped(label ?? target.replace(/^mailto:/, '')))}</SafeLink>
  );
}

/** In this order: `&amp;lt;` is the text `&lt;`. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Changes once an hour, so that not everything is drawn again all the time. */
export function thisHour(aheadMs: number): number {
  return Math.floor((Date.now() + aheadMs) / 3_600_000) * 3_600_000;
}
