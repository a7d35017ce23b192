// Turns whatever the Okta SDK throws into a ConnectorError. Codes: developer.okta.com/docs/reference/error-codes, read 2026-11.
import { z } from 'zod';
import { ConnectorError, type ConnectorErrorKind } from '../connector-error.ts';
import { NoAnswer, Refused, retryAfterMs } from './request-executor.ts';

/** What a call is to the vendor: a read may always be repeated, a write without an answer is in doubt. */
export type CallKind = 'read' | 'write';

interface OktaFailure {
  readonly status: number;
  readonly errorCode?: string;
  readonly errorSummary?: string;
  readonly errorCauses?: readonly { readonly errorSummary?: string }[];
  readonly headers?: { get(name: string): string | null };
}

export function asConnectorError(
  error: unknown,
  call: { operation: string; subject?: string; kind: CallKind },
): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const facts = {
    vendor: 'okta',
    operation: call.operation,
    ...(call.subject ? { subject: call.subject } : {}),
    cause: error,
  };
  if (error instanceof NoAnswer) {
    const kind = call.kind === 'write' && error.sent ? 'ambiguous' : 'transient';
    return new ConnectorError({ ...facts, kind, reason: error.reason });
  }
  if (error instanceof Refused) {
    const kind = NOT_NOW.has(error.code) ? 'rejected' : 'unauthorized';
    return new ConnectorError({
      ...facts,
      kind,
      status: 401,
      vendorCode: error.code,
      reason: `${error.code}: ${error.summary}`,
    });
  }
  if (isOktaFailure(error)) {
    const status = Number(error.status);
    const causes = (error.errorCauses ?? []).map((cause) => cause.errorSummary).filter(Boolean);
    return new ConnectorError({
      ...facts,
      kind: NOT_NOW.has(error.errorCode ?? '') ? 'rejected' : kindOf(status, call.kind),
      status,
      vendorCode: error.errorCode ?? null,
      reason: [error.errorCode, error.errorSummary, ...causes].filter(Boolean).join(': ') || 'refused',
      retryAfterMs: status === 429 && error.headers ? retryAfterMs(error.headers) : null,
    });
  }
  // A 2xx whose body is not what was promised: for a write nobody knows what was done.
  const reason =
    error instanceof z.ZodError
      ? `unexpected answer: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`
      : `unreadable answer: ${String(error)}`;
  return new ConnectorError({ ...facts, kind: call.kind === 'write' ? 'ambiguous' : 'transient', reason });
}

/** 401/403 in status, but no matter of permission: feature not in the org's edition, method unknown, wrong status of the user. */
const NOT_NOW = new Set(['E0000015', 'E0000022', 'E0000038']);

function kindOf(status: number, call: CallKind): ConnectorErrorKind {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  // Whether a 5xx was applied is not known: the next attempt looks before it writes.
  if (status >= 500) return call === 'write' ? 'ambiguous' : 'transient';
  return 'rejected';
}

function isOktaFailure(error: unknown): error is OktaFailure & Error {
  return error instanceof Error && 'status' in error && Number.isFinite(Number(error.status));
}
