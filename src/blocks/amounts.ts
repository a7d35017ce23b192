// Numbers, lists, durations and vendors' codes as people read them. Pure words; what comes from outside is made safe here.
import type { Fact, Facts } from '../workflow/model/step.ts';
import { cleanText, safeText } from './safe-text.ts';

const LISTED = 6;

/** "no devices", "1 device", "2 devices". */
export function count(n: number, one: string, many = `${one}s`): string {
  if (n === 0) return `no ${many}`;
  return n === 1 ? `1 ${one}` : `${n} ${many}`;
}

/** "push, SMS and 3 more"; '' for none. */
export function list(words: readonly string[], most = LISTED): string {
  const shown = words.slice(0, most).map((word) => safeText(word, 40) || '(no name)');
  if (words.length > most) return `${shown.join(', ')} and ${words.length - most} more`;
  return shown.join(', ');
}

/** "2 devices: MBP, iPhone". */
export function countAndList(words: readonly string[], one: string, many?: string): string {
  const counted = count(words.length, one, many);
  return words.length === 0 ? counted : `${counted}: ${list(words)}`;
}

/** "0.4 s", "4 s", "1 min 5 s", "2 h 3 min", "3 d 4 h". */
export function duration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 100) return 'under 0.1 s';
  if (ms < 1_000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}

/** A fact that should be a list of names; null if it is absent or something else. */
export function namesIn(facts: Facts | null, key: string): readonly string[] | null {
  const value = factIn(facts, key);
  return isNames(value) ? value : null;
}

export function wordIn(facts: Facts | null, key: string): string | null {
  const value = factIn(facts, key);
  return typeof value === 'string' && value !== '' ? value : null;
}

export function factIn(facts: Facts | null, key: string): Fact {
  return facts !== null && Object.hasOwn(facts, key) ? (facts[key] ?? null) : null;
}

function isNames(value: Fact): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** "SUPER_ADMIN" → "super admin". */
export function lowered(code: string): string {
  return safeText(cleanText(code, 40).replaceAll('_', ' ').toLowerCase(), 40);
}
