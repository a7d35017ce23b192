// The access token of an API client: fetched once for all who wait, replaced ahead of its end, forgotten when refused. Knows no operation.
import { ConnectorError } from '../connector-error.ts';
import { connectHttp } from '../http.ts';
import type { OnCall } from '../watch-call.ts';
import { Token } from './schema.ts';

/** A call may take so long to arrive: no token is used that ends within this, or within a quarter of its life. */
const MARGIN_MS = 30_000;

export interface TokenSettings {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly deadlineMs: number;
  readonly onCall?: OnCall;
  onHeaders?(headers: Headers): void;
}

/** Life is measured by the machine's monotonic time, from before the request: whatever wall clocks do, a token is never thought to live longer than it does. */
export function keepToken(settings: TokenSettings) {
  const http = connectHttp({
    vendor: 'jamf',
    url: settings.url,
    authorization: () => null,
    deadlineMs: settings.deadlineMs,
    explain: ({ body }) => {
      const error = (body as { error?: unknown } | undefined)?.error;
      return typeof error === 'string' ? { reason: `client credentials refused (${error})`, code: error } : null;
    },
    ...(settings.onCall && { onCall: settings.onCall }),
    onHeaders: (headers) => settings.onHeaders?.(headers),
  });
  let held: { text: string; until: number } | null = null;
  let fetching: Promise<string> | null = null;

  const fetchNew = async (): Promise<string> => {
    const askedAt = performance.now();
    const form = {
      grant_type: 'client_credentials',
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
    };
    const call = { operation: 'token', kind: 'read', method: 'POST', path: '/api/v1/oauth/token', form } as const;
    const { access_token: text, expires_in: seconds } = await http.send(call, Token).catch(asRefusedCredentials);
    const lifeMs = seconds * 1000;
    held = { text, until: askedAt + lifeMs - Math.min(MARGIN_MS, lifeMs / 4) };
    return text;
  };

  return {
    /** Throws a ConnectorError: `unauthorized` where the credentials are refused. Nothing was sent then. */
    get: async (): Promise<string> => {
      if (held && performance.now() < held.until) return held.text;
      fetching ??= fetchNew().finally(() => {
        fetching = null;
      });
      return fetching;
    },
    /** After a 401: the next call fetches another one. */
    forget: (text: string): void => {
      if (held?.text === text) held = null;
    },
  };
}

/** Jamf says 400 or 401 of a bad client; either way nothing but other credentials will help. */
function asRefusedCredentials(error: unknown): never {
  if (!(error instanceof ConnectorError) || error.kind !== 'rejected') throw error;
  const { vendor, operation, status, vendorCode, reason } = error;
  throw new ConnectorError({ kind: 'unauthorized', vendor, operation, status, vendorCode, reason, cause: error });
}
