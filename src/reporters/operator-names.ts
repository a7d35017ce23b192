// Slack names of operators for the channel, kept for a while: pictures are redrawn far more often than names change.
import type { Slack } from '../connectors/slack/client.ts';

const KEEP_MS = 10 * 60_000;

export interface OperatorNames {
  /** `T123/U123` → name; somebody whose name cannot be read is left out. */
  of(keys: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export function createOperatorNames(slack: Pick<Slack, 'getUser'>): OperatorNames {
  const kept = new Map<string, { name: string; until: number }>();
  const nameOf = async (key: string): Promise<string | null> => {
    if (!key.includes('/')) return null; // a door is nobody in Slack
    const known = kept.get(key);
    if (known && known.until > performance.now()) return known.name;
    const user = await slack.getUser(key.slice(key.indexOf('/') + 1)).catch(() => null);
    const name = user?.profile?.real_name ?? user?.real_name ?? null;
    if (name) kept.set(key, { name, until: performance.now() + KEEP_MS });
    return name ?? known?.name ?? null;
  };
  return {
    async of(keys) {
      const pairs = await Promise.all([...new Set(keys)].map(async (key) => [key, await nameOf(key)] as const));
      return Object.fromEntries(pairs.flatMap(([key, name]) => (name ? [[key, name]] : [])));
    },
  };
}
