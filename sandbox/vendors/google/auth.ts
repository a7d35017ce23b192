// The token address, and who calls: service-account assertions in, access tokens bound to a subject and scopes out.
// @see https://developers.google.com/identity/protocols/oauth2/service-account
import { type KeyObject, randomBytes } from 'node:crypto';
import { hasValidSignature, type Jws, readJws } from '../jwt.ts';
import type { Reply, Request } from '../simulator.ts';
import { insufficientScope, refuseToken, unauthenticated } from './errors.ts';
import { findByPrimary, isUsable, type Tenant, type User } from './tenant.ts';

export interface ServiceAccount {
  readonly email: string;
  /** What the delegation list of the admin console names it by. */
  readonly clientId: string;
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

export interface Auth {
  /** Audiences that Google takes for its token address; the simulator's own is added once it listens. */
  readonly audiences: Set<string>;
  readonly account: ServiceAccount;
  isAccountDisabled: boolean;
  /** The scopes of domain-wide delegation. */
  delegated: Set<string>;
  readonly accessTokens: Map<string, AccessToken>;
}

interface AccessToken {
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

export const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** google-auth-library signs for this address whatever address it then calls. */
const PUBLISHED_AUDIENCES = ['https://oauth2.googleapis.com/token', 'https://www.googleapis.com/oauth2/v4/token'];
const TOKEN_LIFE_SECONDS = 3599;
const ASSERTION_LIFE_SECONDS = 3600;
const SKEW_SECONDS = 300;

export function createAuth(account: ServiceAccount, delegated: readonly string[]): Auth {
  return {
    audiences: new Set(PUBLISHED_AUDIENCES),
    account,
    isAccountDisabled: false,
    delegated: new Set(delegated),
    accessTokens: new Map(),
  };
}

/** `POST /token`: all scopes asked for must be on the delegation list, or none is given. */
export function issueToken(auth: Auth, tenant: Tenant, request: Request, now: number): Reply {
  const form = (request.body ?? {}) as Record<string, string | undefined>;
  if (!request.headers['content-type']?.includes('application/x-www-form-urlencoded')) {
    return refuseToken(400, 'invalid_request', 'Could not determine client ID from request.');
  }
  if (form.grant_type !== GRANT_TYPE) {
    return refuseToken(400, 'unsupported_grant_type', `Invalid grant_type: ${form.grant_type ?? ''}`);
  }
  const jws = readJws(form.assertion ?? '');
  if (!jws) return refuseToken(400, 'invalid_grant', 'Bad Request');
  const complaint = complainOf(auth, jws);
  if (complaint) return refuseToken(400, 'invalid_grant', complaint);
  const scopes = String(jws.claims.scope ?? '')
    .split(' ')
    .filter(Boolean);
  if (scopes.length === 0) return refuseToken(400, 'invalid_scope', 'Empty or missing scope not allowed.');
  const { sub } = jws.claims;
  // Without a subject Google makes a token of the service account itself, which has no rights in a Workspace.
  const isDelegated = typeof sub === 'string' && scopes.every((one) => auth.delegated.has(one));
  if (!isDelegated) {
    const text =
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.';
    return refuseToken(401, 'unauthorized_client', text);
  }
  const user = findByPrimary(tenant, sub);
  if (!user || !isUsable(user, now)) return refuseToken(400, 'invalid_grant', 'Invalid email or User ID');
  const token = `ya29.c.${randomBytes(48).toString('base64url')}`;
  auth.accessTokens.set(token, { userId: user.id, scopes, expiresAt: now + TOKEN_LIFE_SECONDS * 1000 });
  return { status: 200, body: { access_token: token, expires_in: TOKEN_LIFE_SECONDS, token_type: 'Bearer' } };
}

/** Whom the token acts for, or the refusal; `anyOf`: one of these scopes opens the method. */
export function authorize(
  auth: Auth,
  tenant: Tenant,
  request: Request,
  { anyOf, method, now }: { anyOf: readonly string[]; method: string; now: number },
): { subject: User } | { refusal: Reply } {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
  const known = auth.accessTokens.get(token);
  const subject = known && tenant.users.get(known.userId);
  if (scheme !== 'Bearer' || !subject || known.expiresAt <= now || subject.deleted || auth.isAccountDisabled) {
    return { refusal: unauthenticated() };
  }
  const isOpen = anyOf.some((one) => known.scopes.includes(one) && auth.delegated.has(one));
  return isOpen ? { subject } : { refusal: insufficientScope(method) };
}

/** An assertion is judged by real time: whoever signs it knows nothing of a clock that tests have moved. */
function complainOf(auth: Auth, jws: Jws): string | null {
  const { iss, aud, iat, exp } = jws.claims;
  const { email, keyId, publicKey } = auth.account;
  if (iss !== email) return 'Invalid grant: account not found';
  if (auth.isAccountDisabled) return 'Robot is disabled.';
  if (jws.header.alg !== 'RS256') return 'Invalid JWT: Unsupported algorithm.';
  const hasKey = jws.header.kid === undefined || jws.header.kid === keyId;
  if (!hasKey || !hasValidSignature(jws, publicKey)) return 'Invalid JWT Signature.';
  if (typeof aud !== 'string' || !auth.audiences.has(aud)) return 'Invalid JWT: Failed audience check.';
  const now = Date.now() / 1000;
  const isShortLived =
    typeof iat === 'number' &&
    typeof exp === 'number' &&
    exp > now &&
    exp > iat &&
    exp - iat <= ASSERTION_LIFE_SECONDS &&
    Math.abs(now - iat) <= ASSERTION_LIFE_SECONDS &&
    iat <= now + SKEW_SECONDS;
  if (isShortLived) return null;
  return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
}
