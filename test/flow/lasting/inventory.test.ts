// What the inventory hears of a device that came back, whole: once, with its status and note; and what is asked where it does not fit.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { fetchedIn, replyWith } from '../../support/office-fetched.ts';
import { buttonValue } from '../../support/office-people.ts';
import { wordsOf } from '../../support/words.ts';

const DANAS = 'C02DANA0001';
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-inventory-'));
const SENDOFF_POLICY = path.join(folder, 'sendoff.policy.yaml');
writeFileSync(
  SENDOFF_POLICY,
  'inventory:\n  pendingStatus: pending INSPECTION\n  lostStatus: Broken & Lost\n  location: New York\n',
);
let office: Office;
let fetched: ReturnType<typeof fetchedIn>;

beforeAll(async () => {
  office = await anOffice({ jamf: true, snipeit: true, settings: { SENDOFF_POLICY } });
  fetched = fetchedIn(office);
});
afterEach(() => office.clear());
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
});

const asset = (serial = DANAS) => fetched.inventory().assets.find((one) => one.serial === serial);
const history = () => fetched.inventory().history;
const closed = () => fetched.inTime(async () => (await office.runs())[0]?.status === 'closed');

/** Received; who was asked about the erasure leaves it, so that only the inventory is told of here. */
async function back(serial = DANAS, address = 'dana@acme.test'): Promise<void> {
  await fetched.started(address);
  await fetched.receives(serial);
  await fetched.standsAt('return.receive', 'done');
  await fetched.inTime(async () => ['done', 'skipped'].includes(String((await fetched.step('jamf.lock'))?.status)));
  fetched.unlocks(serial);
  await fetched.standsAt('jamf.erase', 'needs_human');
  await office.until(() => fetched.isTold('Was its data read'));
  await office.lin.clicks('step_skip_open', { messageTs: replyWith(office, 'Was its data read') });
  await office.until(() => office.lin.screen().includes('Why skip it?'));
  await office.lin.submits({ note: 'no need to erase here' });
}

async function answers(question: string, actionId: 'step_approve' | 'step_decline'): Promise<void> {
  await fetched.standsAt('inventory.checkin', 'needs_human');
  const { attempt } = (await fetched.step('inventory.checkin')) ?? { attempt: 0 };
  const asked = () =>
    office.channel
      .replies()
      .find(
        (one) => wordsOf(one.blocks).includes(question) && buttonValue(one, actionId).includes(`"attempt":${attempt}`),
      );
  await office.until(asked);
  await office.sam.clicks(actionId, { messageTs: String(asked()?.ts) });
}

describe('a device that was not erased', () => {
  it('is checked in once as pending, in its place, with the run in its history', async () => {
    await back();
    await closed();

    expect(asset()).toMatchObject({ assignedTo: null, statusId: 1, locationId: 3, checkins: 1 });
    expect(history()).toHaveLength(1);
    expect(history()[0]?.note).toMatch(/^Sendoff OFF-\d+: received \d{4}-\d\d-\d\d, not erased$/);
    expect((await fetched.step('inventory.checkin'))?.after).toMatchObject({ tag: 'ACME-101', erased: false });
  });

  it.each(['drop_after', 'truncate', 'reset'] as const)(
    'is checked in once though the answer was lost (%s)',
    async (kind) => {
      fetched.snipeit.faults.add({ kind, operation: 'snipeit.checkin' });
      await back();
      await closed();

      expect(asset()).toMatchObject({ assignedTo: null, statusId: 1, checkins: 1 });
      expect(history()).toHaveLength(1);
    },
  );

  it('that somebody checked in before gets status and place all the same, and keeps its notes', async () => {
    fetched.snipeit.command('set_asset', {
      asset: DANAS,
      patch: { assignedTo: null, notes: 'bought 2024', statusId: 2, locationId: 1 },
    });
    await back();
    await closed();

    expect(asset()).toMatchObject({ statusId: 1, locationId: 3, checkins: 0 });
    expect(asset()?.notes).toMatch(/^bought 2024\nSendoff OFF-\d+: received/);
    expect(history().map((one) => one.action)).toEqual(['update']);
  });
});

describe('an inventory that does not fit', () => {
  it('has no such asset: it is asked, looked at again once it is there, and goes on', async () => {
    fetched.snipeit.command('set_asset', { asset: DANAS, patch: { deleted: true } });
    await back();
    await answers('Snipe-IT has no asset with this serial number', 'step_approve');
    await office.until(() => fetched.isTold('it is still so'));
    fetched.snipeit.command('set_asset', { asset: DANAS, patch: { deleted: false } });
    await answers('Snipe-IT has no asset with this serial number', 'step_approve');
    await closed();

    expect(asset()).toMatchObject({ statusId: 1, checkins: 1 });
  });

  it('has the serial number twice: both are named, and left as they are where a person says so', async () => {
    fetched.snipeit.command('add_asset', { serial: DANAS });
    await back();
    await office.until(() => fetched.isTold('Assets with it: ACME-101, ACME-111'));
    await answers('more than once', 'step_decline');
    await closed();

    expect(await fetched.step('inventory.checkin')).toMatchObject({ status: 'skipped', cause: 'twice_in_inventory' });
    expect(history()).toEqual([]);
  });

  it('has it in somebody else’s name: nothing is changed before a person says so', async () => {
    fetched.snipeit.command('set_asset', { asset: DANAS, patch: { assignedTo: 'grace' } });
    await back();
    await fetched.standsAt('inventory.checkin', 'needs_human');
    await office.until(() => fetched.isTold('is in the name of Grace'));
    expect(history()).toEqual([]);
    await answers('in somebody else’s name', 'step_approve');
    await closed();

    expect(asset()).toMatchObject({ assignedTo: null, checkins: 1 });
  });

  it('lacks the policy’s status label: it says which, and looks again', async () => {
    fetched.snipeit.command('set_labels', { labels: [{ id: 2, name: 'Ready to Deploy', type: 'deployable' }] });
    await back();
    await fetched.standsAt('inventory.checkin', 'needs_human');
    await office.until(() => fetched.isTold('Missing: the status label “pending INSPECTION”'));
    fetched.snipeit.command('set_labels', { labels: [{ id: 9, name: 'Pending inspection', type: 'pending' }] });
    await answers('lacks what the policy names', 'step_approve');
    await closed();

    expect(asset()).toMatchObject({ statusId: 9 });
  });

  it('refuses Sendoff: the step says so and nothing is changed', async () => {
    fetched.snipeit.command('revoke_permission', { permission: 'assets.checkin' });
    await back();
    await fetched.standsAt('inventory.checkin', 'needs_human');
    await office.until(() => fetched.isTold('Inventory not changed'));

    expect((await fetched.step('inventory.checkin'))?.need).toMatchObject({ code: 'unauthorized', sent: 'nothing' });
    expect(history()).toEqual([]);
  });
});
