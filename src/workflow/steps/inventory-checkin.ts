// inventory.checkin: the asset with this serial number is nobody's any more, where it belongs, and called what it is: ready once it was
// erased, pending where it was not, lost where it was given up. What does not fit is asked, and looked at again.
import type { InventoryAsset, SnipeIt } from '../../connectors/snipeit/client.ts';
import { deviceOf, deviceSubject } from '../model/device.ts';
import type { Fetched, ReadFetched } from '../model/fetched.ts';
import type { Effect, Facts, Observation, ReadContext, Step } from '../model/step.ts';
import { findPlace, findStatus, type Wanted } from './inventory-labels.ts';

export const INVENTORY_CHECKIN = 'inventory.checkin';
const CHECK_IN = 'snipeit.check_in';
const UPDATE = 'snipeit.update_asset';
/** Asked of an operator; yes to all but the last means "look again", no leaves the inventory as it is. */
export const NOT_IN_INVENTORY = 'not_in_inventory';
export const TWICE_IN_INVENTORY = 'twice_in_inventory';
export const NO_SUCH_LABEL = 'no_such_label';
export const OTHER_HOLDER = 'other_holder';

export interface InventoryDeps {
  readonly snipeit: Pick<SnipeIt, 'findBySerial' | 'getAsset' | 'checkin' | 'update' | 'statusLabels' | 'locations'>;
  readonly fetched: ReadFetched;
}

export function inventoryCheckin({ snipeit, fetched: readFetched }: InventoryDeps): Step {
  return {
    name: INVENTORY_CHECKIN,
    vendor: 'snipeit',
    stage: 'device',
    needs: [
      // Ended, not satisfied: of a device that was given up the inventory hears too. Not received, it is left alone.
      { step: 'return.receive', until: 'ended' },
      { step: 'jamf.erase', until: 'ended' },
    ],
    settleMs: 5_000,
    verifies: 'read_back',
    subjects: ({ devices }) => devices.filter((one) => one.serial !== null && one.way !== 'none').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const fetched = await readFetched(context.run.id, context.subject);
      const ended = nothingToTell(context, fetched);
      if (ended) return ended;
      const found = await snipeit.findBySerial(device.serial ?? '');
      const [asset, ...others] = found;
      if (!asset) return lookAgain(context, NOT_IN_INVENTORY, {});
      const tags = found.map((one) => one.assetTag ?? `#${one.id}`);
      if (others.length > 0) return lookAgain(context, TWICE_IN_INVENTORY, { tags });
      const holder = asset.assignedTo;
      const facts: Facts = {
        asset: asset.id,
        tag: asset.assetTag,
        holder: holder?.name ?? null,
        status: asset.status?.name ?? null,
        location: asset.location?.name ?? null,
      };
      if (fetched === null) return { is: 'unsatisfied', facts, would: [checkInOf(asset)] };
      const wanted = await whatIsWanted(snipeit, context, fetched);
      if ('missing' in wanted) return lookAgain(context, NO_SUCH_LABEL, { ...facts, missing: wanted.missing });
      if (isSo(asset, wanted, fetched.isWrittenOff))
        return { is: 'satisfied', basis: 'read_back', facts: { ...facts, ...told(fetched) } };
      if (holder && !isTheirs(holder, fetched.person)) {
        const answer = context.answer(OTHER_HOLDER);
        if (answer?.kind !== 'approve') return asks(OTHER_HOLDER, facts);
        if (!answer.approved) return { is: 'not_applicable', facts, why: 'left_with_holder' };
      }
      const effect = holder && !fetched.isWrittenOff ? checkInOf(asset, wanted) : updateOf(asset, wanted);
      return { is: 'unsatisfied', facts, would: [effect] };
    },
    async apply(context, { would }) {
      const [effect] = would;
      const fetched = await readFetched(context.run.id, context.subject);
      if (!effect || fetched === null) return;
      const id = Number(effect.target);
      const { status = 0, location } = effect.request as { status?: number; location?: number | null };
      const note = noteOf(context, fetched);
      if (effect.name === CHECK_IN) {
        const to = { statusId: status, note, ...(typeof location === 'number' && { locationId: location }) };
        await context.write(
          effect,
          () => snipeit.checkin(id, to),
          (answer) => ({ answer }),
        );
        return;
      }
      const notes = [(await snipeit.getAsset(id))?.notes, note].filter((one) => one).join('\n');
      await context.write(effect, () =>
        snipeit.update(id, { statusId: status, notes, ...(typeof location === 'number' && { locationId: location }) }),
      );
    },
  };
}

/** Null: there is something to say to the inventory, or it is a plan. */
function nothingToTell({ run }: ReadContext, fetched: Fetched | null): Observation | null {
  if (fetched === null || fetched.received) return null;
  if (!fetched.isWrittenOff) return { is: 'not_applicable', facts: {}, why: 'not_received' };
  const { 'inventory.lostStatus': lost } = run.policy;
  return typeof lost === 'string' && lost !== '' ? null : { is: 'not_applicable', facts: {}, why: 'no_lost_status' };
}

async function whatIsWanted(
  snipeit: InventoryDeps['snipeit'],
  { run }: ReadContext,
  fetched: Fetched,
): Promise<Wanted | { readonly missing: string }> {
  const backAs = fetched.isErased ? 'readyStatus' : 'pendingStatus';
  const key = fetched.isWrittenOff ? 'lostStatus' : backAs;
  const status = await findStatus(snipeit, run.policy, key);
  if ('missing' in status) return status;
  // Where a lost device is nobody knows.
  if (fetched.isWrittenOff) return { statusId: status.id, locationId: null };
  const place = await findPlace(snipeit, run.policy);
  return place && 'missing' in place ? place : { statusId: status.id, locationId: place?.id ?? null };
}

/** Who had a lost device stays written there: they are who is asked about it. */
function isSo(
  { assignedTo, status, location }: InventoryAsset,
  { statusId, locationId }: Wanted,
  isLost: boolean,
): boolean {
  return (
    (isLost || assignedTo === null) && status?.id === statusId && (locationId === null || location?.id === locationId)
  );
}

/** Snipe-IT's users have the address as their name, or beside it; where it says neither, the name on the plan. */
function isTheirs(holder: NonNullable<InventoryAsset['assignedTo']>, person: Fetched['person']): boolean {
  if (holder.type !== null && holder.type !== 'user') return false;
  const email = person.email.toLowerCase();
  const known = [holder.email, holder.username].filter((one) => one?.includes('@'));
  if (known.length > 0) return known.some((one) => one?.toLowerCase() === email);
  return holder.name?.toLowerCase() === person.name.toLowerCase();
}

/** No status given: a plan, where nothing is asked for yet. */
function checkInOf(asset: InventoryAsset, wanted?: Wanted): Effect {
  return { name: CHECK_IN, target: `${asset.id}`, repeat: 'safe', ...(wanted && { request: requestOf(wanted) }) };
}

function updateOf(asset: InventoryAsset, wanted: Wanted): Effect {
  return { name: UPDATE, target: `${asset.id}`, repeat: 'safe', request: requestOf(wanted) };
}

function requestOf({ statusId, locationId }: Wanted): Facts {
  return { status: statusId, location: locationId };
}

function told({ isErased, isWrittenOff }: Fetched): Facts {
  return { erased: isErased, lost: isWrittenOff };
}

/** In its history: of which run and ticket. Nobody is named. */
function noteOf({ run }: ReadContext, { received, isErased, isWrittenOff, ticket }: Fetched): string {
  const day = received?.at.toISOString().slice(0, 10);
  const what = isWrittenOff ? 'written off' : `received ${day}, ${isErased ? 'erased' : 'not erased'}`;
  return `Sendoff ${[run.code, ticket].filter(Boolean).join(', ')}: ${what}`;
}

/** Put right in Snipe-IT by hand, then looked at again: as often as somebody says so. */
function lookAgain(context: ReadContext, name: string, facts: Facts): Observation {
  const answer = context.answer(name);
  return answer?.kind === 'approve' && !answer.approved
    ? { is: 'not_applicable', facts, why: name }
    : asks(name, facts);
}

function asks(name: string, facts: Facts): Observation {
  const question = { name, by: 'operator', kind: 'approve', irreversible: false } as const;
  return { is: 'asks', facts, need: { kind: 'question', question } };
}
