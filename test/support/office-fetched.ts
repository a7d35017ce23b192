// A computer on its way back, in whole flows: who receives it, what they type, what the approver is asked, what the inventory then says.
import type { Asset, Entry } from '../../sandbox/vendors/snipeit/inventory.ts';
import type { Office } from './office.ts';
import { type Mac, macsOf } from './office-jamf.ts';

export interface Inventory {
  readonly assets: readonly Asset[];
  readonly history: readonly Entry[];
}

export function fetchedIn(office: Office) {
  const { jamf, snipeit } = office;
  if (!jamf || !snipeit) throw new Error('no Jamf or no Snipe-IT');
  const step = async (name: string) => (await office.steps())[name];
  const isTold = (words: string): boolean => office.channel.thread().some((reply) => reply.includes(words));
  const inTime = async (holds: () => unknown, forMs = 20_000): Promise<void> => {
    const end = performance.now() + forMs;
    while (!(await holds())) {
      if (performance.now() > end)
        throw new Error(`still not so: ${holds}\n${JSON.stringify(await office.steps(), null, 1)}`);
      office.pass(11_000);
      await office.until(holds, 300).catch(() => undefined);
    }
  };
  return {
    jamf,
    snipeit,
    step,
    isTold,
    /** Business time goes on in small steps. */
    inTime,
    mac: (serial: string): Mac => macsOf(jamf).of(serial),
    inventory: (): Inventory => snipeit.state() as Inventory,
    standsAt: (name: string, status: string) => inTime(async () => (await step(name))?.status === status),

    /** Lin starts it, and whatever brings the device back is done: what is told here begins with its arrival. */
    async started(address: string, values: Readonly<Record<string, unknown>> = {}): Promise<void> {
      await office.plan(office.lin, address);
      await office.lin.submits({ return_way: 'courier', ...values });
      await office.until(() => office.lin.screen().includes('has started'));
      await isOnItsWay(office, inTime);
      await inTime(async () => (await step('return.receive'))?.status === 'needs_human');
      await office.until(() => isTold('Is the device here?'));
    },

    /** Sam has it in his hands. */
    async receives(serial: string, condition?: string): Promise<void> {
      await office.sam.clicks('step_choose_open', { messageTs: replyWith(office, 'Is the device here?') });
      await office.until(() => office.sam.screen().includes('Serial number, as it stands'));
      await office.sam.submits({ form_serial: serial, ...(condition && { form_condition: condition }) });
    },

    /** With what the Mac itself asks for. */
    unlocks(serial: string): void {
      const { lock } = macsOf(jamf).of(serial);
      if (lock) jamf.command('unlock', { device: serial, pin: lock.pin });
    },
  };
}

/** On Lin's word, as by the button. A run may have no such step: then nothing waits for it. */
async function isOnItsWay(office: Office, inTime: (holds: () => unknown) => Promise<void>): Promise<void> {
  const way = async () => (await office.steps())['return.courier'];
  if (!(await way())) return;
  await inTime(async () => (await way())?.status === 'needs_human');
  const row = await way();
  await office.db.query(`SELECT * FROM decide_step($1, $2, 'attest', 'T0ACME/U0LIN', 'admin', $3, $4)`, [
    ...[row?.id, row?.attempt, JSON.stringify({ evidence: 'the courier has it' }), office.clock.now()],
  ]);
  await inTime(async () => (await way())?.status === 'done');
}

/** The newest reply with these words. */
export function replyWith(office: Office, words: string): string {
  const found = office.channel.replies().findLast((_, at) => office.channel.thread()[at]?.includes(words));
  if (!found) throw new Error(`no reply says ${words}`);
  return found.ts;
}
