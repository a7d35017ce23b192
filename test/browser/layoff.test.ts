// A layoff of fifty by its one button: after the story has ended all of them are taken out, and one message tells it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNoProblems, openPanel, press, reply, see, threadOf } from '../support/sandbox-acts.ts';
import { LIN, messageWith, openSandbox, type SandboxUnderTest, seriousFaults } from '../support/sandbox-page.ts';

const COUNT = 50;
/** Okta's published pace allows 20 reads a second, and Slack's one message: 140 s and 170 s on any machine. */
const PATIENCE_MS = 300_000;

let sandbox: SandboxUnderTest;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.stop());

it(
  'takes all fifty out, and ends',
  async () => {
    const page = await sandbox.open(LIN);
    const panel = await openPanel(page, 'Scenarios');
    await press(panel, 'Play: A layoff of 50');
    await see(panel.getByText('Fifty runs begin'));
    expect(await seriousFaults(page)).toEqual([]);
    await expect.poll(deactivated, { interval: 1_000, timeout: PATIENCE_MS }).toBe(COUNT);
    const told = messageWith(page, 'BAT-');
    await told.getByText(`Offboarding ${COUNT} people has ended`).waitFor({ timeout: PATIENCE_MS });
    await threadOf(page, 'BAT-');
    await see(reply(page, /All of BAT-\d+ has ended/));
    expectNoProblems(page);
  },
  PATIENCE_MS * 2,
);

async function deactivated(): Promise<number> {
  const { users } = (await sandbox.state('okta')) as { users: { key: string; status: string }[] };
  return users.filter(({ key, status }) => key.startsWith('layoff') && status === 'DEPROVISIONED').length;
}
