// The policy's part on the inventory: which status labels and which place a device gets in Snipe-IT.
import { z } from 'zod';

const label = (example: string) =>
  z
    .string(`is not text: write the status label’s name as Snipe-IT shows it, such as "${example}"`)
    .trim()
    .max(191, 'is longer than 191 characters: no status label is');

export const InventoryPolicy = z.strictObject(
  {
    pendingStatus: label('Pending').default(''),
    readyStatus: label('Ready to Deploy').default(''),
    lostStatus: label('Lost/Stolen').default(''),
    location: z
      .string('is not text: write the location’s name as Snipe-IT shows it, in quotes')
      .trim()
      .max(191, 'is longer than 191 characters: no location is')
      .default(''),
  },
  'is not a section: write pendingStatus and readyStatus below it, each indented by two blanks',
);
export type InventoryPolicy = z.infer<typeof InventoryPolicy>;

export const INVENTORY_KEYS = Object.keys(InventoryPolicy.shape);

export function inventoryFacts({
  inventory,
}: {
  readonly inventory: InventoryPolicy;
}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inventory).map(([key, value]) => [`inventory.${key}`, value]));
}

/** A lost device that is called ready would be handed out on paper. */
export function inventoryIssues({
  inventory,
}: {
  readonly inventory: InventoryPolicy;
}): { path: string[]; says: string; isKey: false }[] {
  const { pendingStatus, readyStatus, lostStatus } = inventory;
  const isLost = (name: string): boolean => lostStatus !== '' && name.toLowerCase() === lostStatus.toLowerCase();
  return isLost(readyStatus) || isLost(pendingStatus)
    ? [
        {
          path: ['inventory', 'lostStatus'],
          says: 'is also what a device gets that came back: name another status label, or take the line out',
          isKey: false,
        },
      ]
    : [];
}
