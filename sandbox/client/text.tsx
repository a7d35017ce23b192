// Small texts that are no block: labels, names, times. What the app wrote stays text.
import { emojiCharacters } from '../terminal/emoji.ts';
import type { Person } from './shapes.ts';

/** A text object of Block Kit, or nothing. */
export function plain(field: unknown): string {
  const text = (field as { text?: unknown } | null | undefined)?.text;
  return typeof text === 'string' ? emojiCharacters(text) : '';
}

export function nameOf(people: readonly Person[], id: string): string {
  const found = people.find((one) => one.id === id);
  if (found?.isBot) return 'Sendoff';
  return found?.name ?? id;
}

export function zoneOf(people: readonly Person[], id: string): string {
  return people.find((one) => one.id === id)?.timezone ?? 'UTC';
}

export function timeOf(ts: string, zone: string): string {
  return show(new Date(Number(ts) * 1000), zone, { hour: '2-digit', minute: '2-digit' });
}

/** With the day where it is not today: answers in a thread may be weeks apart. */
export function longTimeOf(ts: string, zone: string, now: Date): string {
  const day = dayOf(ts, zone, now);
  return day === 'Today' ? timeOf(ts, zone) : `${day} at ${timeOf(ts, zone)}`;
}

export function dayOf(ts: string, zone: string, now: Date): string {
  const at = new Date(Number(ts) * 1000);
  return prettyDay(at, zone, now) ?? show(at, zone, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** `{date_short_pretty} at {time}`. @see https://docs.slack.dev/messaging/formatting-message-text, read 2026-11 */
export function slackDate(seconds: string, format: string, zone: string, now: Date): string | null {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return null;
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => dateToken(token, at, zone, now) ?? whole);
}

function dateToken(token: string, at: Date, zone: string, now: Date): string | null {
  if (token === 'time') return show(at, zone, { hour: '2-digit', minute: '2-digit' });
  if (token === 'time_secs') return show(at, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  if (token === 'date_num') return formatter('en-CA', { timeZone: zone }).format(at);
  if (!token.startsWith('date')) return null;
  const pretty = token.endsWith('_pretty') ? prettyDay(at, zone, now) : null;
  if (pretty !== null) return pretty;
  if (token.startsWith('date_short')) return show(at, zone, { day: 'numeric', month: 'short', year: 'numeric' });
  const weekday = token.startsWith('date_long') ? ({ weekday: 'long' } as const) : {};
  return show(at, zone, { ...weekday, day: 'numeric', month: 'long', year: 'numeric' });
}

function prettyDay(at: Date, zone: string, now: Date): string | null {
  const day = (date: Date): string => formatter('en-CA', { timeZone: zone }).format(date);
  if (day(at) === day(now)) return 'Today';
  if (day(at) === day(new Date(now.getTime() - 86_400_000))) return 'Yesterday';
  return day(at) === day(new Date(now.getTime() + 86_400_000)) ? 'Tomorrow' : null;
}

function show(at: Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  return formatter('en-GB', { timeZone: zone, ...options }).format(at);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** One is slow to make, and each message needs several. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}
