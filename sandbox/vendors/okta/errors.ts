// Okta's two shapes of refusal: the API's error object and OAuth's; knows no state.
// Codes and HTTP statuses: https://developer.okta.com/docs/reference/error-codes/
import { randomBytes } from 'node:crypto';
import type { Reply } from '../simulator.ts';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly summary: string;
  readonly causes?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse({ status, code, summary, causes = [], headers = {} }: Refusal): Reply {
  const errorId = `oae${randomBytes(16).toString('base64url')}`;
  const errorCauses = causes.map((errorSummary) => ({ errorSummary }));
  return { status, headers, body: { errorCode: code, errorSummary: summary, errorLink: code, errorId, errorCauses } };
}

/** The token endpoint speaks OAuth (RFC 6749 section 5.2), not the API's error object. */
export function refuseOAuth(
  status: number,
  error: string,
  description: string,
  headers: Record<string, string> = {},
): Reply {
  return { status, headers, body: { error, error_description: description } };
}

export function notFound(id: string, type: string): Reply {
  return refuse({ status: 404, code: 'E0000007', summary: `Not found: Resource not found: ${id} (${type})` });
}

export function invalid(what: string, cause: string): Reply {
  const summary = `Api validation failed: ${what}`;
  return refuse({ status: 400, code: 'E0000001', summary, causes: [cause] });
}

export function invalidToken(headers: Record<string, string> = {}): Reply {
  return refuse({ status: 401, code: 'E0000011', summary: 'Invalid token provided', headers });
}

export function accessDenied(headers: Record<string, string> = {}): Reply {
  const summary = 'You do not have permission to perform the requested action';
  return refuse({ status: 403, code: 'E0000006', summary, headers });
}

export function wrongUserStatus(): Reply {
  const summary = "This operation is not allowed in the user's current status.";
  return refuse({ status: 403, code: 'E0000038', summary });
}

/** What an org answers whose licence lacks the Devices API: the published list gives E0000015 the status 401. */
export function featureNotEnabled(): Reply {
  const summary = 'You do not have permission to access the feature you are requesting';
  return refuse({ status: 401, code: 'E0000015', summary });
}

/** The error object that belongs to a bare HTTP status, for faults. */
export function errorOf(status: number, headers: Record<string, string> = {}): Reply {
  const [code, summary] = BY_STATUS[status] ?? ['E0000009', 'Internal Server Error'];
  return refuse({ status, code, summary, headers });
}

const BY_STATUS: Readonly<Record<number, readonly [string, string]>> = {
  400: ['E0000001', 'Api validation failed'],
  401: ['E0000011', 'Invalid token provided'],
  403: ['E0000006', 'You do not have permission to perform the requested action'],
  404: ['E0000007', 'Not found: Resource not found'],
  405: ['E0000022', 'The endpoint does not support the provided HTTP method'],
  429: ['E0000047', 'API call exceeded rate limit due to too many requests.'],
  503: ['E0000010', 'Service is in read only mode'],
};
