// The leaver's mailbox from grant to end: what leaks is closed, the manager reads it for 60 days, and the end comes whatever happens.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { person } from '../../sandbox/people.ts';
import { auditOf, DAY_MS } from '../support/engine.ts';
import { anOffice, type Office } from '../support/office.ts';

const GRACE = person('grace').email;
let office: Office;

beforeAll(async () => {
  office = await anOffice({ google: true });
});
afterEach(() => office.clear());
afterAll(() => office.close());

interface GoogleUser {
  readonly id: string;
  readonly key: string;
  readonly suspended: boolean;
  readonly passwordsSet: number;
  readonly mailbox: {
    readonly delegates: readonly { readonly email: string }[];
    readonly forwardingAddresses: readonly unknown[];
    readonly autoForwarding: { readonly enabled: boolean };
    readonly filters: readonly unknown[];
    readonly vacation: { readonly enableAutoReply: boolean; readonly responseBodyPlainText?: string };
    readonly verificationMails: number;
  };
}
const account = (key: string): GoogleUser => {
  const found = (office.google?.state() as { users: readonly GoogleUser[] } | undefined)?.users.find(
    (one) => one.key === key,
  );
  if (!found) throw new Error(`Google has no ${key}`);
  return found;
};
const delegates = (key = 'dana'): readonly string[] => account(key).mailbox.delegates.map((one) => one.email);
const step = async (name: string) => (await office.steps())[name];

/** Started, and the mailbox is with the manager. */
/** Business time goes on in small steps: a back-off or a settling time ends by the Clock. */
async function inTime(holds: () => unknown, forMs = 20_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still not so: ${holds}\n${JSON.stringify(await office.steps())}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
}

/** Started, and the mailbox is with the manager. */
async function handedOver(address = 'dana@acme.test'): Promise<void> {
  await office.offboard(office.lin, address);
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');
  expect((await step('google.mailbox'))?.status).toBe('done');
}

const ended = (): Promise<void> => inTime(async () => (await step('google.mailbox_end'))?.status === 'done');

it('forwards and delegates are recorded and gone, the manager reads it without a mail, and it ends on day 60', async () => {
  await handedOver();

  const { mailbox } = account('dana');
  expect(delegates()).toEqual([GRACE]);
  expect([mailbox.forwardingAddresses, mailbox.autoForwarding.enabled, mailbox.filters.length]).toEqual([[], false, 1]);
  expect(mailbox.vacation.responseBodyPlainText).toMatch(/no longer work here/);
  expect(mailbox.verificationMails).toBe(0);

  office.pass(59 * DAY_MS);
  await inTime(async () => (await step('google.mailbox_end'))?.after?.reminder === 3);
  expect(delegates()).toEqual([GRACE]);

  office.pass(DAY_MS);
  await ended();
  await office.closed();
  expect(delegates()).toEqual([]);
  expect((await step('google.mailbox_end'))?.evidence).toBe('read_back');
  const [run] = await office.runs();
  expect(JSON.stringify(await auditOf(office, String(run?.id)))).not.toMatch(/home\.test|@acme\.test/);
}, 60_000);
