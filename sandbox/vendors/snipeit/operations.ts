// What Sendoff asks of Snipe-IT: assets by serial number and id, check-ins, changes, status labels, locations.
import { nowOf } from '../clock.ts';
import type { Reply } from '../simulator.ts';
import { errorOf, NO_SUCH_ASSET, refuse, success } from './errors.ts';
import type { Asset } from './inventory.ts';
import { listed, type Operation, type Visit, withAsset } from './operation.ts';
import { encode, renderAsset, renderLabel, renderLocation } from './render.ts';

export const OPERATIONS: readonly Operation[] = [
  // Before the single asset: `byserial` is no id.
  {
    name: 'hardwareBySerial',
    method: 'GET',
    path: '/hardware/byserial/{serial}',
    write: false,
    needs: 'assets.view',
    handle: bySerial,
  },
  { name: 'listHardware', method: 'GET', path: '/hardware', write: false, needs: 'assets.view', handle: list },
  { name: 'getHardware', method: 'GET', path: '/hardware/{id}', write: false, needs: 'assets.view', handle: get },
  {
    name: 'checkin',
    method: 'POST',
    path: '/hardware/{id}/checkin',
    write: true,
    needs: 'assets.checkin',
    handle: checkIn,
  },
  {
    name: 'updateHardware',
    method: 'PATCH',
    path: '/hardware/{id}',
    write: true,
    needs: 'assets.edit',
    handle: update,
  },
  {
    name: 'listStatusLabels',
    method: 'GET',
    path: '/statuslabels',
    write: false,
    needs: 'statuslabels.view',
    handle: labels,
  },
  {
    name: 'listLocations',
    method: 'GET',
    path: '/locations',
    write: false,
    needs: 'locations.view',
    handle: locations,
  },
];

const show = ({ inventory, snipeit }: Visit, asset: Asset): Record<string, unknown> =>
  renderAsset(inventory, asset, snipeit.permissions);

/** MySQL minds no case. */
function bySerial(visit: Visit): Reply {
  const serial = (visit.request.params.serial ?? '').toLowerCase();
  const found = [...visit.inventory.assets.values()].filter(
    (one) => !one.deleted && one.serial.toLowerCase() === serial,
  );
  if (found.length === 0) return refuse(NO_SUCH_ASSET);
  return listed(
    visit.request,
    found.map((one) => show(visit, one)),
  );
}

function list(visit: Visit): Reply {
  const kept = [...visit.inventory.assets.values()].filter((one) => !one.deleted);
  return listed(
    visit.request,
    kept.map((one) => show(visit, one)),
  );
}

function get(visit: Visit): Reply {
  return withAsset(visit, (asset) => ({ status: 200, body: show(visit, asset) }));
}

/** A second one is an error, and leaves status and location as they are, whatever it asks for. */
function checkIn(visit: Visit): Reply {
  const { inventory, body } = visit;
  if (!inventory.assets.has(Number(visit.request.params.id))) return refuse('Asset not found');
  return withAsset(visit, (asset) => {
    const payload = { asset_tag: encode(asset.assetTag), model: encode(asset.model), model_number: null };
    if (asset.assignedTo === null) return refuse('That asset is already checked in.', payload);
    const statusId = idIn(body.status_id);
    if (statusId !== null && !inventory.labels.some((one) => one.id === statusId))
      return refuse('Asset was not checked in, please try again', { asset: encode(asset.assetTag) });
    asset.assignedTo = null;
    asset.checkins += 1;
    asset.locationId = idIn(body.location_id) ?? asset.rtdLocationId;
    if (statusId !== null) asset.statusId = statusId;
    if (typeof body.name === 'string') asset.name = body.name;
    const changes = { statusId: asset.statusId, locationId: asset.locationId };
    inventory.history.push({
      assetId: asset.id,
      action: 'checkin from',
      at: nowOf(inventory).getTime(),
      note: noteOf(body),
      changes,
    });
    return success('Asset checked in successfully.', payload);
  });
}

/** What is not named stays; `notes` are replaced, not added to. */
function update(visit: Visit): Reply {
  const { inventory, body, request } = visit;
  const known = ['status_id', 'rtd_location_id', 'location_id', 'notes', 'name'];
  // Snipe-IT says nothing of names it does not know; nothing of ours may be one.
  if (request.body === undefined || Object.keys(body).some((name) => !known.includes(name))) return errorOf(500);
  return withAsset(visit, (asset) => {
    const wrong = wrongOf(visit);
    if (wrong) return refuse(wrong);
    const changes = {
      ...(idIn(body.status_id) !== null && { statusId: Number(body.status_id) }),
      ...(idIn(body.location_id) !== null && { locationId: Number(body.location_id) }),
      ...(idIn(body.rtd_location_id) !== null && { rtdLocationId: Number(body.rtd_location_id) }),
      ...(typeof body.notes === 'string' && { notes: body.notes }),
      ...(typeof body.name === 'string' && { name: body.name }),
    };
    Object.assign(asset, changes);
    inventory.history.push({
      assetId: asset.id,
      action: 'update',
      at: nowOf(inventory).getTime(),
      note: null,
      changes,
    });
    return success('Asset updated successfully.', { id: asset.id, asset_tag: encode(asset.assetTag) });
  });
}

function wrongOf({ inventory, body }: Visit): Record<string, string[]> | null {
  const wrong: Record<string, string[]> = {};
  const ids = { status_id: inventory.labels, rtd_location_id: inventory.locations, location_id: inventory.locations };
  for (const [name, rows] of Object.entries(ids))
    if (body[name] !== undefined && !rows.some((one) => one.id === idIn(body[name])))
      wrong[name] = [`The selected ${name.replaceAll('_', ' ')} is invalid.`];
  return Object.keys(wrong).length > 0 ? wrong : null;
}

function labels(visit: Visit): Reply {
  const type = visit.request.query.get('status_type');
  return listed(
    visit.request,
    visit.inventory.labels.filter((one) => type === null || one.type === type).map(renderLabel),
  );
}

function locations(visit: Visit): Reply {
  return listed(visit.request, visit.inventory.locations.map(renderLocation));
}

function idIn(value: unknown): number | null {
  const id = Number(value);
  return value !== null && value !== undefined && value !== '' && Number.isInteger(id) ? id : null;
}

function noteOf({ note }: Readonly<Record<string, unknown>>): string | null {
  return typeof note === 'string' ? note : null;
}
