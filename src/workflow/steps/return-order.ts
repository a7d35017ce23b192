// What is asked of Retriever for one device: which box, from where to where, and by what it is found again. Pure.
import type { ReturnOrder, ReturnRecipient } from '../../connectors/retriever/client.ts';
import type { RunDevice } from '../model/device.ts';
import type { BoxAddress } from '../model/return-address.ts';
import type { Facts, ReadContext } from '../model/step.ts';

/** @see https://helloretriever.com: boxes for laptops, monitors and phones; read 2026-11 */
const BOXES: Readonly<Record<string, ReturnOrder['device']>> = {
  laptop: 'laptop',
  monitor: 'monitor',
  phone: 'cell_phone',
};

/** Null: Retriever has none for it. */
export function boxFor({ kind }: Pick<RunDevice, 'kind'>): ReturnOrder['device'] | null {
  return BOXES[kind] ?? null;
}

/** Of a device without a serial number its subject. */
export function keyOf({ id, serial }: RunDevice): string {
  return serial ?? id;
}

export function ticketOf({ run }: Pick<ReadContext, 'run'>, device: RunDevice): string {
  return `${run.code}/${keyOf(device)}`;
}

/** Null: the policy does not say where devices go. */
export function officeOf(policy: Facts): ReturnRecipient | null {
  const text = (key: string): string => {
    const value = policy[`returns.office.${key}`];
    return typeof value === 'string' ? value : '';
  };
  const line2 = text('line2');
  if (text('line1') === '') return null;
  return {
    name: text('name'),
    company: text('company'),
    line1: text('line1'),
    ...(line2 !== '' && { line2 }),
    city: text('city'),
    state: text('state'),
    zip: text('zip'),
    displayName: text('company'),
    notificationEmail: text('email'),
  };
}

export function orderFor(
  context: ReadContext,
  device: RunDevice,
  address: BoxAddress,
  to: ReturnRecipient,
): ReturnOrder {
  const { line2, country, ...rest } = address;
  return {
    device: boxFor(device) ?? 'laptop',
    withCharger: device.kind === 'laptop' && wantsCharger(context),
    serialNumber: device.serial ?? device.id,
    ticketId: ticketOf(context, device),
    from: { ...rest, ...(line2 !== null && { line2 }), country: country === 'CA' ? 'Canada' : 'United States' },
    to,
  };
}

/** What a window of a return said; an offboarding asks nobody, and the policy says it. */
function wantsCharger({ run }: Pick<ReadContext, 'run'>): boolean {
  const said = run.ids['return.charger'];
  return typeof said === 'boolean' ? said : run.policy['returns.charger'] !== false;
}
