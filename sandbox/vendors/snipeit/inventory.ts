// The state of one Snipe-IT: assets, status labels and locations of acme.test; knows no HTTP.
import { person } from '../../people.ts';
import type { Timed } from '../clock.ts';

export interface Asset {
  readonly id: number;
  assetTag: string;
  serial: string;
  name: string;
  model: string;
  statusId: number;
  /** A key of sandbox/people.ts; null: nobody has it. */
  assignedTo: string | null;
  locationId: number | null;
  /** Where it belongs while nobody has it. */
  rtdLocationId: number | null;
  notes: string;
  checkins: number;
  /** Deleted assets are found by nobody who does not ask for them. */
  deleted: boolean;
}

export interface StatusLabel {
  readonly id: number;
  readonly name: string;
  readonly type: 'deployable' | 'pending' | 'undeployable' | 'archived';
}

export interface Location {
  readonly id: number;
  readonly name: string;
  readonly country: string;
}

/** What happened to an asset, in order, as its history page shows it. */
export interface Entry {
  readonly assetId: number;
  readonly action: 'checkin from' | 'update';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly note: string | null;
  readonly changes: Readonly<Record<string, unknown>>;
}

export interface Inventory extends Timed {
  readonly assets: Map<number, Asset>;
  readonly labels: readonly StatusLabel[];
  readonly locations: readonly Location[];
  readonly history: Entry[];
}

export function createInventory(): Inventory {
  const assets = [
    anAsset(101, 'C02DANA0001', 'dana'),
    anAsset(102, 'C02ADA00001', 'ada'),
    anAsset(103, 'C02ADA00002', 'ada', { model: 'iMac 27"', name: 'Ada’s old iMac' }),
    anAsset(104, 'C02GRACE001', 'grace'),
    // In nobody's name, though somebody has it.
    anAsset(105, 'C02SHARED01', null, { name: 'Lab <iMac> & screen', statusId: 2 }),
    anAsset(106, 'C02LARS0001', 'lockedOut'),
    anAsset(107, 'C02SANA0001', 'suspended'),
    // One serial number twice: a typing error of years ago.
    anAsset(108, 'C02RHEA0001', 'recovery'),
    anAsset(109, 'C02RHEA0001', null, { statusId: 4, name: 'typed twice' }),
    anAsset(110, 'C02OLD00001', null, { deleted: true }),
  ];
  return {
    movedMs: 0,
    assets: new Map(assets.map((one) => [one.id, one])),
    labels: [
      { id: 1, name: 'Pending inspection', type: 'pending' },
      { id: 2, name: 'Ready to Deploy', type: 'deployable' },
      { id: 3, name: 'Broken & Lost', type: 'undeployable' },
      { id: 4, name: 'Archived', type: 'archived' },
    ],
    locations: [
      { id: 1, name: 'London, IT room', country: 'GB' },
      { id: 2, name: 'Seoul “R&D”', country: 'KR' },
      { id: 3, name: 'New York', country: 'US' },
    ],
    history: [],
  };
}

/** Deployed to its person, unless nobody has it. */
export function anAsset(id: number, serial: string, key: string | null, extra: Partial<Asset> = {}): Asset {
  return {
    assetTag: `ACME-${id}`,
    serial,
    name: key === null ? '' : `${person(key).firstName}’s Mac`,
    model: 'MacBook Pro 14"',
    statusId: 2,
    assignedTo: key,
    locationId: key === null ? 1 : 3,
    rtdLocationId: 1,
    notes: '',
    checkins: 0,
    deleted: false,
    ...extra,
    id,
  };
}
