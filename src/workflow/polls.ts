// What webhooks have missed: who has changed at BambooHR, who was deactivated in Okta, since the last look. Works without an address of our own.
import type { BambooHr } from '../connectors/bamboohr/client.ts';
import type { Okta } from '../connectors/okta/client.ts';
import type { Clock } from './model/ports.ts';
import type { KnockStore } from './model/start-ports.ts';

/** Okta's log is eventually consistent: what is published may be found later than what is newer. */
const OVERLAP_MS = 5 * 60_000;
/** Shorter than the schedule's own distance, so that no tick is passed over by a hair. */
const BAMBOOHR_EVERY_MS = 4 * 60_000;
const OKTA_EVERY_MS = 90_000;

export interface PollDeps {
  readonly bamboohr: Pick<BambooHr, 'listChanged'> | null;
  readonly okta: Pick<Okta, 'listDeactivations' | 'newestEventAt'>;
  readonly knocks: KnockStore;
  readonly clock: Clock;
  onKnock(): void;
}

export interface Polls {
  /** `now`: whoever polled last, and however short ago. */
  bamboohr(options?: { now: boolean }): Promise<void>;
  okta(options?: { now: boolean }): Promise<void>;
}

interface LogPosition {
  readonly since: string;
  /** Of the overlap: they were looked at already. */
  readonly seen: readonly string[];
}

/** The very first look only finds out where to begin: what happened before Sendoff was set up begins nothing. */
export function createPolls(deps: PollDeps): Polls {
  return {
    async bamboohr({ now } = { now: false }) {
      if (!deps.bamboohr) return;
      const taken = await deps.knocks.takePoll('bamboohr', now ? 0 : BAMBOOHR_EVERY_MS);
      if (!taken) return;
      const since = (taken.position as string | null) ?? null;
      const { latest, ids } = await deps.bamboohr.listChanged(since);
      await deps.knocks.polled('bamboohr', latest, 'bamboohr', since === null ? [] : ids, deps.clock.now());
      if (since !== null && ids.length > 0) deps.onKnock();
    },

    async okta({ now } = { now: false }) {
      const taken = await deps.knocks.takePoll('okta', now ? 0 : OKTA_EVERY_MS);
      if (!taken) return;
      const position = taken.position as LogPosition | null;
      if (position === null) {
        const newest = await deps.okta.newestEventAt();
        const since = newest ?? new Date(0).toISOString();
        // What the overlap holds was there before us.
        const there = newest === null ? [] : await deps.okta.listDeactivations(overlapOf(since));
        const first: LogPosition = { since, seen: there.map(({ uuid }) => uuid) };
        await deps.knocks.polled('okta', first, 'okta', [], deps.clock.now());
        return;
      }
      const events = await deps.okta.listDeactivations(overlapOf(position.since));
      const fresh = events.filter(({ uuid }) => !position.seen.includes(uuid));
      const newest = events.at(-1)?.published ?? new Date(position.since);
      const since = (newest > new Date(position.since) ? newest : new Date(position.since)).toISOString();
      const from = new Date(overlapOf(since));
      const seen = events.filter(({ published }) => published >= from).map(({ uuid }) => uuid);
      const next: LogPosition = { since, seen };
      const users = fresh.flatMap(({ target }) => target.find(({ type }) => type === 'User')?.id ?? []);
      await deps.knocks.polled('okta', next, 'okta', users, deps.clock.now());
      if (users.length > 0) deps.onKnock();
    },
  };
}

function overlapOf(since: string): string {
  return new Date(Math.max(0, Date.parse(since) - OVERLAP_MS)).toISOString();
}
