// A computer that comes back, whole: received by its serial number, erased once an approver other than the receiver says so, and put back
// into the inventory; and everything that can be wrong with it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { fetchedIn, replyWith } from '../../support/office-fetched.ts';

const TEAM = 'T0ACME';
const DANAS = 'C02DANA0001';
let office: Office;
let fetched: ReturnType<typeof fetchedIn>;

beforeAll(async () => {
  office = await anOffice({ jamf: true, snipeit: true, admins: ['U0LIN', 'U0SAM', 'U0GRACE'] });
  fetched = fetchedIn(office);
  await office.slack.command('channel', { channel: 'C0ITOPS', add: 'U0GRACE' });
});
afterEach(() => office.clear());
afterAll(() => office.close());

const { grace, erasures, asset } = {
  grace: () => office.person('U0GRACE'),
  erasures: () => fetched.mac(DANAS).commands.filter((one) => one.type === 'ERASE_DEVICE'),
  asset: (serial = DANAS) => fetched.inventory().assets.find((one) => one.serial === serial),
};

/** Received by Sam and unlocked; the approver is asked. */
async function asked(values: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await fetched.started('dana@acme.test', values);
  await fetched.receives(DANAS);
  await fetched.standsAt('return.receive', 'done');
  fetched.unlocks(DANAS);
  await fetched.standsAt('jamf.erase', 'needs_human');
  await office.until(() => fetched.isTold('who does not answer this'));
}

describe('a Mac that comes back', () => {
  it('is received, unlocked, erased once on a third person’s word, checked in once, and all of it told', async () => {
    await fetched.started('dana@acme.test');
    await fetched.receives(' c02dana0001 ', 'scratched lid');
    await fetched.standsAt('jamf.erase', 'waiting');
    await office.until(() => fetched.isTold('reveal the passcode, unlock it and let it check in'));
    await office.until(() => fetched.isTold('Condition: scratched lid'));
    expect(erasures()).toEqual([]);

    fetched.unlocks(DANAS);
    await fetched.standsAt('jamf.erase', 'needs_human');
    await office.until(() => fetched.isTold('Was its data read'));
    for (const who of [office.lin, office.sam]) {
      await who.clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
      await office.until(() => who.told().some((line) => line.includes('Nothing was changed')));
    }
    expect(erasures()).toEqual([]);
    await grace().clicks('step_approve', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.inTime(async () => (await office.runs())[0]?.status === 'closed');

    const steps = await office.steps();
    expect(steps['return.receive']).toMatchObject({
      evidence: 'accepted',
      after: { serial: DANAS, compared: true, receivedBy: `${TEAM}/U0SAM`, condition: 'scratched lid' },
    });
    expect(erasures()).toHaveLength(1);
    expect(fetched.mac(DANAS).erasedAt).toHaveLength(1);
    expect(steps['jamf.erase']).toMatchObject({ status: 'done', evidence: 'read_back' });
    expect(asset()).toMatchObject({ assignedTo: null, statusId: 2, checkins: 1 });
    const [run] = await office.runs();
    const history = fetched.inventory().history.filter((one) => one.assetId === 101);
    expect(history.map((one) => one.action)).toEqual(['checkin from']);
    expect(history[0]?.note).toMatch(new RegExp(`^Sendoff ${run?.code}: received \\d{4}-\\d\\d-\\d\\d, erased$`));
    await office.until(() => fetched.isTold('Mac erased') && fetched.isTold('Asset: ACME-101'));
  });

  it('with another serial number is not received: it says so, says which, and asks again', async () => {
    await fetched.started('dana@acme.test');
    await fetched.receives('C02DANAO001');
    await office.until(() => fetched.isTold('typed C02DANAO001, and this run is about C02DANA0001'));
    expect(await fetched.step('return.receive')).toMatchObject({
      status: 'needs_human',
      after: { typed: 'C02DANAO001', typedBy: `${TEAM}/U0SAM` },
    });
    expect(await fetched.step('jamf.erase')).toMatchObject({ status: 'blocked' });

    await fetched.receives(DANAS);
    await fetched.standsAt('return.receive', 'done');
  });

  it('is kept as it is where the approver says no, and is pending in the inventory, not ready', async () => {
    await asked();
    await grace().clicks('step_decline', { messageTs: replyWith(office, 'Was its data read') });
    await fetched.inTime(async () => (await office.runs())[0]?.status === 'closed');

    expect(await fetched.step('jamf.erase')).toMatchObject({ status: 'skipped', cause: 'kept_unerased' });
    expect(erasures()).toEqual([]);
    expect(asset()).toMatchObject({ assignedTo: null, statusId: 1 });
  });

  it('is neither received nor erased by a run that does not fetch it', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    await office.lin.submits({ return_way: 'none' });
    await office.closed();

    const steps = await office.steps();
    expect(['return.receive', 'jamf.erase', 'inventory.checkin'].map((name) => steps[name])).toEqual(
      Array(3).fill(undefined),
    );
  });
});
