// Turns whatever the Slack SDK throws into a ConnectorError. Codes: docs.slack.dev method references, read 2026-11.
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { ConnectorError, type ConnectorErrorKind } from '../connector-error.ts';

const UNAUTHORIZED = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
]);
/** Slack's own trouble: whether a write was applied is not known. */
const INTERNAL = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

export function asConnectorError(error: unknown, call: { operation: string; kind: 'read' | 'write' }): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const facts = { vendor: 'slack', operation: call.operation, cause: error };
  const lost: ConnectorErrorKind = call.kind === 'write' ? 'ambiguous' : 'transient';
  if (error instanceof WebAPIRateLimitedError) {
    return new ConnectorError({
      ...facts,
      kind: 'rate_limited',
      status: 429,
      reason: 'rate limited',
      retryAfterMs: Math.max(1, error.retryAfter) * 1000,
    });
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    const kind = platformKind(code, lost);
    const missing = 'needed' in error.data ? String(error.data.needed) : '';
    const details = error.data.response_metadata?.messages?.join('; ') ?? missing;
    return new ConnectorError({
      ...facts,
      kind,
      status: 200,
      vendorCode: code,
      reason: details ? `${code}: ${details}` : code,
    });
  }
  if (error instanceof WebAPIHTTPError) {
    return new ConnectorError({
      ...facts,
      kind: error.statusCode >= 500 ? lost : 'rejected',
      status: error.statusCode,
      reason: `HTTP ${error.statusCode}`,
    });
  }
  const refused =
    error instanceof WebAPIRequestError && JSON.stringify(causes(error.original)).includes('ECONNREFUSED');
  return new ConnectorError({
    ...facts,
    kind: refused ? 'transient' : lost,
    reason: error instanceof Error ? error.message : String(error),
  });
}

function platformKind(code: string, lost: ConnectorErrorKind): ConnectorErrorKind {
  if (UNAUTHORIZED.has(code)) return 'unauthorized';
  return INTERNAL.has(code) ? lost : 'rejected';
}

function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [String('code' in error ? error.code : error.message), ...causes(error.cause)];
}
