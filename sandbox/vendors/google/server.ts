// Starts the Google Workspace simulator: a strict stand-in for the methods Sendoff uses, seeded with acme.test; shares nothing
// with src/.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { person } from '../../people.ts';
import { Clock } from '../clock.ts';
import { readJws } from '../jwt.ts';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { createAuth, issueToken, type ServiceAccount } from './auth.ts';
import { describeState, NO_DELAYS, runCommand } from './commands.ts';
import { entityNotFound, errorOf, refuse } from './errors.ts';
import { type Google, linger, routeOf } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { Quota } from './quota.ts';
import { ADMIN_KEY, createTenant } from './seed.ts';
import { settle } from './settle.ts';

export interface GoogleSimulatorOptions {
  readonly port?: number;
  readonly controlPort?: number;
  /** The service account's key, as PEM; a new one if absent. */
  readonly privateKey?: string;
  /** Scopes of domain-wide delegation; absent: all that the methods know. */
  readonly scopes?: readonly string[];
  /** Delays at the start and after `reset`; what is absent is 0. */
  readonly delays?: Partial<Google['delays']>;
}

export interface GoogleSimulator extends Running {
  readonly tokenUrl: string;
  /** The service account's key file, as JSON on one line. */
  readonly serviceAccountKey: string;
  readonly serviceAccountEmail: string;
  readonly adminEmail: string;
  readonly scopes: readonly string[];
  /** What it knows, by Google's method ids. */
  readonly operations: readonly { readonly name: string; readonly method: string; readonly path: string }[];
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
  readonly clock: Clock;
}

const ACCOUNT_EMAIL = 'sendoff@acme-sendoff.iam.gserviceaccount.com';
const ACCOUNT_CLIENT_ID = '104000000000000000001';
const ALL_SCOPES = [...new Set(OPERATIONS.flatMap((one) => one.scopes))];

/** The key is made at the start, so that none lies in the repository. */
export async function startGoogleSimulator(options: GoogleSimulatorOptions = {}): Promise<GoogleSimulator> {
  const privateKey = options.privateKey ?? newPrivateKey();
  const account: ServiceAccount = {
    email: ACCOUNT_EMAIL,
    clientId: ACCOUNT_CLIENT_ID,
    keyId: randomBytes(20).toString('hex'),
    publicKey: createPublicKey(createPrivateKey(privateKey)),
  };
  const scopes = options.scopes ?? ALL_SCOPES;
  const clock = new Clock();
  const google: Google = {
    tenant: createTenant(clock.now()),
    clock,
    auth: createAuth(account, scopes),
    quota: new Quota(),
    delays: { ...NO_DELAYS, ...options.delays },
    transferPlans: [],
    withoutDelegation: new Set(),
    pastRecords: [],
    latencyMs: new Map(),
  };
  const start = { scopes, delays: { ...google.delays } };
  const running = await startSimulator(vendorOf(google, start), {
    ...(options.port !== undefined && { port: options.port }),
    ...(options.controlPort !== undefined && { controlPort: options.controlPort }),
  });
  const tokenUrl = `${running.url}/token`;
  google.auth.audiences.add(tokenUrl);
  return {
    ...running,
    clock,
    memory: memoryOf(google, ['tenant', 'transferPlans', 'withoutDelegation', 'pastRecords']),
    tokenUrl,
    serviceAccountKey: keyFileOf(account, privateKey, tokenUrl),
    serviceAccountEmail: ACCOUNT_EMAIL,
    adminEmail: person(ADMIN_KEY).email,
    scopes,
    operations: OPERATIONS,
    command: (name, argument = {}) => runCommand(google, start, name, argument),
    state: () => describeState(google),
  };
}

function newPrivateKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** In the form that the Cloud console gives out. */
function keyFileOf(account: ServiceAccount, privateKey: string, tokenUrl: string): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'acme-sendoff',
    private_key_id: account.keyId,
    private_key: privateKey,
    client_email: account.email,
    client_id: account.clientId,
    token_uri: tokenUrl,
    universe_domain: 'googleapis.com',
  });
}

function vendorOf(google: Google, start: { scopes: readonly string[]; delays: Google['delays'] }): Vendor {
  const token: Route = {
    operation: 'google.token',
    method: 'POST',
    pattern: /^\/token$/,
    write: false,
    handle: async (request) => {
      await linger(google, 'google.token');
      const now = google.clock.now();
      settle(google.tenant, now);
      return issueToken(google.auth, google.tenant, request, now);
    },
  };
  const routes = [token, ...OPERATIONS.map((one) => routeOf(google, one))];
  return {
    name: 'google',
    routes,
    unknown: (request) => answerUnknown(routes, request),
    error: errorOf,
    state: () => describeState(google),
    command: (name, argument) => runCommand(google, start, name, argument),
    note: (route, request, reply) => note(google, route, request, reply),
  };
}

/** A known path with another method is 405; everything else is a path that this simulator, or Google, does not have. */
function answerUnknown(routes: readonly Route[], request: Request): Reply {
  if (!routes.some((one) => one.pattern.test(request.path))) return entityNotFound();
  return refuse({ status: 405, reason: 'httpMethodNotAllowed', message: 'Method Not Allowed' });
}

/** Whom it was done for and to, and the parameters; never an assertion, a token or a password. */
function note(google: Google, route: Route, request: Request, reply: Reply): Record<string, unknown> {
  const answer = (reply.body ?? {}) as { error?: string | { errors?: { reason?: string }[] } };
  const reason = typeof answer.error === 'string' ? answer.error : answer.error?.errors?.[0]?.reason;
  const refusal = reason === undefined ? {} : { reason };
  if (route.operation === 'google.token') {
    const { sub, scope } = readJws((request.body as { assertion?: string } | undefined)?.assertion ?? '')?.claims ?? {};
    return { sub, scope, ...refusal };
  }
  const token = (request.headers.authorization ?? '').split(' ')[1] ?? '';
  const actsFor = google.tenant.users.get(google.auth.accessTokens.get(token)?.userId ?? '')?.primaryEmail ?? null;
  const { userKey, userId, ...params } = request.params;
  const { password, ...body } = (
    typeof request.body === 'object' && request.body !== null ? request.body : {}
  ) as Record<string, unknown>;
  return {
    actsFor,
    subject: userKey ?? (userId === 'me' ? actsFor : userId) ?? null,
    ...params,
    ...Object.fromEntries(request.query),
    ...(route.write && { sent: { ...body, ...(password !== undefined && { password: '(a new one)' }) } }),
    ...refusal,
  };
}
