// Reads what an operator typed after a command: one of its words, one exact address, or why it is not one. Never corrects, never guesses.
import type { OddKind, Unreadable } from '../../blocks/help.ts';

export type PersonCommandText<Word extends string> =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'person'; readonly email: string }
  | Unreadable;

/** RFC 5321 4.5.3.1: path 256 with its brackets, local part 64. */
const MOST_ADDRESS = 254;
const MOST_LOCAL = 64;
/** An address twice, in Slack's `<mailto:…|…>`, with room to spare. */
const MOST_TYPED = 600;
const MOST_SHOWN = 80;

/** Atoms and dots without characters that quote, route or mark up: refused rather than guessed at. */
const LOCAL = /^[A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*$/;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const TOP_LABEL = /^(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{2,59})$/i;
/** Anything but printable ASCII and the blanks that separate words. */
const ODD = /[^ -~\t\r\n]/u;
/** As Slack rewrites a typed address. @see https://docs.slack.dev/messaging/formatting-message-text, read 2026-11 */
const MAIL_LINK = /^<mailto:([^<>|]*)(?:\|([^<>|]*))?>$/;

/** `words`: what the command takes instead of an address, in any case. The address is returned exactly as it was typed,
 * upper case kept; comparing it without case is the directory's work. */
export function parsePersonCommand<Word extends string>(text: string, words: readonly Word[]): PersonCommandText<Word> {
  if (text.length > MOST_TYPED) return unreadable('too_long', text);
  const typed = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (typed === '') return unreadable('empty', '');
  const word = words.find((one) => one === typed.toLowerCase());
  if (word !== undefined) return { kind: 'word', word };
  if (typed.startsWith('<@') || /^@[^@\s]*$/.test(typed)) return unreadable('mention', typed);
  if (ODD.test(typed)) return { ...unreadable('odd_characters', typed), odd: oddKinds(typed) };
  if (typed.split(/[\s,;]+/).filter((piece) => piece.includes('@')).length > 1) return unreadable('several', typed);
  return readAddress(typed);
}

function readAddress(typed: string): PersonCommandText<never> {
  const link = MAIL_LINK.exec(typed);
  const target = link?.[1] ?? typed;
  const email = link?.[2] ?? target;
  if (email.length > MOST_ADDRESS) return unreadable('too_long', typed);
  // A link may say one address and mean another.
  if (target.toLowerCase() !== email.toLowerCase() || !isAddress(email)) return unreadable('not_an_address', typed);
  return { kind: 'person', email };
}

function isAddress(email: string): boolean {
  const [local = '', domain = '', ...more] = email.split('@');
  if (more.length > 0 || local.length > MOST_LOCAL || !LOCAL.test(local)) return false;
  const labels = domain.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(labels.at(-1) ?? '');
}

function unreadable(why: Unreadable['why'], typed: string): Unreadable {
  const shown = typed.slice(0, MOST_SHOWN).replace(/[^ -~]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return { kind: 'unreadable', why, shown: shown.slice(0, 2 * MOST_SHOWN) };
}

/** Each kind once, in the order people should hear of them. */
function oddKinds(typed: string): readonly OddKind[] {
  const odd = [...typed].filter((character) => ODD.test(character)).map(kindOf);
  return (['direction', 'invisible', 'control', 'space', 'foreign'] as const).filter((kind) => odd.includes(kind));
}

function kindOf(character: string): OddKind {
  if (/\p{Bidi_Control}/u.test(character)) return 'direction';
  if (/\p{Cc}/u.test(character)) return 'control';
  if (/\p{Z}/u.test(character)) return 'space';
  if (/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\u2800]/u.test(character)) return 'invisible';
  return 'foreign';
}
