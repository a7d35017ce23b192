// Starts the Okta simulator: a strict stand-in for the operations Sendoff uses, seeded with acme.test; shares nothing with src/.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { ACCESS_OPERATIONS } from './access-operations.ts';
import { ADMIN_OPERATIONS } from './admin-operations.ts';
import { APP_OPERATIONS } from './app-operations.ts';
import { createAuth, issueToken } from './auth.ts';
import { describeState, runCommand } from './commands.ts';
import { DEVICE_OPERATIONS } from './device-operations.ts';
import { errorOf, refuse } from './errors.ts';
import { INTEGRATION_OPERATIONS } from './integration-operations.ts';
import { enter, type Okta, routeOf, tooManyRequests, withOktaHeaders } from './operation.ts';
import { createOrg } from './org.ts';
import { RETURN_OPERATIONS } from './return-operations.ts';
import { USER_OPERATIONS } from './user-operations.ts';

export interface OktaSimulatorOptions {
  readonly port?: number;
  readonly controlPort?: number;
  /** Private JWK of the service app, as JSON; absent: a new RSA key for each start. */
  readonly privateKey?: string;
  /** Scopes granted to the service app; absent: all that the operations know. */
  readonly scopes?: readonly string[];
}

export interface OktaSimulator extends Running {
  readonly clientId: string;
  /** JWK as JSON on one line, with `kid` and `alg`. */
  readonly privateKey: string;
  readonly privateKeyPem: string;
  readonly apiToken: string;
  /** What the event hook of the command `set_event_hook` sends. */
  readonly hookSecret: string;
  readonly scopes: readonly string[];
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

const CLIENT_ID = '0oaSendoffService001';
const KEY_ID = 'sendoff-sandbox';
const OPERATIONS = [
  ...USER_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...DEVICE_OPERATIONS,
  ...ADMIN_OPERATIONS,
  ...APP_OPERATIONS,
  ...RETURN_OPERATIONS,
  ...INTEGRATION_OPERATIONS,
];
const ALL_SCOPES = [...new Set([...OPERATIONS.map((one) => one.scope), 'okta.groups.read'])];

/** All keys and tokens are made at the start, so that none lies in the repository. */
export async function startOktaSimulator(options: OktaSimulatorOptions = {}): Promise<OktaSimulator> {
  const privateKey = options.privateKey ?? generatePrivateKey();
  const jwk = JSON.parse(privateKey) as JsonWebKey & { readonly kid?: string };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const privateKeyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const apiToken = `00${randomBytes(30).toString('base64url')}`;
  const scopes = options.scopes ?? ALL_SCOPES;
  const app = { clientId: CLIENT_ID, keyId: jwk.kid ?? KEY_ID, publicKey: createPublicKey(key) };
  const auth = createAuth(app, apiToken, scopes);
  const okta: Okta = {
    org: createOrg(),
    auth,
    searchIndex: null,
    hasDevicesFeature: true,
    googleDeactivates: true,
    asyncDelayMs: 200,
    latencyMs: new Map(),
    limitPerMinute: null,
    window: { minute: 0, calls: 0 },
    hook: null,
    slackApp: null,
    hookSecret: randomBytes(24).toString('hex'),
  };
  const running = await startSimulator(vendorOf(okta), {
    ...(options.port !== undefined && { port: options.port }),
    ...(options.controlPort !== undefined && { controlPort: options.controlPort }),
  });
  auth.baseUrl = running.url;
  return {
    ...running,
    memory: memoryOf(okta, ['org', 'searchIndex', 'hasDevicesFeature', 'googleDeactivates', 'limitPerMinute']),
    clientId: CLIENT_ID,
    privateKey,
    privateKeyPem,
    apiToken,
    hookSecret: okta.hookSecret,
    scopes,
    command: (name, argument = {}) => runCommand(okta, name, argument),
    state: () => describeState(okta),
  };
}

function vendorOf(okta: Okta): Vendor {
  const token: Route = {
    operation: 'okta.token',
    method: 'POST',
    pattern: /^\/oauth2\/v1\/token$/,
    write: false,
    handle: async (request) => {
      const limited = await enter(okta, 'okta.token');
      return limited ?? withOktaHeaders(okta, issueToken(okta.auth, request));
    },
  };
  const routes = [token, ...OPERATIONS.map((one) => routeOf(okta, one))];
  return {
    name: 'okta',
    routes,
    unknown: (request) => withOktaHeaders(okta, answerUnknown(routes, request)),
    error: (status, retryAfterSeconds) =>
      status === 429 ? tooManyRequests(okta, retryAfterSeconds) : withOktaHeaders(okta, errorOf(status)),
    state: () => describeState(okta),
    command: (name, argument) => runCommand(okta, name, argument),
    note,
  };
}

/** A known path with another method is 405; everything else is a path that this simulator, or Okta, does not have. */
function answerUnknown(routes: readonly Route[], request: Request): Reply {
  if (routes.some((one) => one.pattern.test(request.path))) return errorOf(405);
  return refuse({ status: 404, code: 'E0000008', summary: 'The requested path was not found' });
}

/** The subject and the parameters; of the token request only scopes and outcome, never an assertion or a token. */
function note(route: Route, request: Request, reply: Reply): Record<string, unknown> {
  const { errorCode, error } = (reply.body ?? {}) as { errorCode?: string; error?: string };
  const refusal = { ...(errorCode && { errorCode }), ...(error && { error }) };
  if (route.operation === 'okta.token') {
    return { scope: (request.body as { scope?: string } | undefined)?.scope, ...refusal };
  }
  const { userId, deviceId, ...params } = request.params;
  const prefer = request.headers.prefer;
  return {
    subject: userId ?? deviceId ?? null,
    ...params,
    ...Object.fromEntries(request.query),
    scheme: request.headers.authorization?.split(' ')[0] ?? null,
    ...(prefer && { prefer }),
    ...refusal,
  };
}

function generatePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' });
}
