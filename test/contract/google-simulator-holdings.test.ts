// Licences, files and events in the Google simulator by plain HTTP, and every one of its APIs once with googleapis itself.
import { admin, auth as googleAuth } from 'googleapis/build/src/apis/admin/index.js';
import { calendar as calendarApi } from 'googleapis/build/src/apis/calendar/index.js';
import { drive as driveApi } from 'googleapis/build/src/apis/drive/index.js';
import { gmail as gmailApi } from 'googleapis/build/src/apis/gmail/index.js';
import { licensing as licensingApi } from 'googleapis/build/src/apis/licensing/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { HAS_SPECS, problemsOf } from './google-published.ts';
import { CALENDAR, createCaller, LICENCES, refusalOf, SETTINGS } from './google-simulator-caller.ts';

const as = 'dana@acme.test';
const SKU = `${LICENCES}/Google-Apps/sku/1010020020/user`;

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

describe('licences, files and events', () => {
  it('lists who holds a licence, takes one away once, and with it the mailbox', async () => {
    const list = await google.call('GET', `${LICENCES}/Google-Apps/users?customerId=C0acme001&maxResults=3`);
    const bySku = await google.call('GET', `${LICENCES}/Google-Apps/sku/1010020020/users?customerId=acme.test`);
    const none = await google.call('GET', `${LICENCES}/Google-Vault/users?customerId=acme.test`);
    const read = await google.call('GET', `${SKU}/${as}`);
    const mail = await google.tokenFor(as);
    const gone = [await google.call('DELETE', `${SKU}/${as}`), await google.call('DELETE', `${SKU}/${as}`)];
    const noMail = await google.call('GET', `${SETTINGS}/vacation`, { token: mail });
    const back = [
      await google.call('POST', SKU, { body: { userId: as } }),
      await google.call('POST', SKU, { body: { userId: as } }),
    ];
    const refused = [
      await google.call('GET', `${SKU}/dana.whitfield@acme.test`),
      await google.call('GET', `${LICENCES}/Google-Apps/users?customerId=my_customer`),
      await google.call('GET', `${LICENCES}/None/users?customerId=acme.test`),
      await google.call('PATCH', `${SKU}/${as}`, { body: { skuId: '9' } }),
    ];

    expect([list.body.items.length, typeof list.body.nextPageToken, none.body.items]).toEqual([3, 'string', undefined]);
    expect(bySku.body.items.length).toBeGreaterThan(10);
    expect(read.body).toMatchObject({ userId: as, skuName: 'Google Workspace Enterprise Plus' });
    expect([gone.map((one) => one.status), refusalOf(noMail)]).toEqual([[204, 404], '400 failedPrecondition']);
    expect([back[0]?.status, back[1] && refusalOf(back[1])]).toEqual([200, '409 duplicate']);
    expect(refused.map(refusalOf)).toEqual(['404 notFound', '400 invalid', '400 invalid', '400 invalid']);
  });

  it('counts files page by page, and shared drives', async () => {
    const q = encodeURIComponent("'me' in owners and trashed = false");
    let path = `/drive/v3/files?q=${q}&pageSize=100&fields=nextPageToken,files(id)`;
    const sizes: number[] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const page = await google.call('GET', token === '' ? path : `${path}&pageToken=${token}`, { as });
      sizes.push(page.body.files.length);
      token = page.body.nextPageToken as string | undefined;
    }
    path = '/drive/v3/files?q=name%20contains%20%27x%27';
    const drives = await google.call('GET', '/drive/v3/drives', { as });

    expect(sizes).toEqual([100, 100, 50]);
    expect(refusalOf(await google.call('GET', path, { as }))).toBe('400 invalid');
    expect(drives.body.drives).toMatchObject([{ name: 'Platform' }]);
  });

  it('lists events and calendars, deletes an event once, and lets the calendar be shared and moved from', async () => {
    const from = encodeURIComponent(new Date().toISOString());
    const list = await google.call('GET', `${CALENDAR}/events?timeMin=${from}&singleEvents=true`, { as });
    const event = `${CALENDAR}/events/danareview`;
    const read = await google.call('GET', event, { as });
    const calendars = await google.call('GET', '/calendar/v3/users/me/calendarList?minAccessRole=owner', { as });
    const rule = { role: 'owner', scope: { type: 'user', value: 'grace@acme.test' } };
    const refused = [
      await google.call('GET', '/calendar/v3/calendars/dana@acme.test/events', { as: 'grace@acme.test' }),
      await google.call('GET', `${CALENDAR}/events?timeMin=yesterday`, { as }),
      await google.call('POST', `${CALENDAR}/acl`, { as, body: { ...rule, role: 'boss' } }),
      await google.call('POST', `${event}/move?destination=grace@acme.test`, { as }),
    ];
    await google.call('POST', `${CALENDAR}/acl?sendNotifications=false`, { as, body: { ...rule, role: 'reader' } });
    const shared = await google.call('POST', `${CALENDAR}/acl?sendNotifications=false`, { as, body: rule });
    const seen = await google.call('GET', '/calendar/v3/calendars/dana@acme.test/events', { as: 'grace@acme.test' });
    const rules = await google.call('GET', `${CALENDAR}/acl`, { as });
    const deleted = [await google.call('DELETE', event, { as }), await google.call('DELETE', event, { as })];
    await google.call('POST', '/calendar/v3/calendars/primary/acl', {
      as: 'grace@acme.test',
      body: { role: 'writer', scope: { type: 'user', value: as } },
    });
    const moved = await google.call('POST', `${CALENDAR}/events/danateamweekly/move?destination=grace@acme.test`, {
      as,
    });
    const unshared = await google.call('DELETE', `${CALENDAR}/acl/user:grace@acme.test`, { as });

    expect(list.body.items.map((one: { id: string }) => one.id)).toEqual([
      'danateamweekly',
      'danareview',
      'danaprivate',
      'danafocus',
    ]);
    expect([read.body.organizer.self, calendars.body.items.length]).toEqual([true, 2]);
    expect(refused.map(refusalOf)).toEqual(['404 notFound', '400 badRequest', '400 required', '404 notFound']);
    expect([shared.body.id, seen.status, rules.body.items.length]).toEqual(['user:grace@acme.test', 200, 2]);
    expect([deleted[0]?.status, deleted[1] && refusalOf(deleted[1])]).toEqual([204, '410 deleted']);
    expect([moved.body.organizer.email, unshared.status]).toEqual(['grace@acme.test', 204]);
  });
});

describe('googleapis itself', () => {
  it('drives every API with tokens of its own', async () => {
    const { client_email: email, private_key: key } = JSON.parse(simulator.serviceAccountKey) as {
      client_email: string;
      private_key: string;
    };
    const authFor = (subject: string) => {
      const jwt = new googleAuth.JWT({ email, key, scopes: [...simulator.scopes], subject });
      const { transporter } = jwt;
      // The library knows one token address only.
      const request = transporter.request.bind(transporter);
      jwt.transporter.request = (options) =>
        request({ ...options, ...(String(options?.url).endsWith('/token') && { url: simulator.tokenUrl }) });
      return jwt;
    };
    const rootUrl = simulator.url;
    const [boss, leaver] = [authFor(simulator.adminEmail), authFor(as)];
    const directory = admin({ version: 'directory_v1', auth: boss, rootUrl });
    const transfers = admin({ version: 'datatransfer_v1', auth: boss, rootUrl });
    const gmail = gmailApi({ version: 'v1', auth: leaver, rootUrl });

    const user = await directory.users.get({ userKey: as, projection: 'full' });
    await directory.users.signOut({ userKey: as });
    const apps = await transfers.applications.list({ customerId: 'my_customer' });
    const delegate = await gmail.users.settings.delegates.create({
      userId: 'me',
      requestBody: { delegateEmail: 'grace@acme.test' },
    });
    const licences = await licensingApi({ version: 'v1', auth: boss, rootUrl }).licenseAssignments.listForProduct({
      productId: 'Google-Apps',
      customerId: 'acme.test',
    });
    const files = await driveApi({ version: 'v3', auth: leaver, rootUrl }).files.list({ pageSize: 10 });
    const events = await calendarApi({ version: 'v3', auth: leaver, rootUrl }).events.list({ calendarId: 'primary' });
    const refused = await directory.users.get({ userKey: 'nobody@acme.test' }).catch((error: unknown) => error);

    expect([user.data.primaryEmail, delegate.data.verificationStatus]).toEqual([as, 'accepted']);
    expect(apps.data.applications?.map((one) => one.name)).toContain('Drive and Docs');
    expect([licences.data.items?.length, files.data.files?.length, events.data.items?.length]).not.toContain(undefined);
    expect(refused).toMatchObject({ status: 404 });
    expect(simulator.journal.calls.filter((one) => one.operation === 'google.unknown')).toEqual([]);
  });
});

describe.skipIf(!HAS_SPECS)('the published specs', () => {
  it('hold for every recorded exchange', () => {
    expect(google.recorded.length).toBeGreaterThan(15);
    expect([...new Set(google.recorded.flatMap(problemsOf))]).toEqual([]);
  });
});
