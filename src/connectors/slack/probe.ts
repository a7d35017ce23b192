// What one call tells of a Slack token: its team, what it may do, and Slack's clock. For a check-up; reads only.
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import type { SlackSettings } from './client.ts';

const Identity = z.object({ ok: z.boolean(), error: z.string().optional(), team: z.string().optional() });

export interface SlackProbe {
  readonly team: string;
  /** Null: Slack did not say. */
  readonly scopes: readonly string[] | null;
  /** The answer's Date; null: it had none. */
  readonly date: Date | null;
}

/** Past the SDK, which keeps the answer's headers to itself. @see https://docs.slack.dev/reference/methods/auth.test, read 2026-11 */
export async function probeSlack(settings: SlackSettings): Promise<SlackProbe> {
  const failed = (kind: 'transient' | 'unauthorized', reason: string, status: number | null = null): ConnectorError =>
    new ConnectorError({ kind, vendor: 'slack', operation: 'auth.test', status, reason });
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(`${settings.apiUrl}auth.test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.botToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(settings.deadlineMs),
    });
    body = await answer.json().catch(() => null);
  } catch (error) {
    throw failed('transient', (error as Error).name === 'TimeoutError' ? 'timed out' : 'connection failed');
  }
  const identity = Identity.safeParse(body);
  if (!identity.success) throw failed('transient', `HTTP ${answer.status}`, answer.status);
  if (!identity.data.ok) throw failed('unauthorized', identity.data.error ?? 'refused', answer.status);
  const date = Date.parse(answer.headers.get('date') ?? '');
  return {
    team: identity.data.team ?? '',
    scopes:
      answer.headers
        .get('x-oauth-scopes')
        ?.split(',')
        .map((one) => one.trim()) ?? null,
    date: Number.isNaN(date) ? null : new Date(date),
  };
}
