// Okta's SDK as it is used here: tokens asked for once, proofs made by ourselves, nothing read from memory.
import okta from '@okta/okta-sdk-nodejs';
import { createProver, nonceOf } from './proof.ts';
import { createRequestExecutor, TOKEN_PATH } from './request-executor.ts';
import type { OktaSettings } from './settings.ts';

export function clientWith(settings: OktaSettings, scopes: readonly string[]): okta.Client {
  const { credentials } = settings;
  const client = new okta.Client({
    orgUrl: settings.orgUrl,
    ...('apiToken' in credentials
      ? { token: credentials.apiToken }
      : {
          authorizationMode: 'PrivateKey',
          clientId: credentials.clientId,
          privateKey: credentials.privateKey,
          scopes: [...scopes],
        }),
    requestExecutor: createRequestExecutor(settings.deadlineMs),
    cacheMiddleware: null, // a user must never be read from memory
  } as ConstructorParameters<typeof okta.Client>[0]);
  shareTokenRequests(client);
  proveOurselves(client);
  return client;
}

/**
 * One token request at a time, and a new token before the old one ends. The SDK keeps no request in flight, so ten calls
 * at once would ask for ten tokens, and it learns of an ended token only by a refused call (oauth.js).
 */
function shareTokenRequests(client: okta.Client): void {
  if (!client.oauth) return;
  type Token = { readonly expires_in?: number };
  const oauth = client.oauth as unknown as {
    accessToken: Token | null;
    getAccessToken(nonce?: string | null): Promise<Token>;
    clearCachedAccessToken(): void;
  };
  const original = oauth.getAccessToken.bind(oauth);
  let inFlight: Promise<Token> | null = null;
  let renewAt = Number.POSITIVE_INFINITY;
  oauth.getAccessToken = (nonce) => {
    if (nonce) return original(nonce); // the second half of a request in flight
    if (performance.now() >= renewAt) oauth.clearCachedAccessToken();
    if (oauth.accessToken) return Promise.resolve(oauth.accessToken);
    inFlight ??= original()
      .then((token) => {
        renewAt = performance.now() + (token.expires_in ?? 3600) * 0.9 * 1000;
        return token;
      })
      .finally(() => {
        inFlight = null;
      });
    return inFlight;
  };
}

/** Makes the proofs in the SDK's place: of each call (http.js, prepareRequest), and of the token they are bound to (oauth.js). */
function proveOurselves(client: okta.Client): void {
  type Request = { readonly method: string; readonly url: string; readonly headers: Record<string, string> };
  const { http, oauth, requestExecutor } = client as unknown as {
    http: { prepareRequest(request: Request): Promise<void> };
    oauth?: { isDPoP: boolean; getAccessToken(): Promise<{ access_token: string }> };
    requestExecutor: { fetch(request: Request): Promise<unknown> };
  };
  if (!oauth) return;
  const prove = createProver();
  const asSdk = http.prepareRequest.bind(http);
  http.prepareRequest = async (request) => {
    const { access_token: accessToken } = await oauth.getAccessToken();
    if (!oauth.isDPoP) return asSdk(request);
    request.headers.Authorization = `DPoP ${accessToken}`;
    request.headers.DPoP = prove({ method: request.method, url: request.url, accessToken });
  };
  const send = requestExecutor.fetch.bind(requestExecutor);
  requestExecutor.fetch = (request) => {
    const theirs = request.url.endsWith(TOKEN_PATH) ? request.headers.DPoP : undefined;
    if (theirs === undefined) return send(request);
    const nonce = nonceOf(theirs);
    const DPoP = prove({ method: request.method, url: request.url, ...(nonce === undefined ? {} : { nonce }) });
    return send({ ...request, headers: { ...request.headers, DPoP } });
  };
}
