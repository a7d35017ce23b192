// Who the Google simulator lets in: assertions at its token address, then token, scope and subject at every method.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { AUTH, createCaller, DIRECTORY, LICENCES, refusalOf, SETTINGS, TRANSFERS } from './google-simulator-caller.ts';

const DANA = `${DIRECTORY}/users/dana@acme.test`;
let simulator: GoogleSimulator;
let google: ReturnType<typeof createCaller>;

beforeAll(async () => {
  simulator = await startGoogleSimulator();
  google = createCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.command('reset');
  simulator.journal.clear();
});

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

describe('the token address', () => {
  it.each([
    ['Google’s published address', 'https://oauth2.googleapis.com/token'],
    ['the simulator’s own', undefined],
  ])('takes an assertion for %s', async (_, aud) => {
    const answer = await google.askToken(google.assertionOf(aud === undefined ? {} : { aud }));

    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } });
  });

  it.each([
    ['of another audience', { aud: 'https://example.test/token' }, 'Invalid JWT: Failed audience check.'],
    ['of another account', { iss: 'other@acme.test' }, 'Invalid grant: account not found'],
    ['that has expired', { iat: inSeconds(-3600), exp: inSeconds(-1) }, /short-lived/],
    ['that lives too long', { exp: inSeconds(3700) }, /short-lived/],
    ['from the future', { iat: inSeconds(1200), exp: inSeconds(2400) }, /short-lived/],
    ['for nobody', { sub: 'nobody@acme.test' }, 'Invalid email or User ID'],
    ['for an alias', { sub: 'dana.whitfield@acme.test' }, 'Invalid email or User ID'],
    ['for somebody suspended', { sub: 'suspended@acme.test' }, 'Invalid email or User ID'],
  ])('refuses one %s', async (_, change, words) => {
    const answer = await google.askToken(google.assertionOf(change));

    expect(refusalOf(answer)).toBe('400 invalid_grant');
    expect(answer.body.error_description).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });

  it('refuses a signature by another key, or with another algorithm', async () => {
    const answers = await Promise.all([
      google.askToken(google.assertionOf({}, { privateKey: String(stranger) })),
      google.askToken(google.assertionOf({}, { header: { kid: 'other' } })),
      google.askToken(google.assertionOf({}, { header: { alg: 'HS256' } })),
      google.askToken(google.assertionOf({}, { header: { alg: 'none' } })),
      google.askToken('no.jwt'),
    ]);

    expect(answers.map(refusalOf)).toEqual(Array(5).fill('400 invalid_grant'));
  });

  it('refuses all scopes where one of them is not delegated, and a token without a subject', async () => {
    simulator.command('set_delegation_list', { without: ['admin.datatransfer'] });
    const scope = `${AUTH}admin.directory.user ${AUTH}admin.datatransfer`;
    const answers = await Promise.all([
      google.askToken(google.assertionOf({ scope })),
      google.askToken(google.assertionOf({ sub: undefined })),
      google.askToken(google.assertionOf({ scope: '' })),
      google.askToken(google.assertionOf(), { grant_type: 'client_credentials' }),
    ]);

    expect(answers.map(refusalOf)).toEqual([
      '401 unauthorized_client',
      '401 unauthorized_client',
      '400 invalid_scope',
      '400 unsupported_grant_type',
    ]);
  });

  it('refuses a disabled service account, and its tokens', async () => {
    const token = await google.tokenFor();
    simulator.command('disable_service_account');

    const answer = await google.askToken(google.assertionOf());

    expect(answer.body).toEqual({ error: 'invalid_grant', error_description: 'Robot is disabled.' });
    expect(refusalOf(await google.call('GET', DANA, { token }))).toBe('401 authError');
  });
});

describe('a method', () => {
  it('takes no token but one it gave out, and none for longer than an hour', async () => {
    const token = await google.tokenFor();
    const fresh = await google.call('GET', DANA, { token });
    simulator.command('advance', { ms: 3_599_000 });

    const answers = [
      await google.call('GET', DANA, { token }),
      await google.call('GET', DANA, { token: 'ya29.forged' }),
    ];

    expect(fresh.status).toBe(200);
    expect(answers.map(refusalOf)).toEqual(['401 authError', '401 authError']);
    expect(answers[0]?.headers.get('www-authenticate')).toContain('invalid_token');
    expect((await google.call('GET', DANA)).status).toBe(200);
  });

  it('wants one of its scopes: reading does not open writing, and a scope taken from the list closes a token', async () => {
    const scopes = [`${AUTH}admin.directory.user.readonly`];
    const token = await google.tokenFor(undefined, scopes);
    const read = await google.call('GET', DANA, { token });
    const write = await google.call('PATCH', DANA, { token, body: { suspended: true } });
    simulator.command('set_delegation_list', { without: ['admin.directory.user.readonly'] });

    expect(read.status).toBe(200);
    expect(refusalOf(write)).toBe('403 insufficientPermissions');
    expect(write.body.error.status).toBe('PERMISSION_DENIED');
    expect(refusalOf(await google.call('GET', DANA, { token }))).toBe('403 insufficientPermissions');
  });

  it.each([
    ['GET', DANA],
    ['GET', TRANSFERS],
    ['GET', `${LICENCES}/Google-Apps/users?customerId=acme.test`],
  ])('of an administrator refuses everybody else: %s %s', async (method, path) => {
    const answer = await google.call(method, path, { as: 'dana@acme.test' });

    expect(refusalOf(answer)).toBe('403 forbidden');
    expect(answer.body.error.message).toBe('Not Authorized to access this resource/api');
  });

  it('lets a delegated administrator read the Directory, and change nothing', async () => {
    const as = 'ada@acme.test';

    expect((await google.call('GET', DANA, { as })).status).toBe(200);
    expect(refusalOf(await google.call('PATCH', DANA, { as, body: { suspended: true } }))).toBe('403 forbidden');
  });

  it('of a mailbox serves only whose token it is, and nobody who is suspended meanwhile', async () => {
    const as = 'dana@acme.test';
    const token = await google.tokenFor(as);
    const foreign = await google.call('GET', '/gmail/v1/users/alex@acme.test/settings/vacation', { token });
    simulator.command('suspend', { user: 'dana' });
    const mail = await google.call('GET', `${SETTINGS}/vacation`, { token });
    const calendar = await google.call('GET', '/calendar/v3/calendars/primary/events', { token });
    const drive = await google.call('GET', '/drive/v3/files', { token });

    expect([foreign, mail, calendar, drive].map(refusalOf)).toEqual([
      '403 forbidden',
      '400 failedPrecondition',
      '403 notACalendarUser',
      '401 authError',
    ]);
    expect(mail.body.error).toMatchObject({ message: 'Mail service not enabled', status: 'FAILED_PRECONDITION' });
  });

  it('takes no name it does not have, and nothing that is not JSON', async () => {
    const query = await google.call('GET', `${DANA}?verbose=1`);
    const field = await google.call('PATCH', DANA, { body: { suspendd: true } });
    const list = await google.call('PATCH', DANA, { body: [] });

    expect([query, field, list].map(refusalOf)).toEqual(['400 badRequest', '400 badRequest', '400 parseError']);
    expect(field.body.error.message).toContain('Unknown name "suspendd"');
  });

  it('that Google does not have is 404, or 405, and is journalled as unknown', async () => {
    expect(refusalOf(await google.call('GET', '/admin/directory/v2/users'))).toBe('404 notFound');
    expect(refusalOf(await google.call('PUT', `${DANA}/signOut`))).toBe('405 httpMethodNotAllowed');
    const unknown = simulator.journal.calls.filter((one) => one.operation === 'google.unknown');
    expect(unknown).toHaveLength(2);
  });
});

describe('too much', () => {
  it.each([
    ['rateLimitExceeded', '403 rateLimitExceeded', 'usageLimits'],
    ['userRateLimitExceeded', '403 userRateLimitExceeded', 'usageLimits'],
    ['quotaExceeded', '403 quotaExceeded', 'usageLimits'],
    ['dailyLimitExceeded', '403 dailyLimitExceeded', 'usageLimits'],
    ['tooManyRequests', '429 rateLimitExceeded', 'usageLimits'],
    ['mailRateLimitExceeded', '429 rateLimitExceeded', 'usageLimits'],
    ['backendError', '503 backendError', 'global'],
    ['internalError', '500 backendError', 'global'],
  ])('is answered as %s once it is planted, and changes nothing', async (kind, refusal, domain) => {
    simulator.command('quota_error', { kind, operation: 'google.directory.users.patch', times: 1 });
    const refused = await google.call('PATCH', DANA, { body: { suspended: true } });
    const read = await google.call('GET', DANA);

    expect(refusalOf(refused)).toBe(refusal);
    expect(refused.body.error.errors[0].domain).toBe(domain);
    expect(read.body.suspended).toBe(false);
    expect((await google.call('PATCH', DANA, { body: { suspended: true } })).status).toBe(200);
  });

  it('is counted by the minute: Directory for the project, Gmail in units for the mailbox', async () => {
    simulator.command('set_quota', { service: 'directory', perMinute: 2 });
    simulator.command('set_quota', { service: 'gmail', perMinute: 101 });
    const delegate = { as: 'dana@acme.test', body: { delegateEmail: 'grace@acme.test' } };
    const path = `${SETTINGS}/delegates`;
    const directory = [await google.call('GET', DANA), await google.call('GET', DANA), await google.call('GET', DANA)];
    const gmail = [
      await google.call('POST', path, delegate),
      await google.call('DELETE', `${path}/alex@acme.test`, delegate),
    ];
    const other = await google.call('GET', path, { as: 'alex@acme.test' });
    simulator.command('advance', { ms: 60_000 });

    expect(directory.map((one) => one.status)).toEqual([200, 200, 403]);
    expect(gmail.map((one) => one.status)).toEqual([200, 429]);
    expect(gmail[1]?.body.error.message).toMatch(/^User-rate limit exceeded\. {2}Retry after 20\d\d-/);
    expect([other.status, (await google.call('GET', DANA)).status]).toEqual([200, 200]);
  });

  it('of the frame’s faults comes in Google’s shape, with a Retry-After only where one is asked for', async () => {
    simulator.faults.add({ kind: 'rate_limit', operation: '*', skip: 1, retryAfterSeconds: 7 });
    const token = await google.tokenFor();
    const answer = await google.call('GET', DANA, { token });

    expect([refusalOf(answer), answer.headers.get('retry-after')]).toEqual(['429 rateLimitExceeded', '7']);
  });
});

describe('the journal and the state', () => {
  it('hold no password, no assertion, no token and no backup code', async () => {
    const token = await google.tokenFor();
    await google.call('PATCH', DANA, { token, body: { password: 'correct horse battery', suspended: false } });
    const { private_key: privateKey } = JSON.parse(simulator.serviceAccountKey) as { private_key: string };
    const text = JSON.stringify([simulator.journal.calls, simulator.state()]);

    for (const secret of ['correct horse battery', token, 'eyJ', privateKey.slice(40, 80), '11112222']) {
      expect(text).not.toContain(secret);
    }
    expect(simulator.journal.calls.at(-1)).toMatchObject({
      operation: 'google.directory.users.patch',
      applied: true,
      detail: {
        actsFor: 'admin@acme.test',
        subject: 'dana@acme.test',
        sent: { password: '(a new one)', suspended: false },
      },
    });
  });
});

describe('the program', () => {
  it('prints the settings that point an app at it, and ends with its parent', async () => {
    const main = path.resolve(import.meta.dirname, '../../sandbox/vendors/google/main.ts');
    const options = ['--follow-stdin', '--transfer-ms', '5000', '--delegate-delay-ms', '7'];
    const child = spawn(process.execPath, [main, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url, controlUrl, settings } = JSON.parse(String(line)) as Record<'url' | 'controlUrl', string> & {
      settings: Record<string, string>;
    };
    const state = (await (await fetch(`${controlUrl}/state`)).json()) as { delays: unknown };
    const key = JSON.parse(settings.GOOGLE_SERVICE_ACCOUNT_KEY ?? '') as Record<string, string>;
    const [ended] = [once(child, 'exit'), child.stdin.end()];

    expect(settings).toMatchObject({
      GOOGLE_ADMIN_EMAIL: 'admin@acme.test',
      GOOGLE_API_URL: url,
      GOOGLE_TOKEN_URL: `${url}/token`,
    });
    expect(key).toMatchObject({ type: 'service_account', token_uri: `${url}/token` });
    expect(state.delays).toMatchObject({ transferRunMs: 5000, delegateMs: 7, reactivationMs: 0 });
    expect(await ended).toEqual([0, null]);
  });
});
