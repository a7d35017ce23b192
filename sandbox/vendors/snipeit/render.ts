// Assets, labels and locations as Snipe-IT's transformers write them: texts HTML-encoded, names beside ids.
import { person } from '../../people.ts';
import type { Asset, Inventory, Location, StatusLabel } from './inventory.ts';
import type { Permission } from './operation.ts';

export function renderAsset(
  inventory: Inventory,
  asset: Asset,
  permissions: ReadonlySet<Permission>,
): Record<string, unknown> {
  const label = inventory.labels.find((one) => one.id === asset.statusId);
  return {
    id: asset.id,
    name: encode(asset.name),
    asset_tag: encode(asset.assetTag),
    serial: encode(asset.serial),
    model: { id: 1, name: encode(asset.model) },
    model_number: null,
    status_label: label && {
      id: label.id,
      name: encode(label.name),
      status_type: label.type,
      status_meta: asset.assignedTo === null ? label.type : 'deployed',
    },
    notes: encode(asset.notes),
    location: placeOf(inventory, asset.locationId),
    rtd_location: placeOf(inventory, asset.rtdLocationId),
    assigned_to: holderOf(asset),
    checkin_counter: asset.checkins,
    custom_fields: { RAM: { field: '_snipeit_ram_3', value: '32 GB', field_format: 'ANY', element: 'text' } },
    available_actions: {
      checkout: false,
      checkin: permissions.has('assets.checkin'),
      clone: false,
      restore: false,
      update: permissions.has('assets.edit'),
      delete: false,
    },
  };
}

export function renderLabel({ id, name, type }: StatusLabel): Record<string, unknown> {
  return { id, name: encode(name), type, color: null, show_in_nav: false, assets_count: 0, notes: '' };
}

export function renderLocation({ id, name, country }: Location): Record<string, unknown> {
  return { id, name: encode(name), country, address: null, city: null, currency: null };
}

/** As PHP's `e()` writes it. */
export function encode(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
};

function placeOf({ locations }: Inventory, id: number | null): { id: number; name: string } | null {
  const found = locations.find((one) => one.id === id);
  return found ? { id: found.id, name: encode(found.name) } : null;
}

function holderOf({ assignedTo }: Asset): Record<string, unknown> | null {
  if (assignedTo === null) return null;
  const { firstName, lastName, login } = person(assignedTo);
  const name = encode(`${firstName} ${lastName}`);
  return {
    id: 7,
    username: encode(login),
    name,
    first_name: encode(firstName),
    last_name: encode(lastName),
    type: 'user',
  };
}
