// The sandbox keeps away from whatever is real: it does not even start where a credential lies in the environment.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const EXAMPLE = path.resolve(import.meta.dirname, '../../.env.example');
const IS_SECRET = /(_TOKEN|_KEYS?|_SECRET)$|^DATABASE_URL$/;

/** Names of the app's settings that hold a secret, as .env.example lists them. */
export function secretSettings(): readonly string[] {
  const names = [...readFileSync(EXAMPLE, 'utf8').matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)].filter((name) => IS_SECRET.test(name));
}

/** What to say and not to start; null: nothing real is in sight. Never shows a value. */
export function realCredentials(env: Readonly<Record<string, string | undefined>>): string | null {
  const found = secretSettings().filter((name) => (env[name] ?? '') !== '');
  if (found.length === 0) return null;
  const isOne = found.length === 1;
  return [
    `The sandbox did not start: ${found.join(', ')} ${isOne ? 'is' : 'are'} set in this environment.`,
    'It needs no credential and would use none, but nothing real should be near it.',
    `Start it without ${isOne ? 'it' : 'them'}: env ${found.map((name) => `-u ${name}`).join(' ')} npm run sandbox`,
  ].join('\n');
}
