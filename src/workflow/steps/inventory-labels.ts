// Names of the policy as ids of Snipe-IT: status labels and a location. What is not there is named, for a person to add.
import type { SnipeIt } from '../../connectors/snipeit/client.ts';
import type { Facts } from '../model/step.ts';

export interface Wanted {
  readonly statusId: number;
  /** Null: it stays where Snipe-IT says. */
  readonly locationId: number | null;
}

type Missing = { readonly missing: string };

/** Without a name in the policy the first label of this type, by id: those that Snipe-IT comes with. */
const TYPES = { pendingStatus: 'pending', readyStatus: 'deployable', lostStatus: null } as const;

export async function findStatus(
  snipeit: Pick<SnipeIt, 'statusLabels'>,
  policy: Facts,
  key: keyof typeof TYPES,
): Promise<{ readonly id: number } | Missing> {
  const name = nameIn(policy, key);
  const type = TYPES[key];
  const labels = await snipeit.statusLabels();
  const fitting = labels.filter((one) => (name === '' ? one.type === type : isCalled(one.name, name)));
  const [found] = [...fitting].sort((a, b) => a.id - b.id);
  return found ?? { missing: name === '' ? `a status label of the type ${type}` : `the status label “${name}”` };
}

/** Null: the policy names none. */
export async function findPlace(
  snipeit: Pick<SnipeIt, 'locations'>,
  policy: Facts,
): Promise<{ readonly id: number } | Missing | null> {
  const name = nameIn(policy, 'location');
  if (name === '') return null;
  const found = (await snipeit.locations()).find((one) => isCalled(one.name, name));
  return found ?? { missing: `the location “${name}”` };
}

function nameIn(policy: Facts, key: string): string {
  const name = policy[`inventory.${key}`];
  return typeof name === 'string' ? name.trim() : '';
}

function isCalled(name: string | null, wanted: string): boolean {
  return name?.trim().toLowerCase() === wanted.toLowerCase();
}
