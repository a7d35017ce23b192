// A return box from the confirmed plan to Retriever: one paid order a device, to an address that stands nowhere else.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Office } from '../../support/office.ts';
import { becomes, clickFresh, everyWord, ordersOf, returningOffice, sendHome, stepOf } from '../../support/returns.ts';

let office: Office;

beforeAll(async () => {
  office = await returningOffice();
});
afterEach(async () => {
  await office.clear();
  office.pass(2 * 60_000); // the list of orders that was read for an earlier test is old by then
});
afterAll(() => office.close());

const HOME = ['12 Elm Street', 'Apt 4', '97477', 'dana@home.test'];
const bamboohr = () => office.bamboohr as NonNullable<Office['bamboohr']>;
const retriever = () => office.retriever as NonNullable<Office['retriever']>;
const thread = (): string => office.channel.thread().join('\n');
const asks = (words: RegExp) =>
  office.until(() => words.test(thread()), 6_000).catch(() => expect(thread()).toMatch(words));

it('is ordered once, to the address in BambooHR, which no row, message or log holds', async () => {
  await sendHome(office, 'ship');
  const shipped = await becomes(office, 'return.ship', 'done');

  const [run] = await office.runs();
  expect(ordersOf(office)).toHaveLength(1);
  expect(ordersOf(office)[0]?.sent).toMatchObject({
    device: 'laptop',
    serial_number: 'C02DANA0001',
    ticket_id: `${run?.code}/C02DANA0001`,
    request_charger: true,
    employee_info: {
      name: 'Dana Whitfield',
      email: 'dana@home.test',
      address_line_1: '12 Elm Street',
      address_state: 'OR',
    },
    company_info: { return_address_line_1: '1 Main Street', notification_email: 'it@acme.test' },
  });
  expect(shipped.evidence).toBe('read_back');
  await asks(/It can be cancelled in Retriever’s portal until/);
  for (const word of HOME) expect(await everyWord(office)).not.toContain(word);
});

it('whose answer was lost is found again, and paid for once', async () => {
  retriever().faults.add({ kind: 'drop_after', operation: 'retriever.createDeviceReturn' });
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'done');

  expect(ordersOf(office)).toHaveLength(1);
});

it('that never arrived is looked for twice, two minutes apart, and then a person says whether to order', async () => {
  retriever().faults.add({ kind: 'reset', operation: 'retriever.createDeviceReturn' });
  await sendHome(office, 'ship');
  const asked = await becomes(office, 'return.ship', 'needs_human');

  expect([ordersOf(office).length, asked.after?.missing]).toEqual([0, 'doubt']);
  await asks(/was read twice, two minutes apart, and does not have it/);
  await office.lin.clicks('step_decline'); // Look again
  await office.until(async () => Number((await stepOf(office, 'return.ship'))?.attempt) > asked.attempt);
  await becomes(office, 'return.ship', 'needs_human');
  expect(ordersOf(office)).toHaveLength(0);
  await clickFresh(office, 'return.ship', 'step_approve');
  await becomes(office, 'return.ship', 'done');
  expect(ordersOf(office)).toHaveLength(1);
});

it.each([
  ['no street', { address1: null }, /In BambooHR the street is missing/],
  ['a PO box', { address1: 'P.O. Box 12' }, /is a PO box, where no box is delivered/],
  ['a country that is not served', { country: 'Kenya' }, /They live where Retriever sends no boxes/],
  ['a zip code that is none', { zipcode: '9747' }, /the zip code is not what Retriever takes/],
])('with %s is asked for in a window, filled with what is known, and kept sealed only', async (_, patch, words) => {
  bamboohr().command('set_employee', { employee: 'dana', patch });
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'needs_human');
  await asks(words);
  expect(ordersOf(office)).toEqual([]);

  await clickFresh(office, 'return.ship', 'step_choose_open');
  await office.until(
    () => office.lin.screen().includes('Use this address') || /Street and number/.test(office.lin.screen()),
  );
  const window = JSON.stringify(office.lin.view()?.content);
  expect(window).toContain('Springfield');
  await office.lin.submits({
    form_line1: '7 Oak Road',
    form_line2: '',
    form_city: 'Eugene',
    form_state: 'or',
    form_zip: '97401',
    form_country: 'US',
    form_email: 'dana@elsewhere.test',
  });
  await becomes(office, 'return.ship', 'done');

  expect(ordersOf(office).map((one) => one.sent.employee_info)).toEqual([
    expect.objectContaining({ address_line_1: '7 Oak Road', address_state: 'OR', address_zip: '97401' }),
  ]);
  const decided = await office.db.query<{ answer: object }>(`SELECT answer FROM decision WHERE kind = 'answer'`, []);
  expect(decided).toEqual([{ answer: { question: 'address', fields: { given: 'yes' } } }]);
  for (const word of [...HOME, '7 Oak Road', '97401', 'elsewhere.test', 'P.O. Box'])
    expect(await everyWord(office)).not.toContain(word);
});

it('goes to the address of whoever’s answer counted, when two answer at once; the leaver’s never does', async () => {
  bamboohr().command('set_employee', { employee: 'dana', patch: { address1: null } });
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'needs_human');
  await clickFresh(office, 'return.ship', 'step_choose_open');
  await office.until(() => /Street and number/.test(office.lin.screen()));
  await office.sam.clicks('step_choose_open');
  await office.until(() => /Street and number/.test(office.sam.screen()));
  await Promise.all([
    office.lin.submits({ form_line1: '1 Lin Street' }),
    office.sam.submits({ form_line1: '2 Sam Street' }),
  ]);
  await becomes(office, 'return.ship', 'done');

  const [decided, ...others] = await office.db.query<{ decided_by: string }>(
    `SELECT decided_by FROM decision WHERE kind = 'answer'`,
    [],
  );
  expect(others).toEqual([]);
  const winner = decided?.decided_by === 'T0ACME/U0LIN' ? '1 Lin Street' : '2 Sam Street';
  expect(ordersOf(office).map((one) => one.sent.employee_info.address_line_1)).toEqual([winner]);
});

it('a leaver who is an operator cannot say where their own box goes', async () => {
  const dana = office.person('U0DANA');
  await office.operators.add({ teamId: 'T0ACME', userId: 'U0DANA' }, 'operator', 'test');
  bamboohr().command('set_employee', { employee: 'dana', patch: { address1: null } });
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'needs_human');
  await office.until(() => /In BambooHR the street is missing/.test(thread()));
  await dana.clicks('step_choose_open', { force: true }); // from wherever they read of it
  await office.until(() => /Street and number/.test(dana.screen()));
  await dana.submits({ form_line1: '3 Dana Street' });
  await office.until(() => !/Street and number/.test(dana.screen()));
  expect((await stepOf(office, 'return.ship'))?.status).toBe('needs_human');
  await clickFresh(office, 'return.ship', 'step_choose_open');
  await office.until(() => /Street and number/.test(office.lin.screen()));
  expect(JSON.stringify(office.lin.view()?.content)).not.toContain('3 Dana Street');
  await office.lin.submits({ form_line1: '7 Oak Road' });
  await becomes(office, 'return.ship', 'done');

  expect(ordersOf(office).map((one) => one.sent.employee_info.address_line_1)).toEqual(['7 Oak Road']);
});
