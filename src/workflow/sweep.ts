// The nightly sweep: who has left according to HR and still has a live account, mailboxes past their day, runs in which nothing goes on.
// Reads only, one person after the other; it begins nothing.
import type { BambooHr } from '../connectors/bamboohr/client.ts';
import type { Leaver } from '../connectors/bamboohr/dataset.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Google } from '../connectors/google/client.ts';
import type { Okta } from '../connectors/okta/client.ts';
import type { Policy } from './model/policy.ts';
import type { Clock } from './model/ports.ts';
import type { Leftover, SweepRows } from './model/sweep.ts';

const DAY_MS = 86_400_000;
/** The newest leavers first; two reads each at most. */
const MOST_PEOPLE = 500;

export interface SweepDeps {
  readonly bamboohr: Pick<BambooHr, 'listLeaversSince'> | null;
  readonly okta: Pick<Okta, 'findUsers' | 'getUser'>;
  readonly google: { readonly accounts: Pick<Google['accounts'], 'findUser'> } | null;
  readonly rows: Pick<SweepRows, 'leftovers' | 'isLive' | 'isContained'>;
  readonly policy: { readonly policy: Policy };
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void };
}

/** `unread`: vendors that did not answer; of what they have nothing is known tonight. */
export interface Swept {
  readonly found: readonly Leftover[];
  readonly unread: readonly string[];
  readonly people: number;
}

export async function sweepAll(deps: SweepDeps): Promise<Swept> {
  const { inactiveDays } = deps.policy.policy.sweep;
  const now = deps.clock.now();
  const unread = new Set<string>();
  const read = async <T>(vendor: string, look: () => Promise<T>): Promise<T | null> => {
    // One that has failed tonight is not asked for everybody else as well.
    if (unread.has(vendor)) return null;
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      deps.log.warn({ err: error, vendor }, 'the sweep could not read a vendor');
      unread.add(vendor);
      return null;
    }
  };
  const { bamboohr } = deps;
  const since = new Date(now.getTime() - inactiveDays * DAY_MS).toISOString().slice(0, 10);
  const leavers = bamboohr ? ((await read('bamboohr', () => bamboohr.listLeaversSince(since))) ?? []) : [];
  const newest = [...leavers].sort((one, other) => (other.endedOn ?? '').localeCompare(one.endedOn ?? ''));
  const found: Leftover[] = [];
  for (const leaver of newest.slice(0, MOST_PEOPLE)) found.push(...(await accountsOf(deps, leaver, read)));
  return {
    found: [
      ...found,
      ...(await deps.rows.leftovers(now)),
      ...[...unread].map((vendor): Leftover => ({ kind: 'unread', key: `unread:${vendor}`, vendor })),
    ],
    unread: [...unread],
    people: Math.min(newest.length, MOST_PEOPLE),
  };
}

type Read = <T>(vendor: string, look: () => Promise<T>) => Promise<T | null>;

async function accountsOf(deps: SweepDeps, { workEmail: email, endedOn }: Leaver, read: Read): Promise<Leftover[]> {
  const hits = (await read('okta', () => deps.okta.findUsers(email))) ?? [];
  const found: Leftover[] = [];
  for (const hit of hits) {
    // The search lags; the user itself does not.
    const user = await read('okta', () => deps.okta.getUser(hit.id));
    if (!user || user.status === 'DEPROVISIONED' || (await deps.rows.isLive(user.id))) continue;
    found.push({
      kind: 'account',
      key: `account:okta:${user.id}`,
      vendor: 'okta',
      email,
      status: user.status,
      endedOn,
    });
  }
  if (hits.length > 0 && (await Promise.all(hits.map(({ id }) => deps.rows.isLive(id)))).includes(true)) return found;
  const { google } = deps;
  const account = google && (await read('google', () => google.accounts.findUser(email)));
  if (account && !account.suspended && !account.archived && !(await deps.rows.isContained(account.id)))
    found.push({
      kind: 'account',
      key: `account:google:${account.id}`,
      vendor: 'google',
      email,
      status: 'ACTIVE',
      endedOn,
    });
  return found;
}
