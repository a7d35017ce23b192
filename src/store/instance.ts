// This process's place among the others: a row, a session advisory lock that dies with it, and a lease.
import pg from 'pg';
import type { Lease } from '../workflow/model/ports.ts';

/** First key of the advisory lock; the second is the instance's number. `gone_instances` in SQL looks for it. */
const LOCK_CLASS = 4242;
export const LEASE_MS = 15_000;
const BEAT_MS = 3_000;
const WAKE_CHANNEL = 'sendoff';

export interface Instance extends Lease {
  /** Changes when the lock's session was lost and a new one was opened: what the old number owned is up for takeover. */
  readonly num: number;
  /** Call after each statement that set this instance's seen_at. `sentAt`: performance.now() before it was sent. */
  seen(sentAt: number): void;
  notify(): void;
  /** A statement's answer was lost: what this number owns is left to the next takeover, and we go on under a new one. */
  giveUp(num: number): void;
  close(): Promise<void>;
}

export async function joinInstances(options: {
  url: string;
  leaseMs?: number;
  /** Another process has work to share, or our place was lost and regained. */
  onWake(): void;
  onError(error: Error): void;
  /** True while leases must be kept: beats are sent only then. */
  isBusy(): boolean;
}): Promise<Instance> {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  let place = await takePlace(options.url, options);
  let leaseEndsAt = performance.now() + leaseMs;
  let closed = false;

  const watch = (): void => {
    const { client } = place;
    client.once('end', () => lose(client));
  };
  const lose = (client: pg.Client): void => {
    if (closed || place.client !== client || leaseEndsAt === 0) return;
    leaseEndsAt = 0; // others see our lock gone and take over: nothing more may be sent under this number
    client.end().catch(options.onError);
    void regain();
  };
  const regain = async (): Promise<void> => {
    while (!closed) {
      try {
        const sentAt = performance.now();
        const taken = await takePlace(options.url, options);
        if (closed) return await taken.client.end();
        place = taken;
        leaseEndsAt = sentAt + leaseMs;
        watch();
        options.onWake();
        return;
      } catch (error) {
        options.onError(error as Error);
        await new Promise((done) => setTimeout(done, 500));
      }
    }
  };
  watch();

  const beat = setInterval(
    () => {
      if (closed || leaseEndsAt === 0 || !options.isBusy()) return;
      const sentAt = performance.now();
      const { num } = place;
      say(place, 'UPDATE instance SET seen_at = now() WHERE num = $1', [num])
        .then(() => {
          if (place.num === num) leaseEndsAt = sentAt + leaseMs;
        })
        .catch(options.onError);
    },
    Math.min(BEAT_MS, leaseMs / 3),
  );
  beat.unref();

  return {
    get num() {
      return place.num;
    },
    leftMs: () => Math.max(0, leaseEndsAt - performance.now()),
    seen(sentAt) {
      if (leaseEndsAt !== 0) leaseEndsAt = Math.max(leaseEndsAt, sentAt + leaseMs);
    },
    notify() {
      say(place, `NOTIFY ${WAKE_CHANNEL}`, []).catch(options.onError);
    },
    giveUp(num) {
      if (place.num === num) lose(place.client);
    },
    async close() {
      closed = true;
      clearInterval(beat);
      await place.client.end();
    },
  };
}

interface Place {
  readonly client: pg.Client;
  readonly num: number;
  /** A connection takes one statement at a time. */
  last: Promise<unknown>;
}

function say(place: Place, sql: string, values: readonly unknown[]): Promise<unknown> {
  const said = place.last.then(() => place.client.query(sql, [...values]));
  place.last = said.catch(() => undefined);
  return said;
}

async function takePlace(url: string, options: { onWake(): void; onError(error: Error): void }): Promise<Place> {
  const client = new pg.Client({ connectionString: url, application_name: 'sendoff instance', keepAlive: true });
  client.on('error', options.onError);
  try {
    await client.connect();
    const made = await client.query<{ num: number }>('INSERT INTO instance DEFAULT VALUES RETURNING num');
    const num = made.rows[0]?.num;
    if (num === undefined) throw new Error('instance: no number was given');
    await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, num]);
    client.on('notification', options.onWake);
    await client.query(`LISTEN ${WAKE_CHANNEL}`);
    return { client, num, last: Promise.resolve() };
  } catch (error) {
    client.end().catch(options.onError);
    throw error;
  }
}
