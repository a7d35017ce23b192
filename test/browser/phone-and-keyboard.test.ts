// The same offboarding on a phone, in the dark, and without a mouse.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeWindow, expectNoProblems, planOf, reply, see, threadOf } from '../support/sandbox-acts.ts';
import {
  composer,
  LIN,
  messageWith,
  modal,
  openSandbox,
  type SandboxUnderTest,
  seriousFaults,
  submit,
} from '../support/sandbox-page.ts';

/** Evaluated in the page: what whoever cannot see hears of where they are. */
const FOCUSED = `document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''`;

let sandbox: SandboxUnderTest;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.stop());

it('goes on a phone in dark mode, and nothing is wider than the screen', async () => {
  const page = await sandbox.open(LIN, {
    viewport: { width: 390, height: 800 },
    colorScheme: 'dark',
    hasTouch: true,
    isMobile: true,
  });
  const fits = async (where: string): Promise<void> => {
    expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBeLessThanOrEqual(390);
    expect(await seriousFaults(page), where).toEqual([]);
  };
  await planOf(page, '/offboard dana@acme.test');
  await fits('the plan');
  await submit(page);
  await closeWindow(page);
  await threadOf(page, 'Dana Whitfield');
  await see(reply(page, 'Okta account deactivated'));
  await fits('the thread');
  await page.getByRole('button', { name: 'Close thread' }).click();
  await see(messageWith(page, 'Okta account deactivated'));
  await fits('the channel');
  expectNoProblems(page);
  await page.context().close();
});

it('goes without a mouse', async () => {
  const page = await sandbox.open(LIN);
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let at = 0; at < 200; at += 1) {
      const here = String(await page.evaluate(FOCUSED));
      if (name.test(here)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no way to ${name} by Tab`);
  };
  await tabTo(/^Message #it-offboarding/);
  await page.keyboard.type('/off');
  await page.keyboard.press('Enter');
  expect(await composer(page).inputValue()).toBe('/offboard ');
  await page.keyboard.type('danna@acme.test');
  await page.keyboard.press('Enter');
  await see(modal(page).getByRole('button', { name: 'Offboard Danna' }));
  await tabTo(/^Offboard Danna/);
  await page.keyboard.press('Enter');
  await see(modal(page).getByText('has started'));
  await page.keyboard.press('Escape');
  await modal(page).waitFor({ state: 'detached' });
  await see(messageWith(page, 'Danna Whitfield').locator('.replies'));
  await messageWith(page, 'Danna Whitfield').locator('.replies').focus();
  await page.keyboard.press('Enter');
  await see(reply(page, 'Okta account deactivated'));
  expectNoProblems(page);
});
