// What people do on the sandbox's page in more than one press, and what they wait to see.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { modal, openThread, problemsOf, type SandboxUnderTest, submit, typeCommand } from './sandbox-page.ts';

/** What needs more than a look takes so long at most, on a busy machine too. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 500;

/** Waits until somebody could read it. */
export async function see(what: Locator): Promise<Locator> {
  await what.first().waitFor({ timeout: PATIENCE_MS });
  return what.first();
}

/** The plan of a command, ready to be submitted. */
export async function planOf(page: Page, command: string): Promise<Locator> {
  await typeCommand(page, command);
  await see(modal(page).locator('button[type=submit]'));
  return modal(page);
}

/** From the command to the run's thread, as whoever the page is. */
export async function offboard(page: Page, email: string, name: string): Promise<Locator> {
  await planOf(page, `/offboard ${email}`);
  await submit(page);
  await closeWindow(page);
  return threadOf(page, name);
}

export async function closeWindow(page: Page): Promise<void> {
  await (await see(modal(page).locator('footer').getByRole('button', { name: 'Close', exact: true }))).click();
  await modal(page).waitFor({ state: 'detached' });
}

/** Of the newest message with these words. */
export async function threadOf(page: Page, words: string): Promise<Locator> {
  return openThread(await see(rootOf(page, words)), page);
}

/** The newest message with these words that has been answered. */
export function rootOf(page: Page, words: string): Locator {
  const answered = page
    .getByRole('main')
    .getByRole('article')
    .filter({ has: page.locator('.replies') });
  return answered.filter({ hasText: words }).last();
}

/** The newest answer in the open thread with these words. */
export function reply(page: Page, words: string | RegExp): Locator {
  return page.getByRole('complementary', { name: 'Thread' }).getByRole('article').filter({ hasText: words }).last();
}

/** Presses a button of a message. */
export async function press(message: Locator, label: string | RegExp): Promise<void> {
  await (await see(message.getByRole('button', { name: label }))).click();
}

/** The same, where the button asks first whether one is sure. */
export async function pressSurely(message: Locator, label: string | RegExp): Promise<void> {
  await press(message, label);
  await (await see(message.page().locator('.confirm .dialog-foot button').last())).click();
}

/** By typing into a menu, and taking what it offers. */
export async function choose(window: Locator, label: string, typed: string, offered: string): Promise<void> {
  const field = await see(window.getByLabel(label, { exact: true }));
  await field.click();
  await field.pressSequentially(typed);
  await (await see(window.getByRole('option').filter({ hasText: offered }))).click();
}

export async function openPanel(page: Page, title: string): Promise<Locator> {
  const button = page.getByRole('banner').getByRole('button', { name: title, exact: true });
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
  return page.getByRole('complementary');
}

/** Acme as on its first day, by its button. */
export async function startOver(page: Page): Promise<void> {
  await press(await openPanel(page, 'Break things'), 'Start Acme over');
  await see(page.getByText('Acme is as on its first day.'));
}

/** `key` as in sandbox/people.ts. */
export async function oktaStatus(sandbox: SandboxUnderTest, key: string): Promise<string | undefined> {
  const { users } = (await sandbox.state('okta')) as { users: { key: string; status: string }[] };
  return users.find((one) => one.key === key)?.status;
}

/** A tab of what the vendors' admins see. */
export async function openVendor(page: Page, name: string): Promise<Locator> {
  const panel = await openPanel(page, 'Vendors');
  await panel.getByRole('tab', { name, exact: true }).click();
  return panel.getByRole('tabpanel');
}

export function expectNoProblems(...pages: readonly Page[]): void {
  for (const page of pages) expect(problemsOf(page)).toEqual([]);
}

/** Time passes, so much a look, until somebody could read it. */
export async function seeInTime(
  sandbox: SandboxUnderTest,
  what: Locator,
  { stepMs, most = 40 }: { readonly stepMs: number; readonly most?: number },
): Promise<Locator> {
  for (let looks = 0; looks < most; looks += 1) {
    const isThere = await what
      .first()
      .waitFor({ timeout: LOOK_MS })
      .then(
        () => true,
        () => false,
      );
    if (isThere) return what.first();
    await sandbox.advance(stepMs);
  }
  return see(what);
}

/** The window's answer to a question that asks for a passcode's reason; only whoever asked sees it. */
export async function readPasscode(asking: Locator): Promise<string> {
  const page = asking.page();
  await press(asking, /^Show passcode/);
  await modal(page).getByRole('textbox').fill('The Mac is back and is unlocked');
  await submit(page);
  const shown = await see(modal(page).getByRole('heading', { name: /^\d{6}$/ }));
  return (await shown.textContent()) ?? '';
}

/** On the Mac's own screen. */
export async function unlockMac(page: Page, serial: string, pin: string): Promise<void> {
  const macs = await openVendor(page, 'Macs');
  await macs.getByLabel('Find a Mac').fill(serial);
  await macs.getByLabel(/Enter your system lock PIN/).fill(pin);
  await macs.getByRole('button', { name: 'Unlock' }).click();
  await see(macs.getByText('in use', { exact: true }));
}

/** Both legs of the return box. */
export async function moveParcel(page: Page): Promise<void> {
  const parcels = await openVendor(page, 'Parcels');
  for (const move of ['Retriever ships the box', 'The box arrives', 'The laptop is handed in', 'The laptop arrives'])
    await press(parcels, move);
  await see(parcels.getByText('Laptop delivered').first());
}

/** By whoever has it in their hands. */
export async function receive(page: Page, serial: string): Promise<void> {
  await press(reply(page, 'Is the device here?'), /^Received/);
  await modal(page).getByLabel('Serial number').fill(serial);
  await submit(page);
  await modal(page).waitFor({ state: 'detached' });
}
