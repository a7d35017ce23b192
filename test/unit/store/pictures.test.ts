// A picture that two draw at once, as after a lost lease: one message, whoever comes first.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type SlackSimulator, startSlackSimulator } from '../../../sandbox/vendors/slack/server.ts';
import { connectSlack } from '../../../src/connectors/slack/client.ts';
import { type PostOnceDeps, showMessage } from '../../../src/reporters/post-once.ts';
import { createInboundStore } from '../../../src/store/inbound.ts';
import { createReportStore, type ReportStore } from '../../../src/store/reports.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type Engine, engineOn, MONDAY } from '../../support/engine.ts';

const CHANNEL = 'C0ITOPS';
const CONTENT = { text: 'Dana Whitfield', blocks: [] };

let simulator: SlackSimulator;
let database: TestDatabase;
let engine: Engine;
let reports: ReportStore;
let reportKey: string;

beforeAll(async () => {
  simulator = await startSlackSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  reports = createReportStore(engine.db, engine.instance, 'slack');
  const delivery = { source: 'slack', key: 'k1', kind: 'offboard', actor: 'T1/ULIN', payload: {} } as const;
  await createInboundStore(engine.db, engine.instance).receive({ ...delivery, announce: true, handled: false }, MONDAY);
  reportKey = String((await reports.claim(1))[0]?.key);
});
afterEach(async () => {
  await engine.close();
  await database.drop();
  messages().length = 0;
});

const messages = () => simulator.workspace.channels.get(CHANNEL)?.messages ?? [];

function deps(): PostOnceDeps {
  const slack = connectSlack({
    botToken: simulator.workspace.token,
    apiUrl: `${simulator.url}/api/`,
    deadlineMs: 5_000,
  });
  return { slack, reports, channelId: CHANNEL, pace: { wait: async () => undefined, slowDown: () => undefined } };
}

const row = async () => (await reports.deliveries(reportKey))[0];

it('stands once, though both saw none before they began', async () => {
  const where = { reportKey, message: 'root' };
  const shown = await Promise.all([
    showMessage(deps(), where, undefined, CONTENT),
    showMessage(deps(), where, undefined, CONTENT),
  ]);
  expect(messages()).toHaveLength(1);
  expect(shown.filter((one) => 'ts' in one)).toHaveLength(1);
  expect((await row())?.ts).toBe(messages()[0]?.ts);
});

it('stands once, though both saw that somebody had deleted it', async () => {
  const where = { reportKey, message: 'root' };
  await showMessage(deps(), where, undefined, CONTENT);
  const before = await row();
  messages().length = 0;
  const next = { ...CONTENT, text: 'Dana Whitfield has left' };
  await Promise.all([showMessage(deps(), where, before, next), showMessage(deps(), where, before, next)]);
  expect(messages()).toHaveLength(1);
  expect((await row())?.ts).toBe(messages()[0]?.ts);
});

it('stands once, though both have looked for it in vain', async () => {
  const where = { reportKey, message: 'root' };
  await reports.intend(reportKey, 'root');
  const before = { ...(await row()), ageMs: 60_000, searches: 1 } as NonNullable<Awaited<ReturnType<typeof row>>>;
  await Promise.all([showMessage(deps(), where, before, CONTENT), showMessage(deps(), where, before, CONTENT)]);
  expect(messages()).toHaveLength(1);
});

it('takes the place of a row of another message, where it is told so', async () => {
  const where = { reportKey, message: 'step:a/' };
  await reports.shared(reportKey, 'step:a/', '1.1', 'shared:x');
  const over = await row();
  expect(await showMessage(deps(), where, undefined, CONTENT)).toEqual({ later: expect.any(Number) });
  expect(await showMessage(deps(), { ...where, ...(over && { over }) }, undefined, CONTENT)).toEqual({
    ts: expect.any(String),
  });
  expect(messages()).toHaveLength(1);
});
