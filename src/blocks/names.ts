// Operators on screens: a plain name where nobody needs to be called, a mention only where somebody must act.
import { safeName, safeText } from './safe-text.ts';

/** Display names by Slack user id (`U…`) or by operator key (`T…/U…`). */
export type Names = Readonly<Record<string, string>>;

/** The name if we have it, else the user id in plain text; never a mention. */
export function operatorName(key: string, names: Names = {}): string {
  return DOOR_NAMES[key] ?? knownName(key, names) ?? safeName(userIdOf(key), 60);
}

/** Made safe; null if we have none. */
export function knownName(key: string, names: Names): string | null {
  const userId = userIdOf(key);
  for (const known of [key, userId]) {
    const name = Object.hasOwn(names, known) ? names[known] : undefined;
    if (name !== undefined && safeText(name, 60) !== '') return safeText(name, 60);
  }
  return null;
}

/** `<@U…>`; a plain name where the key is no Slack user (a run started by the HRIS). */
export function mention(key: string, names: Names = {}): string {
  const userId = userIdOf(key);
  return isUserId(userId) ? `<@${userId}>` : operatorName(key, names);
}

/** Runs that no operator asked for. */
export const DOOR_NAMES: Readonly<Record<string, string>> = { bamboohr: 'BambooHR', okta: 'Okta' };

export function isUserId(userId: string): boolean {
  return /^[UW][A-Z0-9]{1,30}$/.test(userId);
}

function userIdOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
