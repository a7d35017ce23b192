// Google's two shapes of refusal: the APIs' error object and the token address's; knows no state.
// @see https://developers.google.com/admin-sdk/directory/v1/limits and https://developers.google.com/gmail/api/guides/handle-errors
import type { Reply } from '../simulator.ts';

interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  /** Of `errors[0]`; the same as `message` if absent. */
  readonly inner?: string;
  readonly domain?: string;
  /** Where the newer services say it, a google.rpc.Code. */
  readonly rpc?: string;
  readonly location?: { readonly location: string; readonly locationType: string };
  readonly details?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(refusal: Refusal): Reply {
  const { status, reason, message, inner = message, domain = 'global', rpc, location, details, headers = {} } = refusal;
  const error = {
    code: status,
    message,
    errors: [{ message: inner, domain, reason, ...location }],
    ...(rpc && { status: rpc }),
    ...(details && { details }),
  };
  return { status, headers, body: { error } };
}

/** `what` as Directory writes it: `userKey`, `groupKey`, `resourceId`. */
export function notFound(what: string): Reply {
  return refuse({ status: 404, reason: 'notFound', message: `Resource Not Found: ${what}` });
}

export function invalid(what: string): Reply {
  return refuse({ status: 400, reason: 'invalid', message: `Invalid Input: ${what}` });
}

export function invalidArgument(message: string): Reply {
  return refuse({ status: 400, reason: 'invalidArgument', message, rpc: 'INVALID_ARGUMENT' });
}

/** A name that the method does not have, in the body or in the query. */
export function unknownName(name: string, cannot: 'find field' | 'bind query parameter'): Reply {
  const message = `Invalid JSON payload received. Unknown name "${name}": Cannot ${cannot}.`;
  return refuse({ status: 400, reason: 'badRequest', message, rpc: 'INVALID_ARGUMENT' });
}

/** Gmail's word for it; Directory and licences say `duplicate`. */
export function alreadyExists(): Reply {
  const message = 'Requested entity already exists';
  return refuse({ status: 409, reason: 'alreadyExists', message, rpc: 'ALREADY_EXISTS' });
}

export function duplicate(): Reply {
  return refuse({ status: 409, reason: 'duplicate', message: 'Entity already exists.' });
}

/** The subject is no administrator, or not one who may do this. */
export function notAuthorized(): Reply {
  return refuse({ status: 403, reason: 'forbidden', message: 'Not Authorized to access this resource/api' });
}

/** Gmail, where the account is suspended, archived, without a mailbox, or not yet back after a suspension. */
export function mailNotEnabled(): Reply {
  return failedPrecondition('Mail service not enabled');
}

export function failedPrecondition(message = 'Precondition check failed.'): Reply {
  return refuse({ status: 400, reason: 'failedPrecondition', message, rpc: 'FAILED_PRECONDITION' });
}

export function entityNotFound(): Reply {
  const message = 'Requested entity was not found.';
  return refuse({ status: 404, reason: 'notFound', message, rpc: 'NOT_FOUND' });
}

export function unauthenticated(): Reply {
  return refuse({
    status: 401,
    reason: 'authError',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    inner: 'Invalid Credentials',
    rpc: 'UNAUTHENTICATED',
    location: { location: 'Authorization', locationType: 'header' },
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  });
}

export function insufficientScope(method: string): Reply {
  return refuse({
    status: 403,
    reason: 'insufficientPermissions',
    message: 'Request had insufficient authentication scopes.',
    inner: 'Insufficient Permission',
    rpc: 'PERMISSION_DENIED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
        metadata: { method },
      },
    ],
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"' },
  });
}

/** Each way in which Google says "not now". */
export type Overload =
  | 'rateLimitExceeded' // 403, the project's rate
  | 'userRateLimitExceeded' // 403, this user's rate
  | 'quotaExceeded' // 403
  | 'dailyLimitExceeded' // 403, and no waiting of seconds helps
  | 'tooManyRequests' // 429
  | 'mailRateLimitExceeded' // 429 that says until when
  | 'backendError' // 503
  | 'internalError'; // 500

const OVERLOADS: Readonly<Record<Overload, Refusal>> = {
  rateLimitExceeded: usage(403, 'rateLimitExceeded', 'Rate Limit Exceeded'),
  userRateLimitExceeded: usage(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded'),
  quotaExceeded: usage(403, 'quotaExceeded', 'Quota exceeded for quota metric and limit of the service.'),
  dailyLimitExceeded: usage(403, 'dailyLimitExceeded', 'Daily Limit Exceeded'),
  tooManyRequests: {
    ...usage(429, 'rateLimitExceeded', 'Quota exceeded for quota metric and limit of the service.'),
    rpc: 'RESOURCE_EXHAUSTED',
  },
  mailRateLimitExceeded: {
    ...usage(429, 'rateLimitExceeded', 'User-rate limit exceeded.'),
    rpc: 'RESOURCE_EXHAUSTED',
  },
  backendError: {
    status: 503,
    reason: 'backendError',
    message: 'The service is currently unavailable.',
    rpc: 'UNAVAILABLE',
  },
  internalError: { status: 500, reason: 'backendError', message: 'Internal error encountered.', rpc: 'INTERNAL' },
};

/** Gmail says in words, and nowhere else, when to come back. */
export function mailOverloaded(now: number): Reply {
  const message = `User-rate limit exceeded.  Retry after ${new Date(now + 15 * 60_000).toISOString()}`;
  return refuse({ ...OVERLOADS.mailRateLimitExceeded, message });
}

/** Google promises no Retry-After; `retryAfterSeconds` sets one. */
export function overloaded(kind: Overload, retryAfterSeconds?: number): Reply {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return refuse({ ...OVERLOADS[kind], headers });
}

export function isOverload(kind: string): kind is Overload {
  return Object.hasOwn(OVERLOADS, kind);
}

/** The error object that belongs to a bare HTTP status, for faults. */
export function errorOf(status: number, retryAfterSeconds?: number): Reply {
  if (status === 429) return overloaded('tooManyRequests', retryAfterSeconds);
  if (status === 503) return overloaded('backendError', retryAfterSeconds);
  if (status === 401) return unauthenticated();
  if (status === 403) return notAuthorized();
  if (status === 404) return entityNotFound();
  if (status === 409) return duplicate();
  if (status === 412) {
    return refuse({ status, reason: 'conditionNotMet', message: 'Precondition Failed' });
  }
  return status < 500 ? refuse({ status, reason: 'badRequest', message: 'Bad Request' }) : overloaded('internalError');
}

/** The token address speaks OAuth (RFC 6749 section 5.2), not the APIs' error object. */
export function refuseToken(status: number, error: string, description: string): Reply {
  return { status, body: { error, error_description: description } };
}

function usage(status: number, reason: string, message: string): Refusal {
  return { status, reason, message, domain: 'usageLimits' };
}
