// The first things that anybody does in the sandbox, in a real browser.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWindow } from '../support/sandbox-acts.ts';
import {
  ALEX,
  become,
  composer,
  isRunning,
  LIN,
  messageWith,
  modal,
  openSandbox,
  openThread,
  problemsOf,
  processesBelow,
  SAM,
  type SandboxUnderTest,
  seriousFaults,
  submit,
  typeCommand,
} from '../support/sandbox-page.ts';

let sandbox: SandboxUnderTest;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.stop());

describe('the page', () => {
  it('says all the time that nothing is real, and who one is', async () => {
    const page = await sandbox.open(LIN);
    expect(await page.getByRole('note').first().textContent()).toContain('nothing here is real');
    expect(await page.getByLabel('You are:').inputValue()).toBe(LIN);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('it-offboarding');
    expect(problemsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('offers the commands of the manifest, by keyboard alone', async () => {
    const page = await sandbox.open(LIN);
    await composer(page).focus();
    await page.keyboard.type('/');
    const options = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    expect(await options.allInnerTexts()).toEqual([
      expect.stringContaining('/offboard'),
      expect.stringContaining('/return-device'),
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await composer(page).inputValue()).toBe('/return-device ');
    await page.context().close();
  });

  it('shows an outsider a refusal that nobody else sees', async () => {
    const page = await sandbox.open(ALEX);
    await typeCommand(page, '/offboard dana@acme.test');
    const refusal = messageWith(page, 'Only visible to you');
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain('operator list');
    await become(page, LIN);
    await messageWith(page, 'was refused').waitFor();
    expect(await page.getByText('Only visible to you').count()).toBe(0);
    await page.context().close();
  });

  it('takes Dana out of Acme: plan, confirmation, thread, retry', async () => {
    const page = await sandbox.open(LIN);
    await fetch(`${sandbox.announced.control.okta}/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'status', status: 400, operation: 'okta.deactivateDevice', times: 1 }),
    });
    await typeCommand(page, '/offboard dana@acme.test');
    await modal(page).getByRole('button', { name: 'Offboard Dana' }).waitFor();
    expect(await modal(page).textContent()).toContain('grace@acme.test');
    await submit(page);
    const root = messageWith(page, 'Dana Whitfield');
    await closeWindow(page);
    const thread = await openThread(root, page);
    const failed = thread.getByRole('article').filter({ has: page.getByRole('button', { name: 'Retry' }) });
    await failed.first().waitFor();
    await failed.first().getByRole('button', { name: 'Retry' }).click();
    await thread
      .getByText(/devices removed/i)
      .first()
      .waitFor();
    const { users } = (await sandbox.state('okta')) as { users: { key: string; status: string }[] };
    expect(users.find((one) => one.key === 'dana')?.status).toBe('DEPROVISIONED');
    expect(problemsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('has no serious fault for whoever cannot see, light or dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await sandbox.open(SAM, { colorScheme });
      await messageWith(page, 'Dana Whitfield').waitFor();
      expect(await seriousFaults(page), colorScheme).toEqual([]);
      for (const panel of ['Scenarios', 'Break things', 'Vendors', 'Calls']) {
        await page.getByRole('button', { name: panel, exact: true }).click();
        await page.getByRole('complementary').waitFor();
        expect(await seriousFaults(page), `${colorScheme} ${panel}`).toEqual([]);
      }
      await page.getByRole('navigation').getByRole('button', { name: 'Sendoff' }).first().click();
      await page.getByRole('main').getByText('Operators').first().waitFor();
      expect(await seriousFaults(page), `${colorScheme} Home`).toEqual([]);
      await page.context().close();
    }
  });

  it('shows one thing at a time on a phone', async () => {
    const page = await sandbox.open(LIN, { viewport: { width: 390, height: 800 } });
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Back to channels' }).click();
    await page.getByRole('navigation').getByRole('button', { name: 'general' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('general');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.context().close();
  });
});

describe('the sandbox', () => {
  it('does nothing for another page, whatever it sends', async () => {
    const { url, token } = sandbox.announced;
    const kill = new URL('/outside/kill', url);
    const without = await fetch(kill, { method: 'POST', body: '{}' });
    const elsewhere = await fetch(kill, {
      method: 'POST',
      body: '{}',
      headers: { origin: 'http://evil.test', 'x-sandbox-token': token },
    });
    expect([without.status, elsewhere.status]).toEqual([403, 403]);
  });

  it('keeps what happened, brings a killed app back, and leaves no process', async () => {
    const page = await sandbox.open(LIN);
    await typeCommand(page, 'Lin was here');
    await messageWith(page, 'Lin was here').waitFor();
    await page.getByRole('button', { name: 'Break things' }).click();
    await page.getByRole('button', { name: 'Skip 1 day' }).click();
    await page.getByText('Time is 24 h ahead').waitFor();
    await page.getByRole('button', { name: 'Kill the app now' }).click();
    await page.getByText('killed 1 times').waitFor();
    await page.getByText('The app is starting').waitFor();
    await page.getByText('running', { exact: true }).waitFor();
    await page.context().close();
    const { folder, pid } = sandbox;
    const processes = [pid, ...processesBelow(pid)];
    // The app, and PostgreSQL with its workers.
    expect(processes.length).toBeGreaterThan(3);
    await sandbox.close();
    await expect.poll(() => processes.filter(isRunning), { timeout: 5_000 }).toEqual([]);
    sandbox = await openSandbox(folder);
    const again = await sandbox.open(LIN);
    await messageWith(again, 'Lin was here').waitFor();
    await again.getByText('Time is 24 h ahead').waitFor();
  });
});
