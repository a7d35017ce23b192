// BambooHR's two shapes of refusal: a header with an empty body, and RFC 7807 problems of the datasets; knows no state.
import type { Reply } from '../simulator.ts';

/** The reason stands in a header; the body is empty. */
export function refuse(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'x-bamboohr-error-message': message, ...headers } };
}

export function problem(status: number, code: string, detail: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, code },
  };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
};

export function errorOf(status: number): Reply {
  return refuse(status, MESSAGES[status] ?? 'Unknown server error');
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Invalid API key',
  403: 'Insufficient permissions',
  404: 'Not found',
  503: 'Service unavailable',
};
