// Everything that can be known of a test's company once its offboardings have ended: journals, states, rows, logs.
import type { Call } from './control.ts';
import type { Scene } from './scene.ts';

export interface OktaUser {
  readonly id: string;
  readonly status: string;
  readonly sessions: number;
  readonly clientTokens: Readonly<Record<string, number>>;
  readonly factors: readonly unknown[];
  readonly deviceIds: readonly string[];
}

export interface OktaDevice {
  readonly id: string;
  readonly status: string;
  readonly userIds: readonly string[];
}

export interface OktaState {
  readonly users: readonly OktaUser[];
  readonly devices: readonly OktaDevice[];
}

export interface Ticket {
  readonly key: string;
  readonly labels: readonly string[];
  readonly statusCategory: string;
  readonly comments: readonly {
    readonly properties: Readonly<Record<string, { readonly run?: string; readonly events?: readonly number[] }>>;
  }[];
}

export interface SlackMessage {
  readonly ts: string;
  readonly text: string;
  readonly blocks: unknown;
  readonly thread_ts: string | null;
  readonly metadata?: { readonly event_payload?: { readonly marker?: string } };
}

export interface RunRow {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
}

export interface StepRow {
  readonly runId: string;
  readonly step: string;
  readonly status: string;
  readonly dueAt: Date | null;
  readonly takenOverMs: number | null;
}

export interface WriteRow {
  readonly id: number;
  readonly vendor: string;
  readonly runId: string;
  readonly step: string;
  readonly effect: string;
  readonly target: string;
  readonly irreversible: boolean;
  readonly outcome: string | null;
}

export interface AuditRow {
  readonly chain: string;
  readonly action: string;
  readonly seq: number;
  /** Milliseconds since the epoch, with fractions. */
  readonly atMs: number;
  readonly detail: {
    readonly step?: string;
    readonly effect?: string;
    readonly target?: string;
    readonly write?: number;
  };
}

export interface Evidence {
  readonly oktaBefore: OktaState;
  readonly okta: OktaState;
  readonly oktaCalls: readonly Call[];
  readonly slackCalls: readonly Call[];
  readonly jiraCalls: readonly Call[];
  readonly tickets: readonly Ticket[];
  readonly messages: readonly SlackMessage[];
  readonly runs: readonly RunRow[];
  readonly steps: readonly StepRow[];
  readonly writes: readonly WriteRow[];
  readonly audit: readonly AuditRow[];
  readonly brokenChains: readonly string[];
  readonly deliveries: readonly { runId: string; message: string; marker: string; ts: string | null; hash: string }[];
  readonly undrawn: number;
  readonly logs: readonly { readonly app: string; readonly text: string }[];
  readonly secrets: readonly string[];
}

export async function gatherEvidence(scene: Scene, oktaBefore: OktaState): Promise<Evidence> {
  const rows = async <T extends object>(sql: string): Promise<readonly T[]> => (await scene.db.query<T>(sql)).rows;
  const slack = await scene.slack.state<{
    channels: { id: string; messages: SlackMessage[] }[];
    users: { email: string }[];
  }>();
  const [counted] = await rows<{ n: number }>('SELECT count(*)::int AS n FROM report WHERE wanted > drawn');
  return {
    oktaBefore,
    okta: await scene.okta.state<OktaState>(),
    oktaCalls: await scene.okta.journal(),
    slackCalls: await scene.slack.journal(),
    jiraCalls: await scene.jira.journal(),
    tickets: (await scene.jira.state<{ issues: Ticket[] }>()).issues,
    messages: slack.channels.find((one) => one.id === scene.settings.SLACK_CHANNEL_ID)?.messages ?? [],
    runs: await rows(
      `SELECT id, code, status, person_id AS "personId", person->>'name' AS name, person->>'email' AS email FROM run`,
    ),
    steps: await rows(
      `SELECT run_id AS "runId", step, status, due_at AS "dueAt",
         (extract(epoch FROM taken_over_at) * 1000)::float8 AS "takenOverMs" FROM step_run`,
    ),
    writes: await rows(
      `SELECT w.id::int AS id, s.vendor, s.run_id AS "runId", s.step, w.effect, w.target, w.irreversible, w.outcome
       FROM vendor_write w JOIN step_run s ON s.id = w.step_run_id ORDER BY w.id`,
    ),
    audit: await rows(
      'SELECT chain, seq::int AS seq, action, (extract(epoch FROM at) * 1000)::float8 AS "atMs", detail FROM audit_event ORDER BY chain, seq',
    ),
    brokenChains: (await rows<{ chain: string }>('SELECT chain FROM audit_verify() WHERE first_bad IS NOT NULL')).map(
      (row) => row.chain,
    ),
    deliveries: await rows(
      `SELECT r.run_id AS "runId", d.message, d.marker, d.ts, d.hash FROM delivery d JOIN report r ON r.key = d.report_key
       WHERE r.run_id IS NOT NULL AND r.audience = 'slack'`,
    ),
    undrawn: counted?.n ?? 0,
    logs: scene.apps.map((app) => ({ app: app.name, text: app.said() })),
    secrets: [...secretsOf(scene.settings), ...slack.users.map((user) => user.email).filter(Boolean)],
  };
}

/** What must stand in no log: tokens, secrets, each private part of the key. */
function secretsOf(settings: Readonly<Record<string, string>>): string[] {
  const key = JSON.parse(settings.OKTA_PRIVATE_KEY ?? '{}') as Record<string, string>;
  const parts = ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((name) => key[name] ?? []);
  const own = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'JIRA_API_TOKEN'].map((name) => settings[name] ?? '');
  const google = JSON.parse(settings.GOOGLE_SERVICE_ACCOUNT_KEY ?? '{}') as { private_key?: string };
  const lines = (google.private_key ?? '').split('\n').filter((line) => line.length > 40);
  return [...own, ...parts, ...lines].filter(Boolean);
}
