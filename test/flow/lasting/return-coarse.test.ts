// Parcels with half of the vendors: Retriever's own moments without EasyPost, and numbers that somebody gave without Retriever.
import { afterEach, expect, it } from 'vitest';
import type { Office, StepRow } from '../../support/office.ts';
import { becomes, clickFresh, returningOffice, sendHome, stepOf } from '../../support/returns.ts';

let office: Office;
afterEach(() => office.close());

async function seen(key: string, value: unknown): Promise<StepRow> {
  await office.until(async () => {
    const row = await stepOf(office, 'return.track');
    if (row?.after?.[key] === value) return true;
    if (row?.status === 'waiting') office.pass(4 * 3_600_000);
    return false;
  }, 20_000);
  return (await stepOf(office, 'return.track')) as StepRow;
}

it('without EasyPost the order’s four moments tell the same in coarser words', async () => {
  office = await returningOffice({ easypost: false });
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'done');
  for (const [move, key, value] of [
    ['ship_box', 'outStatus', 'in_transit'],
    ['deliver_box', 'outStatus', 'delivered'],
    ['scan_return', 'backStatus', 'in_transit'],
    ['deliver_back', 'backStatus', 'delivered'],
  ] as const) {
    office.retriever?.command(move, { order: 'C02DANA0001' });
    await seen(key, value);
  }
  expect((await becomes(office, 'return.track', 'done')).evidence).toBe('read_back');
  await office.until(() => /Box: delivered .*\(UPS 1Z/.test(office.channel.thread().join('\n')));
}, 60_000);

it('without Retriever the numbers that somebody gave are followed; one that EasyPost does not know is said to be', async () => {
  office = await returningOffice({ retriever: false });
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'needs_human');
  await clickFresh(office, 'return.ship', 'step_choose_open');
  await office.until(() => /Tracking number of the box out/.test(office.lin.screen()));
  office.easypost?.faults.add({
    kind: 'status',
    status: 422,
    body: { error: { code: 'TRACKER.CREATE.ERROR', message: 'no such number', errors: [] } },
    operation: 'easypost.createTracker',
  });
  await office.lin.submits({ form_carrier: 'UPS', form_boxNumber: '1ZBYHAND1', form_returnNumber: '1ZBYHAND2' });
  await office.until(() => /1ZBYHAND2/.test(JSON.stringify(office.easypost?.state())));
  await office.easypost?.command('scan', { code: '1ZBYHAND2', status: 'in_transit' });
  const row = await seen('backStatus', 'in_transit');

  expect([row.after?.untracked, row.after?.outStatus]).toEqual([['out'], null]);
}, 60_000);
