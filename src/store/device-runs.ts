// What our own rows say of devices that are on their way: which run fetches one, and whose box for it is still out.
import pg from 'pg';
import type { DeviceRuns } from '../workflow/model/ports.ts';
import type { Database } from './client.ts';

/** As the trigger `one_return_a_device` refuses a run. */
export function isFetchedElsewhere(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23D18';
}

export function createDeviceRunStore(db: Database): DeviceRuns {
  return {
    async fetching(keys, { kind, personId }) {
      if (keys.length === 0) return new Map();
      const rows = await db.query<{ key: string; code: string; is_live: boolean }>(
        `SELECT key, code, is_live FROM device_elsewhere($1, (SELECT id FROM run WHERE kind = $2 AND person_id = $3
           AND status IN ('awaiting_approval', 'scheduled', 'held', 'open') LIMIT 1))`,
        [keys, kind, personId],
      );
      return new Map(rows.map(({ key, code, is_live }) => [key, { code, isLive: is_live }]));
    },
  };
}
