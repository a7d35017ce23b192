// Turns whatever a call to Jira throws into a ConnectorError. Statuses: Jira Cloud platform REST API v3, read 2026-11.
import { z } from 'zod';
import { ConnectorError, type ConnectorErrorKind } from '../connector-error.ts';
import { NoAnswer, Refused } from './transport.ts';

/** What a call is to the vendor: a read may always be repeated, a write without an answer is in doubt. */
export type CallKind = 'read' | 'write';

export function asConnectorError(
  error: unknown,
  call: { operation: string; subject?: string; kind: CallKind },
): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const facts = {
    vendor: 'jira',
    operation: call.operation,
    ...(call.subject ? { subject: call.subject } : {}),
    cause: error,
  };
  const lost: ConnectorErrorKind = call.kind === 'write' ? 'ambiguous' : 'transient';
  if (error instanceof NoAnswer) {
    return new ConnectorError({ ...facts, kind: error.sent ? lost : 'transient', reason: error.reason });
  }
  if (error instanceof Refused) {
    const { status, reason, limit, retryAfterMs } = error;
    return new ConnectorError({ ...facts, kind: kindOf(error, lost), status, reason, vendorCode: limit, retryAfterMs });
  }
  // A 2xx whose body is not what was promised: for a write nobody knows what was done.
  const reason =
    error instanceof z.ZodError
      ? `unexpected answer: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`
      : `unreadable answer: ${error instanceof Error ? error.name : 'unknown'}`;
  return new ConnectorError({ ...facts, kind: lost, reason });
}

function kindOf({ status, reason, isStranger }: Refused, lost: ConnectorErrorKind): ConnectorErrorKind {
  if (status === 429) return 'rate_limited';
  if (isStranger || status === 401 || status === 403) return 'unauthorized';
  // Jira also says with 400 what a permission stands in the way of; its 404 says both at once and stays a 404.
  if (status === 400 && /\bpermission\b/i.test(reason)) return 'unauthorized';
  if (status === 404) return 'not_found';
  // Another update got in between: not applied, and fit to be tried again.
  if (status === 409) return 'transient';
  // Whether a 5xx was applied is not known: the next attempt looks before it writes.
  if (status >= 500 || status === 408) return lost;
  return 'rejected';
}
