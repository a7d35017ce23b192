// What tests of a Slack in trouble share: an office each, the plan announced, every picture drawn, the whole thread.
import { expect } from 'vitest';
import { anOffice, type Office, type OfficeOptions } from './office.ts';

const STEPS = 6;
const REPORT = 1;
export const POST = 'slack.chat.postMessage';

/** An office each, side by side: how fast a process may post depends on what it has just posted. */
export function inAnOffice(test: (office: Office) => Promise<void>, options: OfficeOptions = {}): () => Promise<void> {
  return async () => {
    const office = await anOffice(options);
    try {
      await test(office);
    } finally {
      await office.close();
    }
  };
}

export const posts = (office: Office) => office.slack.journal.calls.filter((call) => call.operation === POST);

/** The plan is shown and announced: what is posted from here on is the run's. */
export async function announcedPlan(office: Office, address: string): Promise<void> {
  await office.plan(office.lin, address);
  await office.until(() => office.channel.notices().length === 1, 10_000);
}

/** No picture is wrong. */
export async function drawn(office: Office): Promise<void> {
  const wrong = () => office.db.query('SELECT 1 FROM report WHERE wanted > drawn', []);
  await office.until(async () => (await wrong()).length === 0, 20_000);
}

export function expectWholeThread(office: Office): void {
  expect(office.channel.roots()).toHaveLength(1);
  expect(office.channel.root()).toContain('is offboarded');
  expect(new Set(office.channel.thread().map((reply) => reply.split('\n')[0])).size).toBe(STEPS + REPORT);
  expect(office.channel.replies()).toHaveLength(STEPS + REPORT);
}
