// Block Kit's small parts, built so that Slack's limits hold and nothing is linkified by accident. Takes finished markup.
import type {
  ActionsBlock,
  AlertBlock,
  Button,
  ContextBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { clipMarkup, safePlain } from './safe-text.ts';

export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const SECTION_CHARS = 2_900;
const ALERT_CHARS = 200;
const BUTTON_CHARS = 30;
const A11Y_CHARS = 75;
/** @see https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object, read 2026-11 */
const CONFIRM_CHARS = { title: 100, text: 300, answer: 30 };

/** `verbatim`: a name like #general, @channel or evil.test is not turned into a link. */
export function mrkdwn(markup: string): MrkdwnElement {
  return { type: 'mrkdwn', text: markup, verbatim: true };
}

/** Raw text in, cut to `max`. Emoji codes are left as they are typed. */
export function plainText(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: safePlain(text, max), emoji: false };
}

export function section(markup: string): SectionBlock {
  return { type: 'section', text: mrkdwn(clipMarkup(markup, SECTION_CHARS)) };
}

export function context(...lines: readonly string[]): ContextBlock {
  return { type: 'context', elements: lines.slice(0, 10).map((line) => mrkdwn(clipMarkup(line, SECTION_CHARS))) };
}

export function actions(...elements: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: [...elements] };
}

/** Modals only. */
export function alert(level: 'info' | 'warning' | 'error', markup: string): AlertBlock {
  return { type: 'alert', level, text: mrkdwn(clipMarkup(markup, ALERT_CHARS)) };
}

export function button(given: {
  actionId: string;
  label: string;
  value?: string;
  url?: string;
  primary?: boolean;
  danger?: boolean;
  /** Asked before the click counts: raw text. */
  confirm?: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string };
  /** Of whom or what it is, for those who hear the button and do not see the text around it: raw text. */
  about?: string;
}): Button {
  const text = plainText(given.label, BUTTON_CHARS);
  return {
    type: 'button',
    action_id: given.actionId,
    text,
    ...(given.value === undefined ? {} : { value: given.value }),
    ...(given.url === undefined ? {} : { url: given.url }),
    ...(given.primary ? { style: 'primary' as const } : {}),
    ...(given.danger ? { style: 'danger' as const } : {}),
    ...(given.confirm === undefined
      ? {}
      : {
          confirm: {
            title: plainText(given.confirm.title, CONFIRM_CHARS.title),
            text: plainText(given.confirm.text, CONFIRM_CHARS.text),
            confirm: plainText(given.confirm.yes, CONFIRM_CHARS.answer),
            deny: plainText(given.confirm.no, CONFIRM_CHARS.answer),
            style: 'danger' as const,
          },
        }),
    ...(given.about === undefined ? {} : { accessibility_label: spokenName(text.text, given.about) }),
  };
}

/** Begins with what stands on the button: whoever speaks to a computer says what they see. @see WCAG 2.2, 2.5.3 Label in Name */
function spokenName(visible: string, about: string): string {
  return safePlain(`${visible}: ${about}`, A11Y_CHARS);
}

/** Null for what is no web address: then there is no button rather than a message that Slack refuses. */
export function linkButton(actionId: string, label: string, url: string | null): Button | null {
  if (url === null || url.length > 3_000 || !/^https?:\/\/[\w.:[\]-]+\/[\w./?&=%#-]*$/.test(url)) return null;
  return button({ actionId, label, url });
}

/** In the viewer's own time zone; the fallback is UTC. Only for mrkdwn. */
export function date(at: Date, style: 'time' | 'day' = 'day'): string {
  const fallback = utc(at, style);
  const seconds = Math.floor(at.getTime() / 1000);
  if (!(seconds > 0) || fallback === UNKNOWN_TIME) return fallback;
  return `<!date^${seconds}^${style === 'time' ? '{time}' : '{date_short_pretty} at {time}'}|${fallback}>`;
}

/** The same for a rich_text date; null where there is no such moment. */
export function fixedDate(at: Date): { timestamp: number; format: string; fallback: string } | null {
  const timestamp = Math.floor(at.getTime() / 1000);
  const fallback = utc(at, 'day');
  if (!(timestamp > 0) || fallback === UNKNOWN_TIME) return null;
  return { timestamp, format: '{date_short_pretty} at {time}', fallback };
}

const UNKNOWN_TIME = 'at an unknown time';

function utc(at: Date, style: 'time' | 'day'): string {
  const ms = at.getTime();
  if (!Number.isFinite(ms) || ms < -62_167_219_200_000 || ms >= 253_402_300_800_000) return UNKNOWN_TIME;
  const iso = at.toISOString();
  return style === 'time' ? `${iso.slice(11, 16)} UTC` : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Lines packed into sections; lines beyond `budget` (as JSON characters) become one line that counts them. */
export function sections(lines: readonly string[], budget = 9_000): SectionBlock[] {
  const kept: string[] = [];
  let spent = 0;
  for (const line of lines.map((one) => clipMarkup(one, SECTION_CHARS))) {
    spent += JSON.stringify(line).length + 2;
    if (spent > budget) break;
    kept.push(line);
  }
  if (kept.length < lines.length) kept.push(`…and ${lines.length - kept.length} more`);
  return pack(kept).map(section);
}

function pack(lines: readonly string[]): string[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + line.length < SECTION_CHARS) packed[packed.length - 1] = `${last}\n${line}`;
    else packed.push(line);
  }
  return packed;
}

/** A message whose `text` says what its first block says: notifications on phones and screen readers read only `text`. */
export function message(first: SectionBlock | ContextBlock, ...rest: readonly KnownBlock[]): Message {
  return { text: toPlainWords(withoutMentions(markupOf(first))), blocks: [first, ...rest] };
}

/** For one reader only: a mention calls nobody there, so `text` keeps it as the name it is shown as. */
export function privateMessage(first: SectionBlock, ...rest: readonly KnownBlock[]): Message {
  return { text: toPlainWords(markupOf(first)), blocks: [first, ...rest] };
}

function markupOf(block: SectionBlock | ContextBlock): string {
  const said = block.type === 'section' ? [block.text] : block.elements;
  return said.flatMap((part) => (part && 'text' in part ? [part.text] : [])).join('\n');
}

function withoutMentions(markup: string): string {
  return markup.replace(/ ?<@[A-Z0-9]+>/g, '');
}

/** Our own marks taken out again: emoji codes, bullets, bold, code spans; dates as UTC. */
export function toPlainWords(markup: string): string {
  const words = markup
    .replace(/^(?::[a-z_]+:\s+|• )/gm, '')
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/[*`]/g, '');
  return words.replace(/([.,:;?!])?\n/g, (_end, stop: string | undefined) => `${stop ?? '.'} `).trim();
}

/** Finished markup as raw text, for places where nothing is markup: entities are characters again. */
export function plainOf(markup: string): string {
  return toPlainWords(markup).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
