// Slack asks for patience: it is given the time it asked for, and the thread is whole in the end.
import { expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';

const STEPS = 5;
const REPORT = 1;

/** An office each, side by side: how fast a process may post depends on what it has just posted. */
function inAnOffice(test: (office: Office) => Promise<void>): () => Promise<void> {
  return async () => {
    const office = await anOffice({ slackPace: 'published' });
    try {
      await test(office);
    } finally {
      await office.close();
    }
  };
}

const POST = 'slack.chat.postMessage';
const posts = (office: Office) => office.slack.journal.calls.filter((call) => call.operation === POST);

/** The plan is shown and announced: what is posted from here on is the run's. */
async function announcedPlan(office: Office, address: string): Promise<void> {
  await office.plan(office.lin, address);
  await office.until(() => office.channel.notices().length === 1, 10_000);
}

async function drawn(office: Office): Promise<void> {
  const wrong = () => office.db.query('SELECT 1 FROM report WHERE wanted > drawn', []);
  await office.until(async () => (await wrong()).length === 0, 20_000);
}

function expectWholeThread(office: Office): void {
  expect(office.channel.roots()).toHaveLength(1);
  expect(office.channel.root()).toContain('is offboarded');
  expect(new Set(office.channel.thread().map((reply) => reply.split('\n')[0])).size).toBe(STEPS + REPORT);
  expect(office.channel.replies()).toHaveLength(STEPS + REPORT);
}

it.concurrent(
  'that asks to slow down is given the time it asked for',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'danna@acme.test');
    office.slack.faults.add({ kind: 'rate_limit', retryAfterSeconds: 2, operation: POST });
    const before = posts(office).length;
    await office.lin.submits();
    await office.closed();
    await office.until(() => posts(office).length > before + 1, 10_000);

    const [refused, next] = posts(office).slice(before);
    expect(refused?.status).toBe(429);
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
  }),
);

it.concurrent(
  'that takes one post a second gets the whole thread, nothing lost and nothing twice',
  inAnOffice(async (office) => {
    await announcedPlan(office, 'danna@acme.test');
    await office.slack.command('rate_limit', { on: true });
    await office.lin.submits();
    await office.closed();
    await drawn(office);
    await office.slack.command('rate_limit', { on: false });

    expectWholeThread(office);
  }),
);
