// Makes text that others wrote (names, vendors' words) harmless: nothing in it formats, links, mentions, hides or reorders.

/** Longer input is cut before anything else looks at it. */
const MOST_READ = 20_000;
const NAME_CHARS = 80;
/** Default-ignorable covers zero-width marks, bidi controls, fillers and variation selectors; U+2800 is a blank that prints. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2800]/gu;
const BLANK = /[\p{Cc}\p{Z}\s]+/gu;
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** Visible text on one line, at most `max` UTF-16 units, cut with …; still raw, so never put it into mrkdwn as it is. */
export function cleanText(text: string, max = NAME_CHARS): string {
  const visible = text.slice(0, MOST_READ).replace(INVISIBLE, '').replace(BLANK, ' ').replace(PILED_MARKS, '$1').trim();
  if (visible.length <= max) return visible;
  return `${wholeCharacters(visible.slice(0, Math.max(0, max - 1))).trimEnd()}…`;
}

/** For mrkdwn and message text. Slack has no escape for its marks, so they become characters that only look alike. */
export function safeText(text: string, max = NAME_CHARS): string {
  const inert = withoutMarks(cleanText(text, max)).replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, 'ˍ');
  return escapeMarkup(inert);
}

export function safeName(name: string, max = NAME_CHARS): string {
  return safeText(name, max) || '(no name)';
}

/** An address, a login, a code: in a code span, where `_` is inert and may stay exact. */
export function safeCode(text: string, max = 254): string {
  return `\`${escapeMarkup(withoutMarks(cleanText(text, max))) || '(empty)'}\``;
}

/** For plain_text: nothing there is live, but `<@…>` would be shown as it stands and look like a fault. */
export function safePlain(text: string, max = NAME_CHARS): string {
  return cleanText(text, max).replaceAll('<', '‹').replaceAll('>', '›');
}

/** @see https://docs.slack.dev/messaging/formatting-message-text (escaping), read 2026-11 */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cuts finished markup to `max` without leaving half an entity, half a date or half a mention. */
export function clipMarkup(markup: string, max: number): string {
  if (markup.length <= max) return markup;
  const cut = wholeCharacters(markup.slice(0, max - 1));
  return `${cut.replace(/<[^>]*$/, '').replace(/&[a-z]{0,3}$/, '')}…`;
}

function withoutMarks(text: string): string {
  const inert = text.replaceAll('*', '∗').replaceAll('~', '∼').replaceAll('`', 'ˋ');
  return inert.replace(/:(?=[^\s:]+:)/gu, '∶');
}

function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}
