// Time passes at all simulated vendors at once: what they date follows, what was given out stays good, and what goes by the
// machine's clock goes on by it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Simulators, startSimulators, VENDORS, type VendorName } from '../../sandbox/page/simulators.ts';
import { person } from '../../sandbox/people.ts';
import { type OktaSimulator, startOktaSimulator } from '../../sandbox/vendors/okta/server.ts';
import { connectBambooHr } from '../../src/connectors/bamboohr/client.ts';
import { adfDocument, paragraph, text } from '../../src/connectors/jira/adf.ts';
import { connectJira } from '../../src/connectors/jira/client.ts';
import { connectOkta } from '../../src/connectors/okta/client.ts';
import { connectSlack } from '../../src/connectors/slack/client.ts';
import { connectSnipeIt } from '../../src/connectors/snipeit/client.ts';

const DAY_MS = 86_400_000;
const DAYS = 60;
const DANA = person('dana').okta.id;
const LABEL = 'sendoff-5b0c3d4e';
const ADF = adfDocument(paragraph(text('Hello')));
const NEW = {
  project: 'ITOPS',
  issueType: 'Task',
  summary: 'Dana',
  description: ADF,
  labels: [LABEL],
  properties: {},
} as const;

let simulators: Simulators;
let told: string[] = [];
let listener: Server;

beforeAll(async () => {
  simulators = await startSimulators({});
  listener = createServer((request, response) => {
    told.push(String(request.url));
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await simulators.close();
  await new Promise((done) => listener.close(done));
});
beforeEach(() => {
  told = [];
  for (const name of ['okta', 'jira', 'bamboohr', 'snipeit'] as const) simulators.all[name].command('reset');
});

async function pass(days: number, vendors: readonly VendorName[] = VENDORS): Promise<void> {
  for (const vendor of vendors) await simulators.all[vendor].command('advance', { ms: days * DAY_MS });
}

/** Days from now, to the nearest; never -0. */
const daysAhead = (at: Date | number | string): number =>
  Math.round((new Date(at).getTime() - Date.now()) / DAY_MS) + 0;

const common = { deadlineMs: 5_000, pace: async () => undefined };

function okta() {
  const {
    OKTA_ORG_URL: orgUrl = '',
    OKTA_CLIENT_ID: clientId = '',
    OKTA_PRIVATE_KEY: privateKey = '',
  } = simulators.settings;
  return connectOkta({ ...common, orgUrl, credentials: { clientId, privateKey } });
}

const tokens = (vendor: VendorName): number =>
  simulators.all[vendor].journal.calls.filter((call) => call.operation === `${vendor}.token`).length;

it('each of them takes it, forward only', async () => {
  for (const vendor of VENDORS) {
    await expect((async () => simulators.all[vendor].command('advance', { ms: -1 }))(), vendor).rejects.toThrow(
      'forward only',
    );
    const answer = await simulators.all[vendor].command('advance', { ms: 0 });
    expect(Object.keys(answer as object), vendor).toEqual(['now']);
  }
});

function statusIn(simulator: OktaSimulator): string | undefined {
  const { users } = simulator.state() as { users: { id: string; status: string }[] };
  return users.find((one) => one.id === DANA)?.status;
}

describe('Okta', () => {
  it('dates a change and its event, and the event is found from then on', async () => {
    const client = okta();
    await pass(DAYS, ['okta']);
    await client.suspendUser(DANA);
    await client.deactivateUser(DANA);
    expect(daysAhead((await client.getUser(DANA))?.statusChanged ?? 0)).toBe(DAYS);
    const since = new Date(Date.now() + (DAYS - 1) * DAY_MS).toISOString();
    expect(await client.listDeactivations(since)).toHaveLength(1);
    expect(daysAhead((await client.newestEventAt()) ?? 0)).toBe(DAYS);
  });

  it('takes a token that it gave before, and gives another', async () => {
    const client = okta();
    await client.getUser(DANA);
    const before = tokens('okta');
    await pass(DAYS, ['okta']);
    expect(await client.getUser(DANA)).toMatchObject({ id: DANA });
    expect(tokens('okta')).toBe(before);
    simulators.all.okta.command('expire_access_tokens');
    await expect(client.getUser(DANA)).rejects.toThrow();
    expect(await client.getUser(DANA)).toMatchObject({ id: DANA });
  });

  it('has ended by then what it had only begun', async () => {
    const own = await startOktaSimulator();
    own.command('set_async_delay', { ms: DAY_MS });
    const headers = { authorization: `SSWS ${own.apiToken}`, prefer: 'respond-async' };
    await fetch(`${own.url}/api/v1/users/${DANA}/lifecycle/deactivate`, { method: 'POST', headers });
    const statuses = [statusIn(own)];
    own.command('advance', { ms: DAY_MS });
    statuses.push(statusIn(own));
    await own.close();
    expect(statuses).toEqual(['ACTIVE', 'DEPROVISIONED']);
  });
});

describe('Jira', () => {
  const connect = () => {
    const { JIRA_URL: url = '', JIRA_EMAIL: email = '', JIRA_API_TOKEN: apiToken = '' } = simulators.settings;
    return connectJira({ ...common, url, email, apiToken });
  };
  const create = () => connect().createIssue(NEW);

  it('dates an issue and a comment', async () => {
    await pass(DAYS, ['jira']);
    const { key } = await create();
    await connect().addComment(key, { adf: ADF, property: { event: 1 } });
    const { issues } = simulators.all.jira.state() as {
      issues: { createdAt: string; comments: { createdAt: string }[] }[];
    };
    expect(issues.flatMap((one) => [one, ...one.comments]).map((one) => daysAhead(one.createdAt))).toEqual([
      DAYS,
      DAYS,
    ]);
  });

  it('finds by then what was made before', async () => {
    simulators.all.jira.command('set_index_delay', { delayMs: DAY_MS });
    await create();
    expect(await connect().findIssuesByLabel('ITOPS', LABEL)).toEqual([]);
    await pass(1, ['jira']);
    expect(await connect().findIssuesByLabel('ITOPS', LABEL)).toHaveLength(1);
  });
});

describe('BambooHR', () => {
  const connect = () => {
    const { BAMBOOHR_URL: url = '', BAMBOOHR_API_KEY: apiKey = '' } = simulators.settings;
    return connectBambooHr({ ...common, url, apiKey });
  };
  const address = (): string => `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hr`;
  const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

  it('has people inactive from their last day, and is asked for changes by its own time', async () => {
    const client = connect();
    const status = async () => (await client.findEmployeesByEmail('danna@acme.test')).map((one) => one.status);
    expect(await status()).toEqual(['Active']);
    await pass(15, ['bamboohr']);
    expect(await status()).toEqual(['Inactive']);
    const { latest } = await client.listChanged(null);
    simulators.all.bamboohr.command('set_employee', { employee: 'dana', patch: { jobTitle: 'Lead' } });
    const { ids, latest: next } = await client.listChanged(latest);
    expect([ids.length, daysAhead(next)]).toEqual([1, 15]);
  });

  it('tells of an entered termination on its day, once', async () => {
    const { bamboohr } = simulators.all;
    await bamboohr.command('create_webhook', { url: address() });
    await bamboohr.command('set_employee', { employee: 'dana', patch: { endsOn: dayIn(5) } });
    await pass(4, ['bamboohr']);
    await bamboohr.command('set_employee', { employee: 'grace', patch: { jobTitle: 'Head' } });
    await vi.waitFor(() => expect(told).toHaveLength(1));
    await pass(1, ['bamboohr']);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    await pass(DAYS, ['bamboohr']);
    await bamboohr.command('set_employee', { employee: 'grace', patch: { jobTitle: 'Chief' } });
    await vi.waitFor(() => expect(told).toHaveLength(3));
  });
});

it('Snipe-IT dates a check-in', async () => {
  await pass(DAYS, ['snipeit']);
  const { SNIPEIT_URL: url = '', SNIPEIT_API_TOKEN: apiToken = '' } = simulators.settings;
  await connectSnipeIt({ ...common, url, apiToken }).checkin(101, { statusId: 1, locationId: 1, note: 'Back' });
  const { history } = simulators.all.snipeit.state() as { history: { at: number }[] };
  expect(history.map((one) => daysAhead(one.at))).toEqual([DAYS]);
});

it('Slack dates messages by it, each ts above the last, and signs by the machine’s clock', async () => {
  const { slack } = simulators;
  const client = connectSlack({ botToken: slack.workspace.token, apiUrl: `${slack.url}/api/`, deadlineMs: 5_000 });
  const post = (marker: string) => client.post({ channel: 'C0ITOPS', marker }, { text: marker, blocks: [] });
  const all = [await post('a')];
  await pass(DAYS, ['slack']);
  all.push(await post('b'), await post('c'));
  expect(all.map((ts) => daysAhead(Number(ts) * 1000)).slice(1)).toEqual([DAYS, DAYS]);
  expect(all.toSorted()).toEqual(all);
  expect(new Set(all).size).toBe(3);
  // An intent is dated by the machine; what was posted for it is found all the same.
  expect(await client.findMarker({ channel: 'C0ITOPS', since: new Date(Date.now() - 60_000) }, 'c')).toBe(all[2]);
  const signed: unknown[] = [];
  const server = createServer((request, response) => {
    signed.push(request.headers['x-slack-request-timestamp']);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  await slack.slash({ user: 'U0LIN', command: '/offboard', text: 'help' });
  await new Promise((done) => server.close(done));
  expect(signed.map((at) => daysAhead(Number(at) * 1000))).toEqual([0]);
});
