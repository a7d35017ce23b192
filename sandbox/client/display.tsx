// Blocks that are only looked at. Text is ours (see mrkdwn.tsx); tables, rich text, pictures and all that is rare is drawn by slack-blocks-to-jsx.
import { memo, type ReactNode, useMemo } from 'react';
import { type Block as DisplayBlock, Message } from 'slack-blocks-to-jsx';
import { Mrkdwn, thisHour } from './mrkdwn.tsx';
import 'slack-blocks-to-jsx/dist/style.css';
import { SafeLink } from './safe-link.tsx';
import type { Block, Person } from './shapes.ts';
import { useSandbox } from './store.ts';
import { nameOf, plain, slackDate, zoneOf } from './text.tsx';
import { useTheme } from './theme.ts';

const NOBODY: readonly Person[] = [];

interface TextObject {
  readonly type: string;
  readonly text: string;
}

export const Display = memo(function Display({ block }: { block: Block }) {
  if (block.type === 'section') return <Section block={block} />;
  if (block.type === 'context') return <Context block={block} />;
  if (block.type === 'header') return <h2 className="block-header">{plain(block.text)}</h2>;
  if (block.type === 'alert') return <Alert block={block} />;
  return <Rare block={block} />;
});

export function Text({ given }: { given: TextObject }) {
  return given.type === 'mrkdwn' ? <Mrkdwn text={given.text} /> : <p className="plain">{plain(given)}</p>;
}

function Section({ block }: { block: Block }) {
  const text = block.text as TextObject | undefined;
  const fields = (block.fields as TextObject[] | undefined) ?? [];
  return (
    <div className="section">
      {text && <Text given={text} />}
      {fields.length > 0 && (
        <div className="section-fields">
          {fields.map((one) => (
            <Text key={one.text} given={one} />
          ))}
        </div>
      )}
    </div>
  );
}

function Context({ block }: { block: Block }) {
  const elements = (block.elements as (TextObject & { readonly alt_text?: string })[] | undefined) ?? [];
  return (
    <div className="context">
      {elements.map((one) => (one.type === 'image' ? null : <Text key={one.text} given={one} />))}
    </div>
  );
}

function Alert({ block }: { block: Block }) {
  const level = String(block.level ?? 'default');
  return (
    <div className={`alert alert-${level}`} role="note">
      <span aria-hidden="true">{{ error: '⛔', warning: '⚠️', success: '✅' }[level] ?? 'ℹ️'}</span>
      <Text given={block.text as TextObject} />
    </div>
  );
}

/** With the names, dates and links of the page. */
function Rare({ block }: { block: Block }) {
  const people = useSandbox((state) => state.snap?.people) ?? NOBODY;
  const me = useSandbox((state) => state.snap?.me ?? '');
  const theme = useTheme();
  const hour = useSandbox((state) => thisHour(state.snap?.sandbox.aheadMs ?? 0));
  const blocks = useMemo(() => [block] as unknown as DisplayBlock[], [block]);
  const hooks = useMemo(
    () => ({
      user: ({ id }: { id: string }) => <span className="mention">@{nameOf(people, id)}</span>,
      date: (given: { timestamp: string; format: string; fallback: string }) => (
        <time>{slackDate(given.timestamp, given.format, zoneOf(people, me), new Date(hour)) ?? given.fallback}</time>
      ),
      link: ({ href, children }: { href: string; children: ReactNode }) => <SafeLink href={href}>{children}</SafeLink>,
    }),
    [people, me, hour],
  );
  const drawn = <Message blocks={blocks} logo="" name="" theme={theme} hooks={hooks} withoutWrapper={true} />;
  if (block.type !== 'table') return <div className="display">{drawn}</div>;
  // Wider than a phone or a thread: whoever has no mouse scrolls it by the arrow keys.
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable)
    <section className="display display-wide" aria-label="Table" tabIndex={0}>
      {drawn}
    </section>
  );
}
