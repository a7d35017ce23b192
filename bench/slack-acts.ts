// What operators do in the simulated Slack, many at once: type the command, see the plan, confirm it.
import { setTimeout as pause } from 'node:timers/promises';
import { OPERATORS, type Scene, type Stage } from './stage.ts';
import type { Leaver } from './walk.ts';

const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 50;

/** So many new people like Ada: two devices of her own, two factors. */
export async function hire({ okta }: Scene, count: number, prefix: string): Promise<readonly Leaver[]> {
  const copies = (await okta.post('/command/copy_user', { user: 'ada', count, prefix })) as { login: string }[];
  const logins = new Set(copies.map(({ login }) => login));
  const { users } = (await okta.get('/state')) as {
    users: {
      id: string;
      profile: { login: string };
      factors: { id: string; factorType: string }[];
      deviceIds: string[];
    }[];
  };
  return users
    .filter(({ profile }) => logins.has(profile.login))
    .map(({ id, profile, factors, deviceIds }) => ({
      id,
      login: profile.login,
      factorIds: factors.filter((one) => one.factorType === 'push').map((one) => one.id),
      deviceIds,
    }));
}

/** A plan on somebody's screen. */
export interface Shown {
  readonly operator: string;
  readonly viewId: string;
}

/** Asks for each plan, one a time for each operator; answers the windows that show them. */
export async function planAll(stage: Scene, leavers: readonly Leaver[]): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (let at = 0; at < leavers.length; at += OPERATORS.length) {
    const some = leavers.slice(at, at + OPERATORS.length);
    await Promise.all(some.map(({ login }, index) => command(stage, login, index)));
    await untilHandled(stage, some);
    const windows = await until(`${at + some.length} plans are shown`, async () => {
      const { views } = (await stage.slack.get('/state')) as {
        views: Record<string, { id: string; submit: unknown }[]>;
      };
      const tops = some.flatMap(({ login }, index) => {
        const operator = operatorOf(index);
        const top = views[operator]?.at(-1);
        return top?.submit && JSON.stringify(top).includes(login) ? [{ operator, viewId: top.id }] : [];
      });
      return tops.length === some.length ? tops : null;
    });
    shown.push(...windows);
  }
  return shown;
}

function operatorOf(index: number): string {
  return OPERATORS[index % OPERATORS.length] ?? '';
}

/** Answers how long Slack waited for the ack, in ms. */
export async function command({ slack }: Scene, login: string, operator: number): Promise<number> {
  const act = { user: operatorOf(operator), command: '/offboard', text: login };
  const { status, ackMs } = (await slack.post('/command/slash', act)) as { status: number; ackMs: number };
  if (status !== 200) throw new Error(`/offboard ${login} was answered ${status}`);
  return ackMs;
}

/** Confirms all at once. */
export async function submitAll({ slack }: Scene, windows: readonly Shown[]): Promise<void> {
  await Promise.all(
    windows.map(({ operator, viewId }) =>
      // Only an operator's newest window is open; a confirmation of one that was closed since counts as well.
      slack.post('/command/submit', { user: operator, viewId, force: true }),
    ),
  );
}

/** When Slack sent each submit, by Okta id. */
export async function sentAtOf({ slack, sql }: Scene, windows: readonly Shown[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ plan: string; person: string }>(
    "SELECT id AS plan, result->>'personId' AS person FROM inbound_delivery WHERE kind = 'command' AND outcome = 'planned'",
  );
  const people = new Map(rows.map(({ plan, person }) => [plan, person]));
  const { deliveries } = (await slack.get('/state')) as { deliveries: { at: number; raw: string }[] };
  const sentAt = new Map<string, number>();
  for (const { at, raw } of deliveries) {
    const payload = JSON.parse(new URLSearchParams(raw).get('payload') ?? '{}') as Submission;
    if (payload.type !== 'view_submission' || !windows.some(({ viewId }) => viewId === payload.view.id)) continue;
    const { plan } = JSON.parse(payload.view.private_metadata) as { plan: string };
    sentAt.set(people.get(plan) ?? '', at);
  }
  return sentAt;
}

interface Submission {
  readonly type?: string;
  readonly view: { readonly id: string; readonly private_metadata: string };
}

export async function untilClosed({ sql }: Scene, leavers: readonly Leaver[], since: Date): Promise<void> {
  await until(`${leavers.length} runs are closed`, async () => {
    const { rows } = await sql.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM run WHERE status = 'closed' AND requested_at >= $1 AND person_id = ANY ($2)",
      [since, leavers.map(({ id }) => id)],
    );
    return rows[0]?.n === leavers.length;
  });
}

/** Every command about them was acted on; answers how many got a plan. */
export function untilHandled({ sql }: Scene, leavers: readonly Leaver[]): Promise<number> {
  return until(`${leavers.length} commands are handled`, async () => {
    const { rows } = await sql.query<{ handled: number; planned: number }>(
      `SELECT count(*)::int AS handled, (count(*) FILTER (WHERE outcome = 'planned'))::int AS planned FROM inbound_delivery
       WHERE kind = 'command' AND handled_at IS NOT NULL AND payload->>'email' = ANY ($1)`,
      [leavers.map(({ login }) => login)],
    );
    return rows[0]?.handled === leavers.length ? rows[0].planned : null;
  });
}

export async function untilDrawn({ sql }: Scene): Promise<void> {
  await until('everything is drawn', async () => {
    const { rows } = await sql.query<{ n: number }>('SELECT count(*)::int AS n FROM report WHERE wanted > drawn');
    return rows[0]?.n === 0;
  });
}

/** Between two measurements: the channel is drawn at once, instead of a message a second. */
export async function catchUp(stage: Stage): Promise<void> {
  const set = (on: boolean): Promise<unknown> =>
    fetch(stage.app.announced.controlUrl, { method: 'POST', body: JSON.stringify({ on }) });
  await set(true);
  await untilDrawn(stage);
  await set(false);
}

async function until<T>(what: string, holds: () => Promise<T | null | false>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const held = await holds();
    if (held !== null && held !== false) return held;
    if (Date.now() > end) throw new Error(`not so after ${PATIENCE_MS / 1000} s: ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}
