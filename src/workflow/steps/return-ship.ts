// return.ship: one paid box a device, whatever is retried and whichever run asks. Looked for before it is ordered, twice after
// doubt, and then a person says whether to order.
import type { DeviceReturn, Retriever } from '../../connectors/retriever/client.ts';
import { deviceOf, deviceSubject, type RunDevice } from '../model/device.ts';
import type { BoxAddress } from '../model/return-address.ts';
import type { Effect, Facts, Observation, ReadContext, Step, StepContext } from '../model/step.ts';
import { ADDRESS_QUESTION, findAddress, type HomeReads } from './return-address.ts';
import { byHandOnly, type HandOver } from './return-by-hand.ts';
import { boxFor, keyOf, officeOf, orderFor, ticketOf } from './return-order.ts';
import { isComplete, isSerial, type OrderBook } from './return-orders.ts';

export const RETURN_SHIP = 'return.ship';
export const ORDER_RETURN = 'retriever.order_return';
/** Questions: whether another's order is used; whether to order (again) where none is seen. */
export const OTHER_ORDER_QUESTION = 'other_order';
export const ORDER_AGAIN_QUESTION = 'order_again';

/** Nothing is published about how soon the list has an order: twice, so far apart, is ours. */
export const LIST_LAG_MS = 2 * 60_000;
const SOON_MS = 60_000;
const MINUTE_MS = 60_000;
const BEHIND_ANOTHER_MS = 5 * MINUTE_MS;

export interface ShipRows {
  doubtfulOrderAt(runId: string, subject: string): Promise<Date | null>;
  orderedBy(runId: string, device: string): Promise<string | null>;
  takeOrder(runId: string, device: string): Promise<string | null>;
}

export interface ShipDeps {
  /** Null: not set up, so boxes are sent by hand. */
  readonly retriever: Pick<Retriever, 'createReturn'> | null;
  readonly orders: OrderBook | null;
  /** Null: not set up, so the address is asked for. */
  readonly bamboohr: HomeReads | null;
  readonly rows: ShipRows;
}

export function returnShip(deps: ShipDeps): Step {
  return {
    name: RETURN_SHIP,
    vendor: 'retriever',
    stage: 'device',
    needs: [],
    settleMs: LIST_LAG_MS,
    verifies: 'read_back',
    subjects: ({ devices }) => devices.filter((one) => one.way === 'ship').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const { orders } = deps;
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const byHand = whyByHand(deps, device, context.run.policy);
      if (orders === null || byHand !== null) return byHandOnly(context, byHand ?? 'retriever_not_set_up');
      const found = await findOrder(deps, orders, context, device);
      return found ?? wanted(deps, context, device);
    },
    async apply(context, seen) {
      const { retriever, orders } = deps;
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const to = officeOf(context.run.policy);
      const [effect] = seen.would;
      if (!retriever || !orders || !to || !effect) return;
      // Another run that orders for this device goes first, and the list is read again behind it.
      if ((await deps.rows.takeOrder(context.run.id, keyOf(device))) !== null) return;
      if ((await othersOf(orders, context, device, true)).length > 0) return;
      const address = await sealAddress(deps, context);
      if (address === null) return;
      const order = orderFor(context, device, address, to);
      await context.write(
        effect,
        () => retriever.createReturn(order),
        ({ id, createdAt }) => ({
          order: id,
          orderedAt: createdAt.toISOString(),
        }),
      );
    },
  };
}

/** Why Retriever cannot be asked for this one. */
function whyByHand({ retriever }: ShipDeps, device: RunDevice, policy: Facts): HandOver | null {
  if (retriever === null) return 'retriever_not_set_up';
  if (officeOf(policy) === null) return 'no_office';
  return boxFor(device) === null ? 'no_box' : null;
}

/** The order that stands for this device, or what keeps us from ordering; null: there is none, and one is wanted. */
async function findOrder(
  deps: ShipDeps,
  orders: OrderBook,
  context: ReadContext,
  device: RunDevice,
): Promise<Observation | null> {
  const again = newestAnswer(context, ORDER_AGAIN_QUESTION);
  const made = madeBefore(context);
  if (made !== null && !(again?.approved === true && again.at >= made.at)) {
    const order = await orders.one(made.id);
    if (order) return placed(order, { adopted: false });
    // Accepted a moment ago: the answer of a single order may lag as well.
    if (context.now.getTime() - made.at.getTime() < LIST_LAG_MS)
      return { is: 'under_way', facts: { order: made.id }, lookAgainInMs: SOON_MS };
    return asks(ORDER_AGAIN_QUESTION, { order: made.id, missing: 'gone' });
  }
  const sentAt = await deps.rows.doubtfulOrderAt(context.run.id, context.subject);
  const isDoubtful = sentAt !== null && !(again?.approved === true && again.at >= sentAt);
  const listed = await orders.all(context.now, isDoubtful ? 0 : undefined);
  const ours = listed.filter((one) => one.ticketId === ticketOf(context, device));
  const [newest] = [...ours].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  if (newest) return placed(newest, { adopted: false, ...(ours.length > 1 && { orders: ours.length }) });
  if (isDoubtful) {
    const waitMs = sentAt.getTime() + LIST_LAG_MS - context.now.getTime();
    if (waitMs > 0) return { is: 'under_way', facts: { searching: true }, lookAgainInMs: waitMs };
    return asks(ORDER_AGAIN_QUESTION, { missing: 'doubt', sentAt: sentAt.toISOString() });
  }
  return otherOrder(context, device, await othersOf(orders, context, device, false));
}

/** Somebody's order for the same serial number that has not come back yet: used only if a person says so. */
function otherOrder(context: ReadContext, device: RunDevice, open: readonly DeviceReturn[]): Observation | null {
  const [other] = [...open].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  if (!other) return null;
  const answer = newestAnswer(context, OTHER_ORDER_QUESTION);
  if (answer?.approved === true && answer.at >= other.createdAt) return placed(other, { adopted: true });
  return asks(OTHER_ORDER_QUESTION, {
    other: other.id,
    otherTicket: other.ticketId,
    otherAt: other.createdAt.toISOString(),
    serial: device.serial,
  });
}

/** Open orders for its serial number that are not this run's and that nobody has turned down. */
async function othersOf(
  orders: OrderBook,
  context: ReadContext,
  device: RunDevice,
  fresh: boolean,
): Promise<readonly DeviceReturn[]> {
  const answer = newestAnswer(context, OTHER_ORDER_QUESTION);
  const declinedAt = answer?.approved === false ? answer.at.getTime() : Number.NEGATIVE_INFINITY;
  return (await orders.all(context.now, fresh ? 0 : undefined)).filter(
    (one) =>
      isSerial(one, device.serial) &&
      one.ticketId !== ticketOf(context, device) &&
      !isComplete(one) &&
      one.createdAt.getTime() > declinedAt,
  );
}

/** Nothing is ordered for this device yet. */
async function wanted(deps: ShipDeps, context: ReadContext, device: RunDevice): Promise<Observation> {
  const effect = orderEffect(context);
  if (context.refused(ORDER_RETURN).includes(effect.target ?? '')) return asks(ADDRESS_QUESTION, { why: ['refused'] });
  const found = await findAddress(deps.bamboohr, context);
  switch (found.is) {
    case 'wait':
      return { is: 'under_way', facts: { waitsFor: 'bamboohr' }, lookAgainInMs: SOON_MS };
    case 'ask':
      return asks(ADDRESS_QUESTION, { why: found.why });
    case 'address': {
      const behind = await deps.rows.orderedBy(context.run.id, keyOf(device));
      if (behind !== null) return { is: 'under_way', facts: { behind }, lookAgainInMs: BEHIND_ANOTHER_MS };
      return { is: 'unsatisfied', facts: { ordered: false, addressFrom: found.from }, would: [effect] };
    }
    default:
      return found satisfies never;
  }
}

/** Each answer that lets something be sent again is another order, with a try of its own. */
function orderEffect({ decisions }: ReadContext): Effect {
  const answers = decisions.filter(({ kind, answer }) => {
    if (kind !== 'answer') return false;
    if (answer.question === ADDRESS_QUESTION) return true;
    return (
      (answer.question === ORDER_AGAIN_QUESTION && answer.approved === true) ||
      (answer.question === OTHER_ORDER_QUESTION && answer.approved === false)
    );
  }).length;
  return {
    name: ORDER_RETURN,
    target: answers === 0 ? '' : String(answers),
    repeat: 'search_first',
    irreversible: true,
  };
}

function madeBefore(context: ReadContext): { readonly id: string; readonly at: Date } | null {
  const made = context.asked(ORDER_RETURN).flatMap((target) => {
    const receipt = context.receipt({ name: ORDER_RETURN, target });
    return typeof receipt?.facts.order === 'string' ? [{ id: receipt.facts.order, at: receipt.at }] : [];
  });
  return made.sort((a, b) => b.at.getTime() - a.at.getTime())[0] ?? null;
}

function newestAnswer(
  context: ReadContext,
  question: string,
): { readonly approved: boolean; readonly at: Date } | null {
  const answer = context.answer(question);
  return answer?.kind === 'approve' ? answer : null;
}

function placed(order: DeviceReturn, more: Facts): Observation {
  return {
    is: 'satisfied',
    basis: 'read_back',
    facts: { order: order.id, orderedAt: order.createdAt.toISOString(), ...more },
  };
}

function asks(name: string, facts: Facts): Observation {
  const question =
    name === ADDRESS_QUESTION
      ? ({ kind: 'form', name, by: 'operator' } as const)
      : ({ kind: 'approve', name, by: 'operator', irreversible: false } as const);
  return { is: 'asks', facts, need: { kind: 'question', question } };
}

async function sealAddress(deps: ShipDeps, context: StepContext): Promise<BoxAddress | null> {
  const found = await findAddress(deps.bamboohr, context);
  if (found.is !== 'address') return null;
  if (found.from === 'bamboohr') await context.sealOnce('address', () => JSON.stringify(found.address));
  return found.address;
}
