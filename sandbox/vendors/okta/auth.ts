// Who may call: API tokens (SSWS) and the service app's DPoP-bound access tokens; knows the org only to ask for the token's owner.
// @see https://developer.okta.com/docs/guides/dpop/nonoktaresourceserver/main/ and RFC 9449
import { type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { person, TOKEN_OWNER_KEY } from '../../people.ts';
import { hasValidSignature, publicKeyOf, readJws, sha256, thumbprint } from '../jwt.ts';
import type { Reply, Request } from '../simulator.ts';
import { accessDenied, invalidToken, refuse, refuseOAuth } from './errors.ts';
import { OnceOnly } from './once-only.ts';
import { type Actor, actorOf, findUser, type Org } from './org.ts';

export interface ServiceApp {
  readonly clientId: string;
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

export interface Auth {
  /** Set once the server listens: `aud` and `htu` are compared with it. */
  baseUrl: string;
  readonly app: ServiceApp;
  readonly apiToken: string;
  granted: Set<string>;
  apiTokenRevoked: boolean;
  appRevoked: boolean;
  readonly accessTokens: Map<string, AccessToken>;
  readonly assertions: OnceOnly;
  readonly proofs: OnceOnly;
  readonly nonces: Set<string>;
}

interface AccessToken {
  readonly scopes: readonly string[];
  readonly jkt: string;
  readonly expiresAt: number;
}

const TOKEN_PATH = '/oauth2/v1/token';
const TOKEN_LIFE_SECONDS = 3600;
/** Okta takes a client assertion that expires within the hour, and a proof issued within five minutes. */
const ASSERTION_LIFE_SECONDS = 3600;
const PROOF_AGE_SECONDS = 300;

export function createAuth(app: ServiceApp, apiToken: string, scopes: readonly string[]): Auth {
  const stores = { accessTokens: new Map(), nonces: new Set<string>() };
  // A proof may be dated five minutes ahead, and is taken until five minutes after.
  const once = { assertions: new OnceOnly(ASSERTION_LIFE_SECONDS), proofs: new OnceOnly(2 * PROOF_AGE_SECONDS) };
  const off = { apiTokenRevoked: false, appRevoked: false };
  return { baseUrl: '', app, apiToken, granted: new Set(scopes), ...off, ...stores, ...once };
}

/** `POST /oauth2/v1/token`: client credentials with private_key_jwt and a DPoP proof that carries our nonce. */
export function issueToken(auth: Auth, request: Request): Reply {
  const form = (request.body ?? {}) as Record<string, string | undefined>;
  if (form.grant_type !== 'client_credentials') {
    return refuseOAuth(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
  }
  const complaint = complainOfAssertion(auth, form);
  if (complaint) return refuseOAuth(401, 'invalid_client', complaint);
  const proof = checkProof(auth, request, {});
  if (typeof proof === 'string') return refuseOAuth(400, 'invalid_dpop_proof', proof);
  if (typeof proof.nonce !== 'string' || !auth.nonces.has(proof.nonce)) {
    const nonce = randomUUID();
    auth.nonces.add(nonce);
    const text = 'Authorization server requires nonce in DPoP proof.';
    return refuseOAuth(400, 'use_dpop_nonce', text, { 'dpop-nonce': nonce });
  }
  const scopes = (form.scope ?? '').split(' ').filter(Boolean);
  const refused = scopes.filter((one) => !auth.granted.has(one));
  if (scopes.length === 0 || refused.length > 0) {
    return refuseOAuth(400, 'invalid_scope', `The requested scopes are not granted: ${refused.join(' ')}.`);
  }
  const token = randomBytes(32).toString('base64url');
  auth.accessTokens.set(token, { scopes, jkt: proof.jkt, expiresAt: Date.now() + TOKEN_LIFE_SECONDS * 1000 });
  const body = { token_type: 'DPoP', expires_in: TOKEN_LIFE_SECONDS, access_token: token, scope: scopes.join(' ') };
  return { status: 200, body };
}

/** Who calls, or the refusal. An API token may do anything its owner may; a service app needs the operation's scope. */
export function authorize(
  auth: Auth,
  org: Org,
  request: Request,
  scope: string,
): { actor: Actor } | { refusal: Reply } {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme === '') return { refusal: refuse({ status: 403, code: 'E0000005', summary: 'Invalid session' }) };
  if (scheme === 'SSWS') {
    const owner = person(TOKEN_OWNER_KEY);
    // Okta voids an API token as soon as the administrator who made it is no longer active.
    const isLive = !auth.apiTokenRevoked && findUser(org, owner.okta.id)?.status === 'ACTIVE';
    return isLive && token === auth.apiToken ? { actor: actorOf(owner) } : { refusal: invalidToken() };
  }
  const known = auth.accessTokens.get(token ?? '');
  const challenge = { 'www-authenticate': 'DPoP error="invalid_token"' };
  // A DPoP-bound token sent as Bearer is as good as stolen.
  if (scheme !== 'DPoP' || !token || !known || auth.appRevoked || known.expiresAt <= Date.now()) {
    return { refusal: invalidToken(challenge) };
  }
  const proof = checkProof(auth, request, { accessToken: token, jkt: known.jkt });
  if (typeof proof === 'string') {
    const why = `DPoP error="invalid_dpop_proof", error_description="${proof}"`;
    return { refusal: invalidToken({ 'www-authenticate': why }) };
  }
  if (!known.scopes.includes(scope) || !auth.granted.has(scope)) {
    const why = `DPoP error="insufficient_scope", scope="${scope}"`;
    return { refusal: accessDenied({ 'www-authenticate': why }) };
  }
  const { clientId } = auth.app;
  return { actor: { id: clientId, type: 'PublicClientApp', alternateId: clientId, displayName: 'Sendoff' } };
}

function complainOfAssertion(auth: Auth, form: Record<string, string | undefined>): string | null {
  if (form.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
    return 'The client_assertion_type must be jwt-bearer.';
  }
  const jws = readJws(form.client_assertion ?? '');
  if (!jws) return 'The client_assertion is not a JWT.';
  const { iss, sub, aud, exp, jti } = jws.claims;
  const { clientId, keyId, publicKey } = auth.app;
  const now = Date.now() / 1000;
  if (auth.appRevoked || iss !== clientId || sub !== clientId) return 'The client_assertion is of no known client.';
  if (jws.header.kid !== undefined && jws.header.kid !== keyId) return 'The client has no key with that kid.';
  if (!hasValidSignature(jws, publicKey)) return 'The client_assertion signature is invalid.';
  if (aud !== auth.baseUrl + TOKEN_PATH) return `The audience claim must be ${auth.baseUrl}${TOKEN_PATH}.`;
  if (typeof exp !== 'number' || exp <= now) return 'The client_assertion token is expired.';
  if (exp > now + ASSERTION_LIFE_SECONDS) return 'The client_assertion lives for more than an hour.';
  return jti === undefined || auth.assertions.use(String(jti)) ? null : 'The jti was used before.';
}

/** The proof's nonce and its key's thumbprint, or what is wrong with it. */
function checkProof(
  auth: Auth,
  request: Request,
  bound: { accessToken?: string; jkt?: string },
): { nonce: unknown; jkt: string } | string {
  const jws = readJws(String(request.headers.dpop ?? ''));
  if (jws?.header.typ !== 'dpop+jwt') return 'The DPoP proof is missing or no dpop+jwt.';
  const key = publicKeyOf(jws.header.jwk);
  if (!key || !hasValidSignature(jws, key)) return 'The DPoP proof signature is invalid.';
  const { htm, htu, iat, jti, ath, nonce } = jws.claims;
  const jkt = thumbprint(key);
  if (htm !== request.method) return 'The htm claim is not the method.';
  if (htu !== auth.baseUrl + request.path) return 'The htu claim is not the address.';
  if (typeof iat !== 'number' || Math.abs(Date.now() / 1000 - iat) > PROOF_AGE_SECONDS) return 'The iat claim is off.';
  if (bound.accessToken !== undefined && ath !== sha256(bound.accessToken)) return 'The ath claim is not the token.';
  if (bound.jkt !== undefined && jkt !== bound.jkt) return 'The token is bound to another key.';
  if (typeof jti !== 'string' || !auth.proofs.use(jti)) return 'The jti is missing or was used before.';
  return { nonce, jkt };
}
