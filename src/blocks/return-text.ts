// Where a device is on its way back, in words: one line for the root and the lists, bullets for a step's own reply, why an address is asked for.
import type { StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { factIn, namesIn, wordIn } from './amounts.ts';
import { isUserId } from './names.ts';
import { date } from './parts.ts';
import { safeText } from './safe-text.ts';

export const RETURN_TOLD: readonly string[] = ['return.ship', 'return.in_person', 'return.courier', 'return.track'];

type Told = Pick<StepView, 'step' | 'after'>;

const STATUSES: Readonly<Record<string, string>> = {
  unknown: 'not seen by the carrier yet',
  label_created: 'label made, not handed over yet',
  in_transit: 'in transit',
  out_for_delivery: 'out for delivery',
  available_for_pickup: 'waits at the carrier’s to be picked up',
  delivery_attempt_failed: 'delivery was tried and failed',
  delivered: 'delivered',
  returned_to_sender: 'went back to the sender',
  exception: 'the carrier reports a problem',
  expired: 'the carrier has lost sight of it',
  cancelled: 'the label was cancelled',
};

/** "Box: delivered Mar 3 · Laptop: in transit, due Mar 9" */
export function parcelLine(after: Facts | null): string {
  return `Box: ${legWords(after, 'out')} · Device: ${legWords(after, 'back')}`;
}

export function legWords(after: Facts | null, leg: 'out' | 'back'): string {
  const status = wordIn(after, `${leg}Status`);
  if (status === null) return leg === 'out' ? 'not sent yet' : 'not on its way yet';
  const words = (Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined) ?? 'unknown';
  const at = momentIn(after, `${leg}At`);
  if (status === 'delivered') return at === null ? words : `${words} ${date(at)}`;
  const due = momentIn(after, `${leg}DueAt`);
  return due === null ? words : `${words}, due ${date(due)}`;
}

/** '' where the title says it all. */
export function returnInShort({ step, after }: Told): string {
  switch (step) {
    case 'return.track':
      return parcelLine(after);
    case 'return.in_person':
      return `due ${safeText(wordIn(after, 'dueOn') ?? '', 10) || 'soon'}`;
    case 'return.courier':
      return safeText(wordIn(after, 'courier') ?? '', 60);
    case 'return.ship':
      return factIn(after, 'adopted') === true ? 'an order that was there already is used' : orderWords(after);
    default:
      return '';
  }
}

/** The order can be taken back for so long. Retriever's documentation, read 2026-11. */
const CANCEL_WITHIN_MS = 30 * 60_000;

export function returnBullets({ step, after }: Told): readonly string[] {
  switch (step) {
    case 'return.ship':
      return shipBullets(after);
    case 'return.in_person':
      return [
        `${receiverWords(after)} was told, and is asked to have it by ${safeText(wordIn(after, 'dueOn') ?? '', 10) || 'soon'}`,
        'That it came in is a step of its own',
      ];
    case 'return.courier':
      return shown(after, [
        ['courier', 'Courier'],
        ['number', 'Tracking number'],
        ['pickedUpOn', 'Picked up'],
      ]);
    case 'return.track':
      return trackBullets(after);
    default:
      return [];
  }
}

function shipBullets(after: Facts | null): readonly string[] {
  const orderedAt = momentIn(after, 'orderedAt');
  if (factIn(after, 'byHand') !== null)
    return [
      'Sent by hand, on the word of whoever answered',
      ...shown(after, [
        ['carrier', 'Carrier'],
        ['boxNumber', 'Box out'],
        ['returnNumber', 'Device back'],
      ]),
    ];
  const order = safeText(wordIn(after, 'order') ?? '', 40) || 'unknown';
  const several = factIn(after, 'orders');
  return [
    `Retriever’s order ${order}${orderedAt === null ? '' : `, ${date(orderedAt, 'time')}`}${factIn(after, 'adopted') === true ? ', which was there already' : ''}`,
    ...(orderedAt === null
      ? []
      : [
          `It can be cancelled in Retriever’s portal until ${date(new Date(orderedAt.getTime() + CANCEL_WITHIN_MS), 'time')}; after that it is paid for`,
        ]),
    ...(typeof several === 'number'
      ? [`*Retriever shows ${several} orders for this device.* Cancel the others in its portal.`]
      : []),
  ];
}

function trackBullets(after: Facts | null): readonly string[] {
  const untracked = namesIn(after, 'untracked') ?? [];
  return [
    `Box: ${legWords(after, 'out')}${numberWords(after, 'out')}`,
    `Device: ${legWords(after, 'back')}${numberWords(after, 'back')}`,
    ...(untracked.length > 0 ? ['EasyPost does not know a number, so Retriever’s own word is all there is'] : []),
    '*Delivered is not received*: somebody checks the serial number',
  ];
}

function numberWords(after: Facts | null, leg: 'out' | 'back'): string {
  const words = [wordIn(after, `${leg}Carrier`), wordIn(after, `${leg}Number`)].flatMap((one) =>
    one === null ? [] : [safeText(one, 40)],
  );
  return words.length === 0 ? '' : ` (${words.join(' ')})`;
}

function orderWords(after: Facts | null): string {
  if (factIn(after, 'byHand') !== null) return 'sent by hand';
  const order = wordIn(after, 'order');
  return order === null ? '' : `order ${safeText(order, 40)}`;
}

export function receiverWords(after: Facts | null): string {
  const receiver = wordIn(after, 'receiver') ?? '';
  return isUserId(receiver) ? `<@${receiver}>` : 'somebody';
}

function shown(after: Facts | null, told: readonly (readonly [string, string])[]): readonly string[] {
  return told.flatMap(([key, label]) => {
    const value = wordIn(after, key);
    return value === null || value === '' ? [] : [`${label}: ${safeText(value, 60)}`];
  });
}

export function momentIn(facts: Facts | null, key: string): Date | null {
  const at = new Date(wordIn(facts, key) ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** What one of these steps waits for; null: nothing of its own. */
export function returnWait({ step, after }: Told): string | null {
  if (step === 'return.track') return parcelLine(after);
  if (step === 'return.in_person') return `telling ${receiverWords(after)}`;
  if (step !== 'return.ship') return null;
  const behind = wordIn(after, 'behind');
  if (behind !== null) return `${safeText(behind, 40)} is ordering a box for the same device`;
  if (factIn(after, 'waitsFor') === 'bamboohr') return 'BambooHR does not answer, and has the address';
  return 'looking whether Retriever has the order';
}

const FIELDS: Readonly<Record<string, string>> = {
  name: 'the name',
  email: 'a private email address',
  line1: 'the street',
  line2: 'the second line',
  city: 'the city',
  state: 'the state',
  zip: 'the zip code',
  country: 'the country',
};

/** Why a step of these asks: sentences to stand below its question. They name fields, and never what stands in them. */
export function returnAskedOf({ step, after }: Told): readonly string[] {
  if (step === 'return.track') return factIn(after, 'orderGone') === true ? [GONE] : [];
  if (step === 'return.in_person') return [`Slack did not deliver the message to ${receiverWords(after)}`];
  if (step !== 'return.ship') return [];
  const byHand = wordIn(after, 'byHand');
  if (byHand !== null) return [BY_HAND[byHand] ?? BY_HAND.retriever_not_set_up ?? ''];
  if (factIn(after, 'missing') === 'doubt')
    return [
      'The order was sent and nothing came back. Retriever’s list was read twice, two minutes apart, and does not have it.',
      'Look into its portal before you order: each order is paid for.',
    ];
  if (factIn(after, 'missing') === 'gone')
    return [GONE, 'Order another one only if the first was cancelled: it is paid for.'];
  const other = wordIn(after, 'other');
  if (other !== null) {
    const at = momentIn(after, 'otherAt');
    return [
      `Order ${safeText(other, 40)}${at === null ? '' : `, ${date(at)}`}, ${safeText(wordIn(after, 'otherTicket') ?? '', 60) || 'without a ticket'}: not back yet, as far as Retriever knows`,
    ];
  }
  return (namesIn(after, 'why') ?? []).map(addressProblem);
}

const GONE = 'Retriever no longer shows the order that it accepted. It may have been cancelled in its portal.';
const BY_HAND: Readonly<Record<string, string>> = {
  retriever_not_set_up: 'Retriever is not set up, so somebody sends the box',
  no_office: 'The policy does not say where boxes go back to (returns.office), so somebody sends the box',
  no_box: 'Retriever has no box for this kind of device, so somebody sends one',
};

function addressProblem(problem: string): string {
  switch (problem) {
    case 'bamboohr_not_set_up':
      return 'BambooHR is not set up, so nobody but you can say where they live';
    case 'no_record':
      return 'No record in BambooHR is known to be theirs';
    case 'bamboohr_not_read':
      return 'BambooHR could not be asked for the address';
    case 'refused':
      return 'Retriever refused the order. Check the address; if it is right, see returns.office in the policy, or skip this step and arrange a courier';
    default: {
      const [field = '', why = ''] = problem.split(' ');
      const what = FIELDS[field] ?? 'a field';
      if (why === 'missing') return `In BambooHR ${what} is missing`;
      if (why === 'po_box') return 'The address in BambooHR is a PO box, where no box is delivered';
      if (why === 'not_served')
        return 'They live where Retriever sends no boxes: give an address in the US or Canada, or skip this step and arrange a courier';
      return `In BambooHR ${what} is not what Retriever takes`;
    }
  }
}
