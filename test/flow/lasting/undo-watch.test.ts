// Somebody was made active again, which the watch told, and then their offboarding was taken back: the old button cuts nobody who is back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { approvesUndo, asksUndo, runOf } from '../../support/office-undo.ts';
import { wordsOf } from '../../support/words.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true });
});
afterAll(() => office.close());

const foundOpen = () =>
  office.channel.replies().find((one) => wordsOf(one.blocks).includes('Open again a day later')) as
    | { ts: string }
    | undefined;

it('answers who presses Cut again after an undo that nothing is cut, and cuts nothing', async () => {
  await office.offboard(office.lin, 'dana@acme.test');
  await office.closed();
  office.okta.command('import_reactivates', { user: 'dana' });
  office.pass(DAY_MS);
  await office.until(foundOpen);
  await asksUndo(office, office.lin);
  await approvesUndo(office, office.sam);
  const end = performance.now() + 30_000;
  while ((await runOf(office, 'rehire')).status !== 'closed' && performance.now() < end) {
    office.pass(5_000);
    await office.until(async () => (await runOf(office, 'rehire')).status === 'closed', 300).catch(() => undefined);
  }
  const status = office.accounts.of('dana').status;
  const writes = office.accounts.writes().length;

  await office.lin.clicks('cut_again', { messageTs: String(foundOpen()?.ts) });

  await office.until(() => office.lin.told().some((one) => one.includes('takes this offboarding back')));
  expect((await runOf(office, 'offboarding')).status).toBe('closed');
  expect(office.accounts.writes()).toHaveLength(writes);
  expect(office.accounts.of('dana').status).toBe(status);
  expect(status).not.toBe('DEPROVISIONED');
}, 90_000);
