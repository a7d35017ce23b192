// Snipe-IT's refusals: most are HTTP 200 with a status of "error"; knows no state.
import type { Reply } from '../simulator.ts';

/** HTTP 200 all the same. */
export function refuse(messages: string | Readonly<Record<string, readonly string[]>>, payload: unknown = null): Reply {
  return { status: 200, body: { status: 'error', messages, payload } };
}

export const NO_SUCH_ASSET = 'Asset does not exist.';

export function success(messages: string, payload: unknown): Reply {
  return { status: 200, body: { status: 'success', messages, payload } };
}

/** Whoever does not ask for JSON is a browser, and sent to sign in. */
export function signIn(): Reply {
  return {
    status: 302,
    headers: { location: '/login', 'content-type': 'text/html' },
    body: '<!doctype html><title>Redirecting</title>',
  };
}

/** Laravel's and Snipe-IT's answers for bare HTTP statuses. */
export function errorOf(status: number, retryAfterSeconds = 60): Reply {
  const headers: Record<string, string> = status === 429 ? { 'retry-after': String(retryAfterSeconds) } : {};
  return {
    status,
    headers,
    body: BODIES[status] ?? { status: 'error', messages: `${status} endpoint not found`, payload: null },
  };
}

const BODIES: Readonly<Record<number, unknown>> = {
  401: { error: 'Unauthorized.' },
  403: { status: 'error', messages: 'You are not authorised to perform this action.', payload: null },
  405: { status: 'error', messages: '405 Method not allowed', payload: null },
  429: { status: 'error', messages: 'Too Many Attempts.', payload: null },
  500: { message: 'Server Error' },
  503: { message: 'Service Unavailable' },
};
