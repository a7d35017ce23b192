// Each story of the Scenarios panel by its one button, with its visible end, also on a phone. The layoff has a file of its own.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  choose,
  expectNoProblems,
  openPanel,
  press,
  pressSurely,
  reply,
  see,
  threadOf,
} from '../support/sandbox-acts.ts';
import {
  become,
  GRACE,
  LIN,
  messageWith,
  modal,
  openSandbox,
  type SandboxUnderTest,
  seriousFaults,
  submit,
} from '../support/sandbox-page.ts';

const LAYOFF = 'A layoff of 50';
const STORIES: readonly { readonly title: string; readonly ends: string; readonly message: string | null }[] = [
  { title: 'An ordinary leaver', ends: 'access is cut', message: 'Dana Whitfield' },
  { title: 'A suspended mailbox', ends: 'was made active again', message: 'Google account active' },
  { title: 'Nobody to hand over to', ends: 'asks in the thread who receives', message: 'Alex Moreau' },
  { title: 'A protected person', ends: 'Nothing has happened to Grace', message: 'Approval needed to offboard Grace' },
  { title: 'A forged webhook', ends: 'Refused at each door (401, 401 and 401)', message: null },
  { title: 'The laptop never confirms', ends: '“Sent” is not “locked”', message: 'Dana Whitfield' },
  { title: 'The parcel is lost', ends: 'asks after a parcel', message: 'Dana Whitfield' },
  { title: 'Apps with an owner', ends: 'Grace is asked about Figma', message: 'Alex Moreau' },
];
const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

let sandbox: SandboxUnderTest;
let page: Page;
let phone: Page;
beforeAll(async () => {
  sandbox = await openSandbox();
  page = await sandbox.open(LIN);
  phone = await sandbox.open(LIN, PHONE);
});
afterAll(() => sandbox.stop());

it('has a story for each button', async () => {
  const panel = await openPanel(page, 'Scenarios');
  await see(panel.getByRole('button', { name: /^Play: / }));
  const names = await panel
    .getByRole('button', { name: /^Play: / })
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  expect(names).toEqual([...STORIES.map(({ title }) => title), LAYOFF].map((title) => `Play: ${title}`));
});

for (const { title, ends, message } of STORIES)
  it(`plays “${title}”`, async () => {
    const panel = await openPanel(page, 'Scenarios');
    await panel.getByRole('button', { name: `Play: ${title}` }).click();
    await tellsTheEnd(panel, title, ends);
    if (message !== null) await see(messageWith(page, message));
    expect(await seriousFaults(page)).toEqual([]);
    const small = await openPanel(phone, 'Scenarios');
    await tellsTheEnd(small, title, ends);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expectNoProblems(page, phone);
  });

// On what the last story has begun.
it('the owner asks for help, then says what was done; the thread tells it as their word', async () => {
  await become(page, GRACE);
  await page.getByRole('navigation').getByRole('button', { name: 'Sendoff' }).last().click();
  const asked = page.getByRole('main').getByRole('article').filter({ hasText: 'please remove their access' });
  await see(asked);
  expect(await asked.textContent()).not.toContain('Notion');
  expect(await seriousFaults(page)).toEqual([]);

  await says(asked, 'I need help…: Figma', 'What do you need?', 'Who gets the team’s library?');
  await see(asked.getByText('you asked for help; IT was told'));
  await says(asked, 'Access removed…: Figma', 'What did you do, and when?', 'Seat removed, library moved to Grace');
  await pressSurely(asked, /^Never had access: Miro/);
  await see(page.getByRole('main').getByText('Nothing is left to do for Alex Moreau'));
  expect(await seriousFaults(page)).toEqual([]);

  await become(page, LIN);
  await threadOf(page, 'Alex Moreau');
  await see(reply(page, 'Grace Njeri needs help with Figma').getByText('Who gets the team’s library?'));
  const attested = await see(reply(page, 'Seat removed, library moved to Grace'));
  expect(await attested.textContent()).toContain('Attested, not verified');
  await see(reply(page, 'never had an account'));
  expectNoProblems(page);
});

it('an operator chooses who receives mail, files and calendar', async () => {
  const question = 'Who receives their mail, files and calendar?';
  await press(reply(page, question), /^Choose a person/);
  await choose(modal(page), question, 'gra', 'Grace Njeri');
  expect(await seriousFaults(page)).toEqual([]);
  await submit(page);
  await modal(page).waitFor({ state: 'detached' });
  await see(reply(page, 'Mailbox handed over'));
  await see(reply(page, 'Drive files handed over').getByText('Grace Njeri'));
  expectNoProblems(page);
});

it('plays a story without a mouse, on a phone too', async () => {
  for (const one of [page, phone]) {
    const panel = await openPanel(one, 'Scenarios');
    await panel.getByRole('button', { name: 'Play: A forged webhook' }).press('Enter');
    await tellsTheEnd(panel, 'A forged webhook', 'Refused at each door');
  }
  expectNoProblems(page, phone);
});

async function tellsTheEnd(panel: Locator, title: string, ends: string): Promise<void> {
  await see(panel.getByRole('status').filter({ hasText: title }).filter({ hasText: ends }));
}

async function says(asked: Locator, button: string, question: string, words: string): Promise<void> {
  await press(asked, new RegExp(button));
  await see(modal(page).getByLabel(question));
  await modal(page).getByLabel(question).fill(words);
  await submit(page);
  await modal(page).waitFor({ state: 'detached' });
}
