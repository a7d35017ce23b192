// What is done to Acme from outside of Slack: vendors break, time passes, the app is killed, hands touch a laptop or a parcel.
import type { FaultShown } from '../client/shapes.ts';
import type { Fault } from '../vendors/faults.ts';
import { VENDORS, type VendorName } from './simulators.ts';
import type { World } from './world.ts';

/** Until it is taken back. */
const ENDLESS = 1_000_000;
const SLOW_MS = 5_000;
/** What a vendor whose calls are counted says: come back so many seconds later. */
const RETRY_AFTER_SECONDS = 2;

const KINDS: Readonly<Record<string, Omit<Fault, 'operation'>>> = {
  down: { kind: 'reset' },
  error: { kind: 'status', status: 503 },
  slow: { kind: 'delay', delayMs: SLOW_MS },
  busy: { kind: 'rate_limit', retryAfterSeconds: RETRY_AFTER_SECONDS },
  lost_answer: { kind: 'drop_after', onlyWrites: true },
};
const SHIPS = 'ship_box';
/** Retriever tells nobody that a box has left: the app reads its orders every four hours, and only then knows what to follow. */
const UNTIL_READ_MS = 4 * 60 * 60_000 + 60_000;
const NAMES: Readonly<Record<string, string>> = {
  reset: 'down',
  status: 'error',
  delay: 'slow',
  rate_limit: 'busy',
  drop_after: 'lost_answer',
};

/** Commands of the simulators that the panels' buttons give: what an admin, a carrier or a pair of hands can do. */
const HANDS: Readonly<Partial<Record<VendorName, readonly string[]>>> = {
  okta: ['set_user'],
  google: ['suspend', 'unsuspend'],
  jamf: ['device_confirms', 'set_delay', 'unlock'],
  retriever: ['ship_box', 'deliver_box', 'scan_return', 'deliver_back', 'lose'],
  easypost: ['look'],
  bamboohr: ['set_employee'],
};

export function isVendor(name: unknown): name is VendorName {
  return VENDORS.some((one) => one === name);
}

/** `times` null: until it is taken back. */
export function breakVendor(world: World, vendor: VendorName, kind: string, times: number | null): void {
  const fault = KINDS[kind];
  if (!fault) throw new Error(`no fault ${kind}`);
  if (times !== null && !(Number.isInteger(times) && times > 0 && times <= ENDLESS))
    throw new Error('a whole number of calls is wanted');
  world.simulators.all[vendor].faults.add({ ...fault, operation: '*', times: times ?? ENDLESS });
}

export function mendVendors(world: World, vendor?: VendorName): void {
  for (const name of vendor === undefined ? VENDORS : [vendor]) world.simulators.all[name].faults.clear();
}

export function faultsOf(world: World): Record<string, FaultShown[]> {
  const all = VENDORS.map((name) => {
    const faults = world.simulators.all[name].faults.list().map(({ fault, left }) => ({
      kind: NAMES[fault.kind] ?? fault.kind,
      left: left > ENDLESS / 2 ? null : left,
    }));
    return [name, faults] as const;
  });
  return Object.fromEntries(all.filter(([, faults]) => faults.length > 0));
}

export async function useHands(
  world: World,
  vendor: VendorName,
  command: string,
  argument: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  if (!HANDS[vendor]?.includes(command)) throw new Error(`nobody does ${command} at ${vendor} here`);
  const answer = await world.simulators.all[vendor].command(command, argument);
  world.tell(vendor);
  if (vendor === 'retriever') {
    if (command === SHIPS) await world.advance(UNTIL_READ_MS);
    // A carrier's news is there as soon as the parcel has moved.
    await world.simulators.all.easypost.command('look', {});
  }
  return answer ?? null;
}
