// What is measured: the production app, the simulators and a durable PostgreSQL, each a process of its own, with a fixed latency.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startChild } from '../sandbox/child-process.ts';
import { type Control, createControl } from '../sandbox/demo/control.ts';
import { makeTemporaryFolder } from '../sandbox/temporary-folder.ts';
import { startVendors } from '../sandbox/vendor-processes.ts';
import { startPostgres } from '../src/store/embedded-postgres.ts';

/** What a call to a SaaS takes from the same continent. */
export const LATENCY_MS = 50;

export interface Stage {
  readonly slack: Control;
  readonly okta: Control;
  readonly settings: Readonly<Record<string, string>>;
  readonly sql: pg.Client;
}

export async function onStage(measure: (stage: Stage) => Promise<void>): Promise<void> {
  const stops: (() => Promise<unknown> | unknown)[] = [];
  try {
    const folder = makeTemporaryFolder();
    stops.push(() => rmSync(folder, { recursive: true, force: true }));
    const server = await startPostgres({ dataDir: folder });
    stops.push(() => server.stop());
    const vendors = await startVendors();
    stops.push(() => vendors.stop());
    const [slack, okta] = [createControl(vendors.control.slack), createControl(vendors.control.okta)];
    for (const vendor of [slack, okta])
      await vendor.post('/faults', { kind: 'delay', operation: '*', times: 1e9, delayMs: LATENCY_MS });
    const app = await startChild<{ eventsUrl: string }>({
      name: 'the app',
      program: fileURLToPath(new URL('../sandbox/app.ts', import.meta.url)),
      env: {
        ...{ PATH: process.env.PATH, HOME: process.env.HOME, ...vendors.settings, PORT: '0', DATABASE_URL: server.url },
        // What HR says is read before a run; the control has nothing like it.
        ...{ BAMBOOHR_URL: undefined, BAMBOOHR_API_KEY: undefined },
      },
    });
    stops.push(() => app.stop());
    await slack.post('/command/connect', { eventsUrl: app.announced.eventsUrl });
    const sql = new pg.Client({ connectionString: server.url });
    await sql.connect();
    stops.push(() => sql.end());
    await measure({ slack, okta, settings: vendors.settings, sql });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
