// The watch over a Google account: a new token and a delegate that is back are told with the app's name, and taken away by one press;
// who received the mailbox keeps it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { googleAccounts } from '../../support/office-google.ts';
import { wordsOf } from '../../support/words.ts';

const DAY_MS = 86_400_000;

let office: Office;
let google: GoogleSimulator;

beforeAll(async () => {
  office = await anOffice({ google: true });
  google = office.google as GoogleSimulator;
  await office.start();
});

afterAll(async () => {
  await office.close();
});

const delegates = (): readonly string[] => {
  const { users } = google.state() as {
    users: readonly { key: string; mailbox: { delegates: readonly { email: string }[] } }[];
  };
  return users.find((one) => one.key === 'dana')?.mailbox.delegates.map((one) => one.email) ?? [];
};
const watchOf = async (day: number) => {
  const [row] = await office.db.query<{ status: string; after: Record<string, unknown> | null }>(
    `SELECT status::text, after FROM step_run WHERE step = 'watch' AND subject = $1`,
    [String(day)],
  );
  return row;
};
const replyWith = (words: string) => office.channel.replies().filter((one) => wordsOf(one.blocks).includes(words));

describe('the watch over a Google account', () => {
  it('sees a new token and a delegate that is back, and one press takes both away', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    for (const step of ['google.mailbox', 'google.drive', 'google.calendar', 'slack.account'])
      await office.until(async () => {
        office.pass(1_000);
        return (await office.steps())[step]?.status === 'done';
      }, 60_000);
    expect(delegates()).toEqual(['grace@acme.test']);
    google.command('new_token', { user: 'dana' });
    google.command('delegate_back', { user: 'dana' });

    office.pass(DAY_MS);
    await office.until(async () => (await watchOf(1))?.status === 'done');
    expect((await watchOf(1))?.after).toMatchObject({ open: ['google.contain', 'google.mailbox'], apps: ['Late app'] });
    await office.until(() => replyWith('Open again a day later').length === 1);
    const words = wordsOf(replyWith('Open again a day later')[0]?.blocks ?? []);
    expect(words).toContain('An app can reach the Google account: Late app');
    expect(words).toContain('Somebody else reads the mailbox');
    expect(googleAccounts(google).of('dana').tokens).toHaveLength(1);

    await office.lin.clicks('cut_again');
    await office.until(() => googleAccounts(google).of('dana').tokens.length === 0 && delegates().length === 1);
    expect(delegates()).toEqual(['grace@acme.test']);
    await office.until(() => replyWith('Cut again by').length === 1);
  }, 120_000);
});
