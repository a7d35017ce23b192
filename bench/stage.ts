// What is measured: the production app, each vendor's simulator, the control and a durable PostgreSQL, each a process of its own.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Child, startChild } from '../sandbox/child-process.ts';
import { type Control, createControl } from '../sandbox/demo/control.ts';
import { PEOPLE, TEAM_ID } from '../sandbox/people.ts';
import { startVendors } from '../sandbox/vendor-processes.ts';

/** Every vendor call takes this long; as in the prototype that the bars come from. Ratios count, not milliseconds. */
export const LATENCY_MS = 80;
/** Each has one window at a time: many plans at once need many operators. Ada is who leaves. */
export const OPERATORS = PEOPLE.flatMap(({ slackUserId, key }) => (slackUserId && key !== 'ada' ? [slackUserId] : []));

const ADMINS = OPERATORS.map((user) => `${TEAM_ID}:${user}`).join(',');

/** The vendors and a new database; no app yet. */
export interface Scene {
  readonly slack: Control;
  readonly okta: Control;
  readonly jira: Control;
  /** Every setting of an app that is to run here. */
  readonly settings: Readonly<Record<string, string>>;
  /** Its own statements are its own role's: they are not counted. */
  readonly sql: pg.Client;
}

export interface Stage extends Scene {
  readonly app: Child<{ eventsUrl: string; controlUrl: string }>;
}

export interface SceneOptions {
  /** Superuser's address of the server. */
  readonly serverUrl: string;
  readonly latencyMs: number;
  /** Absent: no Jira, so that the app makes the control's calls and no others but the thread's. */
  readonly hasJira?: boolean;
}

const POLICY = fileURLToPath(new URL('policy.yaml', import.meta.url));
let databases = 0;

export async function onScene<T>(options: SceneOptions, measure: (scene: Scene) => Promise<T>): Promise<T> {
  const stops: (() => Promise<unknown> | unknown)[] = [];
  try {
    databases += 1;
    const databaseUrl = await createDatabase(options.serverUrl, `bench_${process.pid}_${databases}`);
    const vendors = await startVendors();
    stops.push(() => vendors.stop());
    const { slack, okta, jira } = mapValues(vendors.control, createControl);
    const sql = new pg.Client({ connectionString: asWatcher(databaseUrl) });
    await sql.connect();
    stops.push(() => sql.end());
    if (options.latencyMs > 0)
      for (const vendor of [slack, okta, jira])
        await vendor.post('/faults', { kind: 'delay', operation: '*', times: 1e9, delayMs: options.latencyMs });
    const settings = Object.fromEntries(
      Object.entries(vendors.settings).filter(([key]) => vendorsOf(options).some((name) => key.startsWith(name))),
    );
    const machine = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
    return await measure({
      ...{ slack, okta, jira, sql },
      settings: {
        ...machine,
        ...settings,
        SENDOFF_ADMINS: ADMINS,
        DATABASE_URL: databaseUrl,
        SENDOFF_POLICY: POLICY,
        PORT: '0',
      },
    });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Nothing else is set up: what HR and Google say would be calls that the control does not make. */
function vendorsOf({ hasJira }: SceneOptions): readonly string[] {
  return ['SLACK_', 'OKTA_', ...(hasJira === true ? ['JIRA_'] : [])];
}

/** With the app, its paces lifted. */
export async function onStage<T>(options: SceneOptions, measure: (stage: Stage) => Promise<T>): Promise<T> {
  return onScene(options, async (scene) => {
    const profile = process.env.BENCH_PROFILE;
    const app = await startChild<Stage['app']['announced']>({
      name: 'the app',
      program: fileURLToPath(new URL('app.ts', import.meta.url)),
      env: {
        ...scene.settings,
        ...(profile ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profile}` } : {}),
      },
    });
    try {
      await scene.slack.post('/command/connect', { eventsUrl: app.announced.eventsUrl });
      await liftPace(scene.sql);
      return await measure({ ...scene, app });
    } finally {
      await app.stop();
    }
  });
}

const WATCHER = { user: 'bench_watcher', password: 'bench' };

/** Once a server. */
export async function prepareServer(serverUrl: string): Promise<void> {
  const sql = new pg.Client({ connectionString: serverUrl });
  await sql.connect();
  await sql.query(`CREATE ROLE ${WATCHER.user} SUPERUSER LOGIN PASSWORD '${WATCHER.password}'`);
  await sql.end();
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const sql = new pg.Client({ connectionString: serverUrl });
  await sql.connect();
  await sql.query(`CREATE DATABASE ${name}`);
  await sql.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const own = new pg.Client({ connectionString: asWatcher(url.href) });
  await own.connect();
  await own.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await own.end();
  return url.href;
}

function asWatcher(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = WATCHER.user;
  url.password = WATCHER.password;
  return url.href;
}

/** Okta's published rates would be all that is measured: every bucket is always full. */
async function liftPace(sql: pg.Client): Promise<void> {
  await sql.query(`
    CREATE FUNCTION bench_no_pace() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.next_at := clock_timestamp() - interval '1 hour'; RETURN NEW; END $$;
    CREATE TRIGGER bench_no_pace BEFORE UPDATE ON vendor_pace FOR EACH ROW EXECUTE FUNCTION bench_no_pace();
    INSERT INTO vendor_pace (vendor, next_at) SELECT v, '-infinity' FROM unnest(ARRAY['okta', 'okta.reads', 'okta.devices', 'jira']) v
      ON CONFLICT DO NOTHING`);
}

/** Statements the app has sent since the statistics were reset, without BEGIN and COMMIT. */
export async function statements(sql: pg.Client): Promise<number> {
  const { rows } = await sql.query<{ n: string | null }>(
    `SELECT sum(s.calls) AS n FROM pg_stat_statements s
     WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.toplevel
       AND s.userid <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
       AND s.query !~* '^\\s*(begin|commit|rollback|start transaction)'`,
  );
  return Number(rows[0]?.n ?? 0);
}

export interface Usage {
  /** User and system time of the process so far, in ms. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** From Linux's /proc; null elsewhere. */
export function usageOf(pid: number): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const rssKb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, rssMb: Number(rssKb) / 1024 };
  } catch {
    return null;
  }
}

function mapValues<K extends string, A, B>(given: Readonly<Record<K, A>>, to: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, to(value as A)])) as Record<K, B>;
}
