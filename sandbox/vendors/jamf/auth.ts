// Who calls: an API client's credentials in, short-lived tokens out, and the privileges of its API role.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Reply, Request } from '../simulator.ts';
import { refuseToken, unauthenticated } from './errors.ts';

/** As Jamf Pro's list of API role privileges writes them. */
export const PRIVILEGES = [
  'Read Computers',
  'View MDM command information in Jamf Pro API',
  'Send Computer Remote Lock Command',
  'View Computer Device Lock Pin',
  'Send Computer Remote Wipe Command',
  'Send Blank Pushes to Computers',
] as const;
export type Privilege = (typeof PRIVILEGES)[number];

export interface Auth {
  readonly clientId: string;
  readonly clientSecret: string;
  isClientDisabled: boolean;
  privileges: Set<Privilege>;
  /** Of tokens given out from now on; set for each client in Jamf, as short as 60. */
  tokenLifeSeconds: number;
  /** Expiry by token, by the machine's clock: whoever holds one knows nothing of a clock that tests have moved. */
  readonly tokens: Map<string, number>;
  /** False: `/v1/auth` tells nothing of privileges. */
  tellsPrivileges: boolean;
}

const TOKEN_LIFE_SECONDS = 1199;

/** The secret is made at the start, so that none lies in the repository. */
export function createAuth(): Auth {
  return {
    clientId: randomBytes(16).toString('hex'),
    clientSecret: randomBytes(32).toString('base64url'),
    tokens: new Map(),
    ...freshAuth(),
  };
}

/** What `reset` goes back to; tokens that are out stay good. */
export function freshAuth(): Pick<Auth, 'isClientDisabled' | 'privileges' | 'tokenLifeSeconds' | 'tellsPrivileges'> {
  return {
    isClientDisabled: false,
    privileges: new Set(PRIVILEGES),
    tokenLifeSeconds: TOKEN_LIFE_SECONDS,
    tellsPrivileges: true,
  };
}

/** `POST /api/v1/oauth/token`, form-encoded. */
export function issueToken(auth: Auth, request: Request): Reply {
  if (!request.headers['content-type']?.includes('application/x-www-form-urlencoded'))
    return refuseToken(415, 'invalid_request');
  const form = (request.body ?? {}) as Record<string, string | undefined>;
  if (form.grant_type !== 'client_credentials') return refuseToken(400, 'unsupported_grant_type');
  const isKnown = form.client_id === auth.clientId && isSame(form.client_secret ?? '', auth.clientSecret);
  if (!isKnown || auth.isClientDisabled) return refuseToken(401, 'invalid_client');
  const token = randomBytes(48).toString('base64url');
  auth.tokens.set(token, Date.now() + auth.tokenLifeSeconds * 1000);
  return {
    status: 200,
    body: { access_token: token, scope: 'api-role:7', token_type: 'Bearer', expires_in: auth.tokenLifeSeconds },
  };
}

/** Null: go on. */
export function refusalOf(auth: Auth, request: Request): Reply | null {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
  const isGood = scheme === 'Bearer' && (auth.tokens.get(token) ?? 0) > Date.now() && !auth.isClientDisabled;
  return isGood ? null : unauthenticated();
}

function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
