// Turns whatever a call to Google throws into a ConnectorError. Reasons: Workspace APIs' "Resolve errors" pages, read 2026-11.
import { z } from 'zod';
import { ConnectorError, type ConnectorErrorKind } from '../connector-error.ts';
import { type GoogleScope, scopeUrl } from './scopes.ts';
import { NoAnswer, Refused } from './transport.ts';

/** What a call is to the vendor: a read may always be repeated, a write without an answer is in doubt. */
export type CallKind = 'read' | 'write';

export interface CallFacts {
  readonly kind: CallKind;
  readonly operation: string;
  /** Google's id of what it is about, never an address: it stands in logs. */
  readonly subject?: string;
  readonly scope: GoogleScope;
  readonly isAdmin: boolean;
  /** Of the service account. */
  readonly clientId: string;
}

/** Without a cause: the SDK's errors carry request bodies, and with them addresses and passwords. */
export function asConnectorError(error: unknown, call: CallFacts): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const facts = {
    vendor: 'google',
    operation: call.operation,
    ...(call.subject ? { subject: call.subject } : {}),
  };
  const lost: ConnectorErrorKind = call.kind === 'write' ? 'ambiguous' : 'transient';
  if (error instanceof NoAnswer)
    return new ConnectorError({ ...facts, kind: error.sent ? lost : 'transient', reason: error.message });
  if (error instanceof Refused && error.isToken) return tokenRefusal(error, call, facts);
  if (error instanceof Refused) {
    const { code, reason } = wordsOf(error);
    const kind = kindOf(error.status, code, lost);
    return new ConnectorError({
      ...facts,
      kind,
      status: error.status,
      vendorCode: code,
      reason,
      retryAfterMs: kind === 'rate_limited' ? retryAfterMs(error.headers, reason) : null,
    });
  }
  // A 2xx whose body is not what was promised: for a write nobody knows what was done.
  const reason =
    error instanceof z.ZodError
      ? `unexpected answer: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`
      : `unreadable answer: ${error instanceof Error ? error.name : 'unknown'}`;
  return new ConnectorError({ ...facts, kind: lost, reason });
}

/** Google says "slow down" with 403 as well as with 429. */
const TOO_FAST = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'concurrentLimitExceeded',
]);
/** A 403 that no permission of ours would change: the service is off for this account. */
const NOT_FOR_THIS_ACCOUNT = new Set(['domainPolicy', 'notACalendarUser']);

function kindOf(status: number, code: string | null, lost: ConnectorErrorKind): ConnectorErrorKind {
  if (status === 429 || (status === 403 && TOO_FAST.has(code ?? ''))) return 'rate_limited';
  if (status === 403 && NOT_FOR_THIS_ACCOUNT.has(code ?? '')) return 'rejected';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 410) return 'not_found';
  // Whether a 5xx was applied is not known: the next attempt looks before it writes.
  if (status === 408 || status >= 500) return lost;
  return 'rejected';
}

const TokenProblem = z.object({ error: z.string(), error_description: z.string().nullish() });
/** The key, the clock or the service account itself; whatever else an `invalid_grant` says is about the account acted for. */
const ABOUT_OUR_KEY = /signature|issuer|short-lived|timeframe|account not found|robot|Invalid JWT/i;

/** No token, no call: nothing is in doubt. */
function tokenRefusal(
  refused: Refused,
  call: CallFacts,
  facts: { vendor: string; operation: string; subject?: string },
): ConnectorError {
  const { status } = refused;
  const { data } = TokenProblem.safeParse(refused.data);
  const code = data?.error ?? null;
  const said = tidy([code, data?.error_description].filter(Boolean).join(': ')) || `HTTP ${status}`;
  const known = { ...facts, operation: 'token', status, vendorCode: code };
  if (status === 429) {
    const wait = retryAfterMs(refused.headers, said);
    return new ConnectorError({ ...known, kind: 'rate_limited', reason: said, retryAfterMs: wait });
  }
  if (status >= 500 || status === 408) return new ConnectorError({ ...known, kind: 'transient', reason: said });
  if (code === 'unauthorized_client' || code === 'access_denied' || code === 'invalid_scope')
    return new ConnectorError({
      ...known,
      kind: 'unauthorized',
      reason: `domain-wide delegation does not grant ${scopeUrl(call.scope)} to client ${call.clientId} (${said})`,
    });
  const isAboutSubject = (code === 'invalid_grant' && !ABOUT_OUR_KEY.test(said)) || /impersonation/i.test(said);
  if (!isAboutSubject)
    return new ConnectorError({
      ...known,
      kind: 'unauthorized',
      reason: `the service account’s key is not accepted (${said})`,
    });
  return new ConnectorError({
    ...known,
    kind: call.isAdmin ? 'unauthorized' : 'rejected',
    reason: `${call.isAdmin ? 'the admin account' : 'the account'} cannot be acted for: suspended, deleted or unknown (${said})`,
  });
}

/** Google answers an unusable token and a missing scope with a `WWW-Authenticate`; the body says enough. */
const Problem = z.object({
  error: z.object({
    message: z.string().nullish(),
    status: z.string().nullish(),
    errors: z.array(z.object({ reason: z.string().nullish() })).nullish(),
  }),
});

function wordsOf({ status, data }: Refused): { code: string | null; reason: string } {
  const error = Problem.safeParse(data).data?.error;
  const code = error?.errors?.[0]?.reason ?? error?.status ?? null;
  const fallback = status >= 300 && status < 400 ? 'redirected: the address is not Google’s API' : `HTTP ${status}`;
  return { code, reason: tidy(error?.message ?? '') || fallback };
}

/** `Retry-After` in seconds, else the instant that Gmail writes into its words (twentyhq/twenty#17850). Null: Google does not say. */
function retryAfterMs(headers: Headers, words: string): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const wait = Date.parse(/retry after (\S+Z)/i.exec(words)?.[1] ?? '') - now;
  return Number.isFinite(wait) && wait > 0 ? wait : null;
}

const LONGEST_REASON = 300;

/** One short line without an address, and without anything as long as a password or token: Google repeats what we sent. */
function tidy(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  const bare = line.replaceAll(/[^\s'"(),;:<>]+@[^\s'"(),;:<>]+/g, '…@…').replaceAll(/[\w.-]*[\w-]{32,}[\w.-]*/g, '…');
  return bare.slice(0, LONGEST_REASON);
}
