// How the Google connector calls: one request whatever goes wrong, one scope a token, the right word for each failure, no secret in any.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import type { GoogleSettings } from '../../src/connectors/google/caller.ts';
import { connectGoogle, type Google } from '../../src/connectors/google/client.ts';
import type { User } from '../../src/connectors/google/schema.ts';
import { GOOGLE_SCOPES } from '../../src/connectors/google/scopes.ts';
import { readServiceAccount, type ServiceAccount } from '../../src/connectors/google/service-account.ts';
import type { CallReport } from '../../src/connectors/watch-call.ts';

/** Short, so that a call that gets no answer ends soon. */
const DEADLINE_MS = 1_000;

let simulator: GoogleSimulator;
let google: Google;
let dana: User;
const servers: Server[] = [];

beforeAll(async () => {
  simulator = await startGoogleSimulator({ scopes: Object.keys(GOOGLE_SCOPES).map(urlOf) });
  await connect({ deadlineMs: 10_000 }).accounts.listSuperAdmins(); // loads googleapis
});

afterAll(async () => {
  await simulator.close();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

beforeEach(async () => {
  simulator.faults.clear();
  simulator.command('reset');
  google = connect();
  dana = await user('dana');
  await google.access.signOut(dana.id);
  simulator.journal.clear();
});

function urlOf(scope: string): string {
  return `https://www.googleapis.com/auth/${scope}`;
}

function connect(change: Partial<GoogleSettings> = {}): Google {
  const { adminEmail, url, tokenUrl } = simulator;
  return connectGoogle({
    serviceAccount: account(),
    adminEmail,
    apiUrl: url,
    tokenUrl,
    deadlineMs: DEADLINE_MS,
    pace: async () => undefined,
    ...change,
  });
}

function account(): ServiceAccount {
  return readServiceAccount(simulator.serviceAccountKey) as ServiceAccount;
}

async function user(key: string): Promise<User> {
  return (await google.accounts.findUser(`${key}@acme.test`)) as User;
}

/** How the call ended, in a word. */
async function kindOf(call: Promise<unknown>): Promise<ConnectorErrorKind | 'answered'> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof ConnectorError) return error.kind;
    throw error;
  }
}

async function failure(call: Promise<unknown>): Promise<ConnectorError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('answered');
}

const asked = (operation: string): number =>
  simulator.journal.calls.filter((call) => call.operation === operation).length;
const details = (operation: string): Record<string, unknown>[] =>
  simulator.journal.calls.filter((call) => call.operation === operation).map((call) => call.detail);

async function serve(answer: (path: string, respond: (status: number, body: string) => void) => void): Promise<string> {
  const server = createServer((request, response) =>
    answer(request.url ?? '', (status, body) => void response.writeHead(status, { location: '/' }).end(body)),
  );
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['408', { kind: 'status', status: 408 }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['no answer at all', { kind: 'hold_before' }, 'transient', 'ambiguous'],
  ['a page instead of JSON', { kind: 'status', status: 200, body: '<html>' }, 'transient', 'ambiguous'],
  // The first token is an old one, which may have ended; the second was made a moment ago.
  ['401', { kind: 'status', status: 401 }, 'transient', 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized', 'unauthorized'],
  ['400', { kind: 'status', status: 400 }, 'rejected', 'rejected'],
  ['409', { kind: 'status', status: 409 }, 'rejected', 'rejected'],
  ['412', { kind: 'status', status: 412 }, 'rejected', 'rejected'],
  ['404', { kind: 'status', status: 404 }, 'not_found', 'not_found'],
  ['a redirect', { kind: 'status', status: 302 }, 'rejected', 'rejected'],
];
const READ = { operation: 'google.directory.tokens.list', send: () => google.access.listTokens(dana.id) };
const WRITE = { operation: 'google.directory.users.signOut', send: () => google.access.signOut(dana.id) };

describe('Google is asked once and no more on', () => {
  it.each(TROUBLES)('%s', async (_, trouble, ofRead, ofWrite) => {
    for (const { operation } of [READ, WRITE]) simulator.faults.add({ ...trouble, operation, times: 9 });

    const kinds = [await kindOf(READ.send()), await kindOf(WRITE.send())];

    expect(kinds).toEqual([ofRead, ofWrite]);
    expect([asked(READ.operation), asked(WRITE.operation)]).toEqual([1, 1]);
  });

  it('half an answer', async () => {
    const operation = 'google.directory.tokens.list';
    simulator.faults.add({ kind: 'truncate', operation, times: 9 });

    expect([await kindOf(READ.send()), asked(operation)]).toEqual(['transient', 1]);
  });

  it.each([
    ['rateLimitExceeded', 'rate_limited'],
    ['userRateLimitExceeded', 'rate_limited'],
    ['quotaExceeded', 'rate_limited'],
    ['dailyLimitExceeded', 'rate_limited'],
    ['tooManyRequests', 'rate_limited'],
    ['backendError', 'ambiguous'],
  ] as const)('%s, which is %s', async (overload, kind) => {
    simulator.command('quota_error', { kind: overload, operation: WRITE.operation, times: 9 });

    expect([await kindOf(WRITE.send()), asked(WRITE.operation)]).toEqual([kind, 1]);
  });

  it('a body that never ends', async () => {
    const url = await serve(() => undefined);

    const error = await failure(connect({ apiUrl: url }).access.signOut(dana.id));

    expect(error).toMatchObject({ kind: 'ambiguous', status: null, reason: 'timed out' });
  });

  it('a Google that is not there, where a write is not in doubt', async () => {
    const url = await serve(() => undefined);
    const gone = servers.pop();
    await new Promise((done) => gone?.close(done));

    expect(await kindOf(connect({ apiUrl: url }).access.signOut(dana.id))).toBe('transient');
  });
});

describe('what Google says is passed on', () => {
  it.each([
    ['Retry-After', 7_000, { kind: 'rate_limit', retryAfterSeconds: 7 }],
    ['nothing where it says nothing', null, { kind: 'rate_limit' }],
  ] as const)('how long to wait: %s', async (_, retryAfterMs, fault) => {
    simulator.faults.add({ ...fault, operation: WRITE.operation });

    expect(await failure(WRITE.send())).toMatchObject({ kind: 'rate_limited', retryAfterMs });
  });

  it('how long to wait, where Gmail writes it into its words', async () => {
    const message = `User-rate limit exceeded.  Retry after ${new Date(Date.now() + 900_000).toISOString()}`;
    const body = { error: { code: 403, message, errors: [{ message, reason: 'userRateLimitExceeded' }] } };
    simulator.faults.add({ kind: 'status', status: 403, body, operation: WRITE.operation });

    const { kind, retryAfterMs } = await failure(WRITE.send());

    expect(kind).toBe('rate_limited');
    expect(retryAfterMs).toBeGreaterThan(890_000);
    expect(retryAfterMs).toBeLessThanOrEqual(901_000);
  });

  it('its reason, without an address in it', async () => {
    const message = 'Delegation denied for dana.whitfield@acme.test';
    const body = { error: { code: 403, message, errors: [{ message, reason: 'forbidden' }] } };
    simulator.faults.add({ kind: 'status', status: 403, body, operation: READ.operation });

    expect((await failure(READ.send())).message).toBe(
      `google directory.tokens.list ${dana.id}: 403 Delegation denied for …@…`,
    );
  });
});

describe('a token', () => {
  it('is for one subject and one scope, and is asked for once', async () => {
    const fresh = connect();
    await Promise.all([
      fresh.access.listTokens(dana.id),
      fresh.access.listAppPasswords(dana.id),
      fresh.access.signOut(dana.id),
      fresh.accounts.getUser(dana.id),
    ]);

    expect(details('google.token')).toEqual([
      { sub: simulator.adminEmail, scope: urlOf('admin.directory.user.security') },
      { sub: simulator.adminEmail, scope: urlOf('admin.directory.user.readonly') },
    ]);
  });

  it('is asked for in the leaver’s name for their mailbox', async () => {
    await google.mailbox.getAutoReply(dana);

    expect(details('google.token')).toEqual([{ sub: 'dana@acme.test', scope: urlOf('gmail.settings.basic') }]);
  });

  it('that has died is got anew by the next attempt and not within one', async () => {
    simulator.command('expire_tokens');

    const first = await kindOf(WRITE.send());
    const sent = asked(WRITE.operation);
    const second = await kindOf(WRITE.send());

    expect([first, sent, second]).toEqual(['transient', 1, 'answered']);
  });

  it.each([
    ['503', { kind: 'status', status: 503 }, 'transient'],
    ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited'],
    ['a reset', { kind: 'reset' }, 'transient'],
    ['half an answer', { kind: 'truncate' }, 'transient'],
    ['no answer at all', { kind: 'hold_before' }, 'transient'],
    ['a page instead of a token', { kind: 'status', status: 200, body: '<html>' }, 'transient'],
    ['an answer without a token', { kind: 'status', status: 200, body: {} }, 'transient'],
  ] as const satisfies readonly (readonly [string, Trouble, ConnectorErrorKind])[])(
    'that cannot be had (%s) is asked for once, and leaves no write in doubt',
    async (_, trouble, kind) => {
      simulator.faults.add({ ...trouble, operation: 'google.token', times: 9 });
      const fresh = connect();

      expect(await kindOf(fresh.access.signOut(dana.id))).toBe(kind);
      expect([asked('google.token'), asked(WRITE.operation)]).toEqual([1, 0]);
    },
  );

  it('of a scope that is not delegated names the scope and the client', async () => {
    simulator.command('set_delegation_list', { without: ['admin.directory.user.security'] });

    const error = await failure(connect().access.signOut(dana.id));

    expect(error).toMatchObject({ kind: 'unauthorized', status: 401, vendorCode: 'unauthorized_client' });
    expect(error.reason).toContain(
      `domain-wide delegation does not grant ${urlOf('admin.directory.user.security')} to client ${account().clientId}`,
    );
  });

  it.each([
    [
      'a disabled service account',
      () => simulator.command('disable_service_account'),
      'unauthorized',
      /key is not accepted/,
    ],
    [
      'an admin who is suspended',
      () => simulator.command('suspend', { user: 'admin' }),
      'unauthorized',
      /^the admin account cannot be acted for/,
    ],
  ] as const)('is refused for %s', async (_, change, kind, reason) => {
    change();

    const error = await failure(connect().access.signOut(dana.id));

    expect(error).toMatchObject({ kind, operation: 'token', status: 400, vendorCode: 'invalid_grant' });
    expect(error.reason).toMatch(reason);
  });

  it('is refused for another’s key', async () => {
    const other = await startGoogleSimulator();
    const stranger = readServiceAccount(other.serviceAccountKey) as ServiceAccount;
    await other.close();

    const error = await failure(connect({ serviceAccount: stranger }).access.signOut(dana.id));

    expect(error).toMatchObject({ kind: 'unauthorized', vendorCode: 'invalid_grant' });
    expect(error.reason).toMatch(/key is not accepted/);
  });

  it('of a suspended leaver is refused for the account, not for our credentials', async () => {
    simulator.command('suspend', { user: 'dana' });

    const error = await failure(connect().mailbox.listDelegates(dana));

    expect(error).toMatchObject({ kind: 'rejected', vendorCode: 'invalid_grant' });
    expect(error.message).toContain(`google token ${dana.id}: 400 the account cannot be acted for`);
  });

  it('and the call share one deadline', async () => {
    const deadlineMs = 2_000;
    for (const operation of ['google.token', WRITE.operation])
      simulator.command('set_latency', { operation, ms: deadlineMs * 0.7 });

    // Each alone would be in time.
    const error = await failure(connect({ deadlineMs }).access.signOut(dana.id));

    expect(error).toMatchObject({ kind: 'ambiguous', reason: 'timed out' });
  });
});

describe('secrets', () => {
  it('stand in no error: neither the new password, nor a token, nor the key, nor an address', async () => {
    const told: string[] = [];
    const passwords: string[] = [];
    const url = await serve((_, respond) => respond(400, '{}'));
    const catcher = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        passwords.push((JSON.parse(body) as { password: string }).password);
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { code: 400, message: `${request.headers.authorization} ${body}` } }));
      });
    });
    servers.push(catcher);
    await new Promise<void>((done) => catcher.listen(0, '127.0.0.1', done));
    const echo = `http://127.0.0.1:${(catcher.address() as AddressInfo).port}`;
    for (const error of [
      await failure(connect({ apiUrl: echo }).accounts.setUnknownPassword(dana.id)),
      await failure(connect({ apiUrl: url }).accounts.activate(dana.id)),
      await failure(connect({ tokenUrl: url }).accounts.activate(dana.id)),
    ])
      told.push(inspect(error, { depth: null, showHidden: true }), JSON.stringify(error));

    expect(passwords).toHaveLength(1);
    for (const text of told) {
      expect(text).not.toContain(passwords[0]);
      expect(text).not.toMatch(/ya29|PRIVATE KEY|acme\.test/);
    }
  });
});

describe('who watches', () => {
  it('is told of each call once, and the pace is asked for before reads only', async () => {
    const reports: CallReport[] = [];
    const paced: string[] = [];
    const watched = connect({
      onCall: (report) => reports.push(report),
      pace: async (bucket) => void paced.push(bucket),
    });
    simulator.faults.add({ kind: 'status', status: 503, operation: WRITE.operation });

    await kindOf(watched.access.listTokens(dana.id));
    await kindOf(watched.access.signOut(dana.id));

    expect(reports.map(({ vendor, operation, kind, outcome }) => [vendor, operation, kind, outcome])).toEqual([
      ['google', 'directory.tokens.list', 'read', 'answered'],
      ['google', 'directory.users.signOut', 'write', 'ambiguous'],
    ]);
    expect(paced).toEqual(['google.reads']);
  });
});
