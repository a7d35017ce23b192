// Snipe-IT over HTTP: finds assets, checks them in, changes them. Knows nothing of offboarding.
import type { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { bearer, connectHttp, type HttpAnswer, type HttpCall } from '../http.ts';
import type { OnCall } from '../watch-call.ts';
import { Asset, AssetPage, decoded, LabelPage, LocationPage, Refusal, Written } from './schema.ts';

export interface SnipeItSettings {
  /** Root of the site. */
  readonly url: string;
  readonly apiToken: string;
  /** One deadline for each request, in ms. */
  readonly deadlineMs: number;
  /** Waits before each request. */
  pace(): Promise<void>;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says Snipe-IT's time. */
  onHeaders?(headers: Headers): void;
}

/** 120 requests a minute unless its administrator says otherwise. @see https://snipe-it.readme.io/reference/api-throttling, read 2026-11 */
export const SNIPEIT_PACES = { snipeit: { intervalMs: 500, burst: 60 } } as const;

export interface Place {
  readonly id: number;
  readonly name: string | null;
}

export interface Holder extends Place {
  /** user, location or asset. */
  readonly type: string | null;
  /** Of a user; null: Snipe-IT does not say. */
  readonly username: string | null;
  readonly email: string | null;
}

export interface InventoryAsset {
  readonly id: number;
  readonly assetTag: string | null;
  readonly serial: string | null;
  readonly name: string | null;
  readonly model: string | null;
  readonly notes: string | null;
  /** `type` is deployable, pending, undeployable or archived; `isDeployed` while somebody or something has it. */
  readonly status: { readonly id: number; readonly name: string | null; readonly type: string | null } | null;
  /** A user, a location or another asset; null: it is in. */
  readonly assignedTo: Holder | null;
  readonly location: Place | null;
  readonly rtdLocation: Place | null;
  /** What the token's user may do with it; null: an older Snipe-IT does not say. */
  readonly mayCheckIn: boolean | null;
  readonly mayUpdate: boolean | null;
}

export interface StatusLabel extends Place {
  /** deployable, pending, undeployable or archived. */
  readonly type: string | null;
}

export interface AssetChange {
  readonly statusId?: number;
  /** Where it is now, and where it belongs while nobody has it. */
  readonly locationId?: number;
  readonly rtdLocationId?: number;
  /** In place of those that are there. */
  readonly notes?: string;
}

export type SnipeIt = ReturnType<typeof connectSnipeIt>;

/** More is cut to 500 by its default settings. */
const PAGE_SIZE = 500;

export function connectSnipeIt(settings: SnipeItSettings) {
  const http = connectHttp({
    vendor: 'snipeit',
    url: settings.url,
    authorization: () => bearer(settings.apiToken),
    deadlineMs: settings.deadlineMs,
    explain,
    refusalIn,
    ...(settings.onCall && { onCall: settings.onCall }),
    onHeaders: (headers) => settings.onHeaders?.(headers),
  });

  const send = async <T>(call: HttpCall, schema: z.ZodType<T>): Promise<T> => {
    await settings.pace();
    return http.send({ ...call, path: `/api/v1${call.path}` }, schema);
  };

  const readAll = async <Row>(
    call: Pick<HttpCall, 'operation' | 'path'>,
    page: z.ZodType<{ total: number; rows: Row[] }>,
  ): Promise<Row[]> => {
    const found: Row[] = [];
    for (;;) {
      const query = { limit: String(PAGE_SIZE), offset: String(found.length), sort: 'id', order: 'asc' };
      const { total, rows } = await send({ ...call, kind: 'read', method: 'GET', query }, page);
      found.push(...rows);
      if (found.length >= total || rows.length === 0) return found;
    }
  };

  return {
    /** Every asset with exactly this serial number, whatever its case; deleted ones are left out. Several: somebody mistyped. */
    findBySerial: async (serial: string): Promise<InventoryAsset[]> => {
      const wanted = serial.trim().toLowerCase();
      if (wanted === '') return [];
      const path = `/hardware/byserial/${encodeURIComponent(serial.trim())}`;
      const call = { operation: 'findBySerial', subject: serial.trim(), kind: 'read', method: 'GET', path } as const;
      const { rows } = await unless(NO_SUCH_ASSET, send(call, AssetPage), { rows: [] });
      return rows.filter((one) => one.serial?.toLowerCase() === wanted).map(assetOf);
    },

    /** Null: there is none, or it was deleted. */
    getAsset: async (id: number): Promise<InventoryAsset | null> => {
      const call = { operation: 'getAsset', subject: `${idOf(id)}`, kind: 'read', method: 'GET' } as const;
      const ours = Asset.refine((one) => one.id === id, 'is another asset');
      const asset = await unless(NO_SUCH_ASSET, send({ ...call, path: `/hardware/${id}` }, ours), null);
      return asset && assetOf(asset);
    },

    /**
     * Takes it back from whoever has it. `already_in`: nobody had it, and **neither status nor location was changed**: use
     * `update`. Throws `rejected` where Snipe-IT says no.
     */
    checkin: async (
      id: number,
      to: { readonly statusId: number; readonly locationId?: number; readonly note?: string },
    ): Promise<'checked_in' | 'already_in'> => {
      const call = { operation: 'checkin', subject: `${idOf(id)}`, kind: 'write', method: 'POST' } as const;
      const { statusId, locationId, note } = to;
      const body = {
        status_id: statusId,
        // A text, its document says.
        ...(locationId !== undefined && { location_id: String(locationId) }),
        ...(note !== undefined && { note }),
      };
      const sent = send({ ...call, path: `/hardware/${id}/checkin`, body }, Written);
      return (await unless(ALREADY_IN, sent, null)) ? 'checked_in' : 'already_in';
    },

    /** What is not named stays as it is. */
    update: async (id: number, { statusId, locationId, rtdLocationId, notes }: AssetChange): Promise<void> => {
      const call = { operation: 'update', subject: `${idOf(id)}`, kind: 'write', method: 'PATCH' } as const;
      const body = {
        ...(statusId !== undefined && { status_id: statusId }),
        ...(locationId !== undefined && { location_id: String(locationId) }),
        ...(rtdLocationId !== undefined && { rtd_location_id: rtdLocationId }),
        ...(notes !== undefined && { notes }),
      };
      await send({ ...call, path: `/hardware/${id}`, body }, Written);
    },

    statusLabels: async (): Promise<StatusLabel[]> =>
      readAll({ operation: 'statusLabels', path: '/statuslabels' }, LabelPage),

    locations: async (): Promise<Place[]> => readAll({ operation: 'locations', path: '/locations' }, LocationPage),

    /** For `doctor`: what may be done with assets, as one of them says; null: there is none to see. */
    rights: async (): Promise<Pick<InventoryAsset, 'mayCheckIn' | 'mayUpdate'> | null> => {
      const call = { operation: 'listHardware', kind: 'read', method: 'GET', path: '/hardware' } as const;
      const { rows } = await send({ ...call, query: { limit: '1' } }, AssetPage);
      return rows[0] ? assetOf(rows[0]) : null;
    },
  };
}

function assetOf(asset: Asset): InventoryAsset {
  const { status_label: label, available_actions: may } = asset;
  return {
    id: asset.id,
    assetTag: asset.asset_tag,
    serial: asset.serial,
    name: asset.name,
    model: asset.model?.name ?? null,
    notes: asset.notes,
    status: label ? { id: label.id, name: label.name, type: label.status_type } : null,
    assignedTo: asset.assigned_to,
    location: asset.location,
    rtdLocation: asset.rtd_location,
    mayCheckIn: may?.checkin ?? null,
    mayUpdate: may?.update ?? null,
  };
}

/** An address is made of it. */
function idOf(id: number): number {
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new ConnectorError({
    kind: 'rejected',
    vendor: 'snipeit',
    operation: 'hardware',
    reason: 'not the id of an asset',
  });
}

const NO_SUCH_ASSET = 'no_such_asset';
const ALREADY_IN = 'already_in';

/** Snipe-IT has no codes: these are ours. */
function refusalIn(body: unknown): { reason: string; code?: string } | null {
  const { data } = Refusal.safeParse(body);
  if (!data) return null;
  const code = codeOf(data);
  return { reason: wordsOf(data.messages), ...(code && { code }) };
}

function codeOf({ messages, payload }: Refusal): string | null {
  // Told in words, but with the model in the payload, which no other refusal of a check-in has.
  if (typeof payload === 'object' && payload !== null && 'model' in payload) return ALREADY_IN;
  // Told in words alone, in the language of the token's user.
  return typeof messages === 'string' && /does not exist|not found/i.test(messages) ? NO_SUCH_ASSET : null;
}

async function unless<T, Other>(code: string, answer: Promise<T>, otherwise: Other): Promise<T | Other> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectorError && error.vendorCode === code) return otherwise;
    throw error;
  }
}

function wordsOf(messages: unknown): string {
  const texts = typeof messages === 'object' && messages !== null ? Object.values(messages).flat() : [messages];
  return texts
    .filter((one) => typeof one === 'string')
    .map(decoded)
    .join(' ');
}

/** Snipe-IT's own words of an HTTP error; Laravel's are in `message` or `error`. */
function explain({ body }: HttpAnswer): { reason: string } | null {
  const { messages, message, error } = (body ?? {}) as Record<string, unknown>;
  const said = messages ?? message ?? error;
  return typeof said === 'string' && said !== '' ? { reason: decoded(said) } : null;
}
