// An office's tables between two tests: emptied while its app keeps running.
import pg from 'pg';
import type { Database } from '../../src/store/client.ts';

const TRIES = 10;
const DEADLOCK = '40P01';

/** The app's sweep may hold one table and want the next while this wants both: PostgreSQL ends one of the two, and this one asks again. */
export async function emptyTables(db: Database): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await db.query(
        'TRUNCATE device_order, sealed_secret, delivery, report, decision, vendor_write, step_run, run, inbound_delivery, vendor_pace, knock, poll, sweep_finding, breaker_held, breaker_stop, batch_decision, batch_person, batch',
        [],
      );
      return;
    } catch (error) {
      const isTie = error instanceof pg.DatabaseError && error.code === DEADLOCK;
      if (!isTie || tried === TRIES) throw error;
    }
  }
}
