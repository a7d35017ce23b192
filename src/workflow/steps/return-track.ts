// return.track: where the box is, and where the device is on its way back. Looked at every few hours, and when a tracking service
// has news. Delivered is not received: that is return.receive's.
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { EasyPost, Tracker } from '../../connectors/easypost/client.ts';
import { deviceSubject } from '../model/device.ts';
import { hasArrived, type ParcelSighting } from '../model/parcel.ts';
import type { Effect, Facts, Observation, ReadContext, Step } from '../model/step.ts';
import {
  advance,
  keptLeg,
  LEGS,
  type Leg,
  type LegName,
  type LegNumber,
  legFacts,
  shipmentOf,
  troubleOf,
} from './parcel-legs.ts';
import type { OrderBook } from './return-orders.ts';

export const RETURN_TRACK = 'return.track';
export const ORDER_GONE_QUESTION = 'order_gone';
export const CREATE_TRACKER = 'easypost.create_tracker';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A day has 500 reads at Retriever, and one list serves all orders. */
const LOOK_AGAIN_MS = 4 * HOUR_MS;
/** Whatever the number of devices, the list is read 48 times a day for them. */
const LIST_KEPT_MS = HOUR_MS / 2;
const SETTLE_MS = 60_000;

export interface TrackDeps {
  /** Null: not set up; then Retriever's own moments are all that is known. */
  readonly easypost: Pick<EasyPost, 'createTracker' | 'getTracker'> | null;
  /** Null: not set up; then the numbers are those that somebody gave. */
  readonly orders: OrderBook | null;
  readonly rows: {
    shipped(
      runId: string,
      subject: string,
    ): Promise<{ readonly after: Facts | null; readonly hasArrived: boolean } | null>;
    tracked(runId: string, subject: string): Promise<Facts | null>;
  };
}

/** Cancelled in the portal, as a rule. */
function orderGone(context: ReadContext, before: Facts | null): Observation {
  const answer = context.answer(ORDER_GONE_QUESTION);
  if (answer?.kind === 'approve' && !answer.approved)
    return { is: 'not_applicable', facts: before ?? {}, why: 'tracking_stopped' };
  const question = { kind: 'approve', name: ORDER_GONE_QUESTION, by: 'operator', irreversible: false } as const;
  return { is: 'asks', facts: { ...before, orderGone: true }, need: { kind: 'question', question } };
}

interface Followed {
  readonly orderedAt: Date;
  readonly legs: Readonly<Record<LegName, LegNumber & { readonly seen: readonly ParcelSighting[] }>>;
}

export function returnTrack(deps: TrackDeps): Step {
  return {
    name: RETURN_TRACK,
    vendor: 'easypost',
    stage: 'device',
    needs: [{ step: 'return.ship', until: 'satisfied' }],
    settleMs: SETTLE_MS,
    verifies: 'read_back',
    subjects: ({ devices }) => devices.filter((one) => one.way === 'ship').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const { run, subject } = context;
      const [shipped, before] = await Promise.all([
        deps.rows.shipped(run.id, subject),
        deps.rows.tracked(run.id, subject),
      ]);
      if (shipped?.hasArrived) return { is: 'satisfied', basis: 'moot', facts: before ?? {} };
      const followed = await follow(deps, shipped?.after ?? {}, context.now);
      if (followed === 'nothing') return { is: 'not_applicable', facts: {}, why: 'no_tracking' };
      if (followed === 'gone') return orderGone(context, before);
      return look(deps, context, followed, before);
    },
    async apply(context, seen) {
      const { easypost } = deps;
      if (!easypost) return;
      for (const effect of seen.would) {
        const [, number = ''] = (effect.target ?? '').split(/:(.*)/s);
        const carrier = effect.request?.carrier;
        await context.write(
          effect,
          () => easypost.createTracker({ code: number, carrier: typeof carrier === 'string' ? carrier : null }),
          ({ id }) => ({ tracker: id }),
        );
      }
    },
  };
}

/** `nothing`: there are no numbers, and nobody to ask; `gone`: the order was taken back. */
async function follow({ easypost, orders }: TrackDeps, ship: Facts, now: Date): Promise<Followed | 'nothing' | 'gone'> {
  const orderedAt = new Date(typeof ship.orderedAt === 'string' ? ship.orderedAt : 0);
  if (typeof ship.order === 'string') {
    if (orders === null) return 'nothing';
    const found =
      (await orders.all(now, LIST_KEPT_MS)).find((one) => one.id === ship.order) ?? (await orders.one(ship.order));
    return found ? { orderedAt, legs: shipmentOf(found) } : 'gone';
  }
  const given = (key: string): string | null => {
    const value = ship[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const leg = (number: string | null) => ({ carrier: null, number, seen: [] });
  const legs = { out: leg(given('boxNumber')), back: leg(given('returnNumber')) };
  return easypost === null || LEGS.every((name) => legs[name].number === null) ? 'nothing' : { orderedAt, legs };
}

async function look(
  deps: TrackDeps,
  context: ReadContext,
  followed: Followed,
  before: Facts | null,
): Promise<Observation> {
  const { orderedAt } = followed;
  const missing: Effect[] = [];
  const legs = {} as Record<LegName, Leg>;
  for (const name of LEGS) {
    const { carrier, number, seen } = followed.legs[name];
    const known = advance(keptLeg(before, name, number), seen, orderedAt);
    const tracker = number === null ? null : await trackerOf(deps, context, name, { carrier, number }, missing);
    const now = advance(known, tracker ? sightingsOf(tracker) : [], orderedAt);
    const isStale = now === null || now === known;
    legs[name] = {
      carrier: carrier ?? tracker?.carrier ?? null,
      number,
      known: now,
      dueAt: tracker && !(isStale && hasArrived(tracker.status)) ? tracker.estimatedDeliveryAt : null,
    };
  }
  const facts: Facts = {
    ...legFacts('out', legs.out),
    ...legFacts('back', legs.back),
    ...untracked(context, followed),
    ...troubleFacts(context, legs, orderedAt),
  };
  if (missing.length > 0) return { is: 'unsatisfied', facts, would: missing };
  return legs.back.known?.status === 'delivered'
    ? { is: 'satisfied', basis: 'read_back', facts }
    : { is: 'under_way', facts, lookAgainInMs: LOOK_AGAIN_MS };
}

/** Null: EasyPost is not asked, has none yet (`missing` then names it), or does not know such a number. */
async function trackerOf(
  { easypost }: TrackDeps,
  context: ReadContext,
  leg: LegName,
  { carrier, number }: { readonly carrier: string | null; readonly number: string },
  missing: Effect[],
): Promise<Tracker | null> {
  if (easypost === null) return null;
  const effect: Effect = { name: CREATE_TRACKER, target: `${leg}:${number}`, repeat: 'safe', request: { carrier } };
  if (context.refused(CREATE_TRACKER).includes(effect.target ?? '')) return null;
  const id = context.receipt(effect)?.facts.tracker;
  if (typeof id !== 'string') {
    missing.push(effect);
    return null;
  }
  try {
    return await easypost.getTracker(id);
  } catch (error) {
    // What Retriever's list says is worth keeping without it; a key that is refused has to be told of.
    if (error instanceof ConnectorError && (error.kind === 'transient' || error.kind === 'rate_limited')) return null;
    throw error;
  }
}

/** The newest scan, and the delivery where it was one: a scan after it does not take it back. */
function sightingsOf(tracker: Tracker): readonly ParcelSighting[] {
  const { status, lastScan, deliveredAt, updatedAt } = tracker;
  const now = { status, at: status === 'delivered' ? deliveredAt : (lastScan?.at ?? null), updatedAt };
  return deliveredAt === null || status === 'delivered'
    ? [now]
    : [{ status: 'delivered', at: deliveredAt, updatedAt }, now];
}

function untracked(context: ReadContext, { legs }: Followed): Facts {
  const refused = context.refused(CREATE_TRACKER);
  const names = LEGS.filter((name) => refused.includes(`${name}:${legs[name].number}`));
  return names.length === 0 ? {} : { untracked: names };
}

function troubleFacts(context: ReadContext, legs: Readonly<Record<LegName, Leg>>, orderedAt: Date): Facts {
  const days = context.run.policy['returns.stalledAfterDays'];
  const stalledAfterMs = (typeof days === 'number' ? days : 7) * DAY_MS;
  const trouble = troubleOf(legs, { now: context.now, orderedAt, stalledAfterMs });
  if (trouble === null) return { trouble: null };
  return { trouble: `${trouble.leg}:${trouble.what}`, troubleSince: trouble.since.toISOString() };
}
