// Sends one signed request from Slack to the app, or one envelope over its socket, measures the answer, and notes what the user would see if it fails.
// @see https://docs.slack.dev/authentication/verifying-requests-from-slack, read 2026-11
import { createHmac } from 'node:crypto';
import { type Envelope, sendEnvelope } from './socket-envelopes.ts';
import { BOT, type Json, TEAM, userOf, type Workspace } from './workspace.ts';

/** Slack waits this long for the answer and then tells the user `operation_timeout`. */
export const ACK_MS = 3000;

/** How long the simulator goes on measuring a late answer. */
const GIVE_UP_MS = 10_000;

/** Ways to send what the real Slack never would. */
export interface Forgery {
  /** Signs with this instead of the signing secret. */
  readonly secret?: string;
  /** Added to the timestamp: -600 is ten minutes old. */
  readonly skewSeconds?: number;
  /** Sent (and signed) instead of the real body. */
  readonly rawOverride?: string;
  /** Another team's id in the payload. */
  readonly teamId?: string;
  /** Does what the user's client would not allow: acting in a channel one is not in, leaving required inputs empty. */
  readonly force?: boolean;
}

export interface Delivered {
  /** 0 if there was no HTTP answer. */
  readonly status: number;
  readonly body: string;
  readonly ackMs: number;
  /** What the user saw go wrong. */
  readonly problem?: 'operation_timeout' | 'dispatch_failed' | 'bad_answer';
}

export interface Outgoing {
  readonly kind: string;
  readonly user: string;
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly raw: string;
  readonly forgery: Forgery;
  readonly headers?: Readonly<Record<string, string>>;
}

export const FORM = 'application/x-www-form-urlencoded';

export async function deliver(workspace: Workspace, outgoing: Outgoing): Promise<Delivered> {
  const { forgery } = outgoing;
  const raw = forgery.rawOverride ?? outgoing.raw;
  const forged = forgery.secret !== undefined || forgery.skewSeconds !== undefined || forgery.rawOverride !== undefined;
  const delivery = {
    at: Date.now(),
    kind: outgoing.kind,
    user: outgoing.user,
    raw,
    forged,
    status: 0,
    body: '',
    ackMs: 0,
  };
  workspace.deliveries.push(delivery);
  const started = performance.now();
  // A forged request knows addresses only.
  const answer = workspace.socket.on && !forged ? sendOver(workspace, outgoing) : post(workspace, outgoing, raw);
  Object.assign(delivery, await answer);
  delivery.ackMs = Math.round(performance.now() - started);
  const problem = forged ? undefined : problemOf(delivery);
  if (problem) noteFailure(workspace, outgoing, delivery, problem);
  return { status: delivery.status, body: delivery.body, ackMs: delivery.ackMs, ...(problem ? { problem } : {}) };
}

async function post(workspace: Workspace, outgoing: Outgoing, raw: string): Promise<{ status: number; body: string }> {
  if (workspace.eventsUrl === null) throw new Error('not connected: command connect {eventsUrl} first');
  try {
    const response = await fetch(workspace.eventsUrl, {
      method: 'POST',
      headers: {
        'content-type': outgoing.contentType,
        ...signature(workspace, raw, outgoing.forgery),
        ...outgoing.headers,
      },
      body: raw,
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    return { body: await response.text(), status: response.status };
  } catch (error) {
    return { body: String(error), status: 0 };
  }
}

/** The same content as an envelope: no signature, as the socket itself is trusted. An ack counts as HTTP 200. */
async function sendOver(workspace: Workspace, outgoing: Outgoing): Promise<{ status: number; body: string }> {
  const acked = await sendEnvelope(workspace.socket, envelopeOf(outgoing), ACK_MS);
  if (acked === null) return { status: 0, body: 'no ack' };
  return { status: 200, body: Object.keys(acked).length === 0 ? '' : JSON.stringify(acked) };
}

function envelopeOf({ contentType, raw }: Outgoing): Envelope {
  if (contentType === 'application/json') return { type: 'events_api', payload: JSON.parse(raw) as Json };
  const form = Object.fromEntries(new URLSearchParams(raw));
  if (form.payload === undefined) return { type: 'slash_commands', payload: form };
  return { type: 'interactive', payload: JSON.parse(form.payload) as Json };
}

/** Remembers that the app answered something Slack cannot use. */
export function noteBadAnswer(
  workspace: Workspace,
  outgoing: { kind: string; user: string },
  delivered: Delivered,
  detail: string,
): Delivered {
  workspace.failures.push({
    at: Date.now(),
    user: outgoing.user,
    kind: outgoing.kind,
    problem: 'bad_answer',
    detail,
    ackMs: delivered.ackMs,
  });
  return { ...delivered, problem: 'bad_answer' };
}

/** Fields that every interaction payload carries. */
export function payloadBase(workspace: Workspace, user: string, forgery: Forgery): Json {
  const team = forgery.teamId ?? TEAM.id;
  const { name } = userOf(workspace, user);
  return {
    user: { id: user, username: name, name, team_id: team },
    team: { id: team, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
    api_app_id: BOT.appId,
    token: 'simulator-verification-token',
  };
}

/** An interaction payload as the form field `payload`. */
export async function deliverPayload(
  workspace: Workspace,
  user: string,
  payload: Json,
  forgery: Forgery,
): Promise<Delivered> {
  const raw = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return deliver(workspace, { kind: String(payload.type), user, contentType: FORM, raw, forgery });
}

function signature(workspace: Workspace, raw: string, forgery: Forgery): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) + (forgery.skewSeconds ?? 0));
  const hash = createHmac('sha256', forgery.secret ?? workspace.signingSecret)
    .update(`v0:${timestamp}:${raw}`)
    .digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hash}` };
}

function problemOf(delivery: { readonly status: number; readonly ackMs: number }): Delivered['problem'] {
  if (delivery.ackMs > ACK_MS) return 'operation_timeout';
  return delivery.status === 200 ? undefined : 'dispatch_failed';
}

function noteFailure(
  workspace: Workspace,
  outgoing: Outgoing,
  delivery: { readonly status: number; readonly body: string; readonly ackMs: number },
  problem: NonNullable<Delivered['problem']>,
): void {
  const detail = delivery.status === 0 ? delivery.body : `HTTP ${delivery.status}`;
  workspace.failures.push({
    at: Date.now(),
    user: outgoing.user,
    kind: outgoing.kind,
    problem,
    detail,
    ackMs: delivery.ackMs,
  });
}
