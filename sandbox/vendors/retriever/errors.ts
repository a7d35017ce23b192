// Retriever's refusals in the shape of Django REST Framework, which its paths and paging suggest; knows no state.
import type { Reply } from '../simulator.ts';

/** Messages by field; nested as the request is. */
export type FieldErrors = { [field: string]: string[] | FieldErrors };

export function invalid(errors: FieldErrors): Reply {
  return { status: 400, body: errors };
}

export function detail(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: { detail: words } };
}

export function throttled(seconds: number): Reply {
  return detail(429, `Request was throttled. Expected available in ${seconds} seconds.`, {
    'retry-after': String(seconds),
  });
}

export function errorOf(status: number): Reply {
  return detail(status, WORDS[status] ?? 'A server error occurred.');
}

const WORDS: Readonly<Record<number, string>> = {
  400: 'Malformed request.',
  401: 'Invalid token.',
  403: 'You do not have permission to perform this action.',
  404: 'Not found.',
};
