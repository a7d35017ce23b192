// EasyPost's one shape of refusal; knows no state.
import type { Reply } from '../simulator.ts';

interface FieldError {
  readonly field: string;
  readonly message: string;
}

export function refuse(status: number, code: string, message: string, errors: readonly FieldError[] = []): Reply {
  return { status, body: { error: { code, message, errors } } };
}

export function errorOf(status: number): Reply {
  const [code, message] = WORDS[status] ?? ['INTERNAL_SERVER_ERROR', 'We are sorry, something went wrong.'];
  return refuse(status, code, message);
}

const WORDS: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BAD_REQUEST', 'The request was not understood.'],
  401: ['UNAUTHORIZED', 'Invalid API key.'],
  402: ['PAYMENT_REQUIRED', 'Payment is required.'],
  403: ['FORBIDDEN', 'You are not authorized to perform that action.'],
  404: ['NOT_FOUND', 'The requested resource could not be found.'],
  422: ['TRACKER.CREATE.ERROR', 'Unable to create tracker.'],
  503: ['SERVICE_UNAVAILABLE', 'We are temporarily offline.'],
};

export function tooMany(retryAfterSeconds = 1): Reply {
  const reply = refuse(429, 'RATE_LIMITED', 'You have exceeded the limit of requests.');
  return { ...reply, headers: { 'retry-after': String(retryAfterSeconds) } };
}
