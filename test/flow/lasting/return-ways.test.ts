// The other ways back: brought to the office, fetched by a courier, in a box that somebody sends; and two runs of one device.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workingDaysAfter } from '../../../src/workflow/model/working-days.ts';
import type { Office } from '../../support/office.ts';
import {
  becomes,
  clickFresh,
  OFFICE_POLICY,
  ordersOf,
  returningOffice,
  sendHome,
  stepOf,
} from '../../support/returns.ts';
import { wordsOf } from '../../support/words.ts';

let office: Office;
const thread = (): string => office.channel.thread().join('\n');
const tidy = async (): Promise<void> => {
  await office.clear();
  office.pass(2 * 60_000);
};
/** What somebody was sent by direct message. */
const directly = (user: string): readonly string[] =>
  [...office.slack.workspace.channels.values()]
    .filter((channel) => channel.id.startsWith('D') && JSON.stringify(channel).includes(user))
    .flatMap((channel) => channel.messages.map((one) => wordsOf(one.blocks)));

describe('without Retriever and EasyPost', () => {
  beforeAll(async () => {
    const policy = `returns:\n  receivers:\n    - { country: US, member: U0GRACE }\n  dueWorkingDays: 3\n`;
    office = await returningOffice(
      { retriever: false, easypost: false, settings: { SENDOFF_SECRET_KEYS: KEYS } },
      policy,
    );
  });
  afterEach(tidy);
  afterAll(() => office.close());

  it('whoever receives is told by direct message, once, with the day that counts for them', async () => {
    await sendHome(office, 'in_person');
    const done = await becomes(office, 'return.in_person', 'done');

    const [run] = await office.db.query<{ requested_at: Date }>('SELECT requested_at FROM run', []);
    const dueOn = workingDaysAfter(run?.requested_at ?? new Date(), 3, 'Africa/Nairobi');
    expect(done).toMatchObject({ evidence: 'accepted', after: { receiver: 'U0GRACE', dueOn, told: true } });
    await office.until(() => directly('U0GRACE').length === 1);
    expect(directly('U0GRACE')[0]).toMatch(new RegExp(`C02DANA0001[\\s\\S]*due on ${dueOn}`));
    await office.until(() => /<@U0GRACE> \*is asked to receive[\s\S]*They were told by direct message/.test(thread()));
  });

  it('where Slack delivers nothing the thread says so, and an operator says that they know', async () => {
    office.slack.faults.add({
      kind: 'status',
      status: 200,
      body: { ok: false, error: 'user_not_found' },
      operation: 'slack.conversations.open',
      times: 999,
    });
    await sendHome(office, 'in_person');
    await office.until(() => /did not deliver the direct message: please tell them/.test(thread()));
    office.pass(3 * 60_000);
    await becomes(office, 'return.in_person', 'needs_human');
    await clickFresh(office, 'return.in_person', 'step_approve');
    expect((await becomes(office, 'return.in_person', 'done')).after).toMatchObject({ told: true });
  });

  it('a courier is a task with a window, and a box too; without numbers nothing is followed', async () => {
    await sendHome(office, 'courier');
    await becomes(office, 'return.courier', 'needs_human');
    await clickFresh(office, 'return.courier', 'step_choose_open');
    await office.until(() => /When it is picked up/.test(office.lin.screen()));
    await office.lin.submits({ form_courier: 'Bikes of Springfield', form_pickedUpOn: '2026-11-30' });
    const done = await becomes(office, 'return.courier', 'done');
    expect(done).toMatchObject({
      evidence: 'accepted',
      after: { courier: 'Bikes of Springfield', pickedUpOn: '2026-11-30' },
    });
    await office.until(() => /on the word of whoever answered/.test(thread()));
  });

  it('a box is sent by hand', async () => {
    await sendHome(office, 'ship');
    await becomes(office, 'return.ship', 'needs_human');
    await office.until(() => /Retriever is not set up, so somebody sends the box/.test(thread()));
    await clickFresh(office, 'return.ship', 'step_choose_open');
    await office.until(() => /Tracking number of the box out/.test(office.lin.screen()));
    await office.lin.submits({ form_carrier: 'UPS', form_boxNumber: '1ZBYHAND1', form_returnNumber: '1ZBYHAND2' });
    await becomes(office, 'return.ship', 'done');
    expect((await becomes(office, 'return.track', 'skipped')).cause).toBe('no_tracking');
  });
});

describe('with Retriever', () => {
  beforeAll(async () => {
    office = await returningOffice({}, `${OFFICE_POLICY}  charger: false\n`);
  });
  afterEach(tidy);
  afterAll(() => office.close());

  it('an order for the same serial number that somebody placed is used if a person says so', async () => {
    const order = {
      device: 'laptop',
      request_charger: false,
      serial_number: 'c02dana0001',
      ticket_id: 'HELP-7',
      employee_info: {
        name: 'Dana Whitfield',
        email: 'd@home.test',
        address_line_1: '1 Elm',
        address_city: 'Salem',
        address_state: 'OR',
        address_zip: '97301',
        address_country: 'United States',
      },
      company_info: { return_recipient_name: 'IT', return_address_line_1: '1 Main', display_name: 'Acme' },
    };
    office.retriever?.command('order_in_portal', order);
    await sendHome(office, 'ship');
    await becomes(office, 'return.ship', 'needs_human');
    await office.until(() => /HELP-7: not back yet/.test(thread()));
    await clickFresh(office, 'return.ship', 'step_approve');
    const done = await becomes(office, 'return.ship', 'done');

    expect([ordersOf(office).length, done.after?.adopted]).toEqual([1, true]);
  });

  it('what Retriever refuses is asked for again, and ordered once', async () => {
    office.retriever?.faults.add({
      kind: 'status',
      status: 400,
      body: { employee_info: { address_zip: ['"97477" is not a postal code'] } },
      operation: 'retriever.createDeviceReturn',
    });
    await sendHome(office, 'ship');
    await becomes(office, 'return.ship', 'needs_human');
    await office.until(() => /Retriever refused the order/.test(thread()));
    await clickFresh(office, 'return.ship', 'step_choose_open');
    await office.until(() => /Street and number/.test(office.lin.screen()));
    expect(JSON.stringify(office.lin.view()?.content)).toContain('12 Elm Street');
    await office.lin.submits({ form_line1: '9 Birch Way' });
    await becomes(office, 'return.ship', 'done');

    expect(ordersOf(office).map((one) => [one.sent.employee_info.address_line_1, one.sent.request_charger])).toEqual([
      ['9 Birch Way', false],
    ]);
  });

  it('an address in another shape than a label’s is refused at its input, and nothing is kept', async () => {
    office.bamboohr?.command('set_employee', { employee: 'dana', patch: { address1: null } });
    await sendHome(office, 'ship');
    await becomes(office, 'return.ship', 'needs_human');
    await clickFresh(office, 'return.ship', 'step_choose_open');
    await office.until(() => /Street and number/.test(office.lin.screen()));
    const { body } = await office.lin.submits({ form_line1: 'PO Box 9', form_zip: '9' });
    expect(JSON.parse(String(body))).toEqual({
      response_action: 'errors',
      errors: {
        form_line1: 'A PO box: no box is delivered there. Nothing was changed.',
        form_zip: 'This is not what Retriever takes. Nothing was changed.',
      },
    });
    expect(await office.db.query(`SELECT 1 FROM sealed_secret WHERE kind = 'address'`, [])).toEqual([]);
    expect((await stepOf(office, 'return.ship'))?.status).toBe('needs_human');
  });
});

const KEYS = `1:${Buffer.alloc(32, 3).toString('base64')}`;
