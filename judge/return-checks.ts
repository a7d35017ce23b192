// What must be true of devices on their way back: one paid box each, parcels that are told forward only, and a home address that stands nowhere.
import type { Evidence, Message, ReturnOrder } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

const ORDER = 'retriever.createDeviceReturn';

/** Only where boxes were ordered at all. */
const applies = (evidence: Evidence): boolean => ordersOf(evidence).length > 0;

export const RETURN_CHECKS: readonly Check[] = [
  { id: 'one_box_a_device', sentence: 'One box was ordered, and paid for, for each device.', applies, find: oneBox },
  {
    id: 'parcels_forward',
    sentence: 'What people read of a parcel never went back: not from delivered to in transit.',
    applies,
    find: parcelsForward,
  },
  {
    id: 'address_nowhere',
    sentence: 'The home address went to Retriever, and stands in no message and no ticket.',
    applies,
    find: addressNowhere,
  },
];

function oneBox(evidence: Evidence): Finding {
  const paid = ordersOf(evidence).filter((order) => !order.isCancelled);
  const devices = new Set(paid.map(({ sent }) => sent.serial_number));
  const sent = evidence.journals.retriever.filter((call) => call.operation === ORDER && call.applied).length;
  const byUs = ordersOf(evidence).filter((order) => order.viaApi).length;
  return {
    holds: paid.length === devices.size && sent === byUs,
    evidence: `${paid.length} orders for ${devices.size} devices, ${sent} sent by Sendoff`,
  };
}

/** In the words of the root and the thread, each version after the other. */
const TOLD = /Box: ([^·"\\]+?) · Device: ([^·"\\]+)/g;
const RANKS: readonly (readonly [RegExp, number])[] = [
  [/^delivered|^went back/, 3],
  [/transit|out for delivery|picked up|tried and failed|problem|lost sight/, 2],
  [/^label|cancelled/, 1],
];

function parcelsForward(evidence: Evidence): Finding {
  let told = 0;
  const back: string[] = [];
  for (const message of messagesOf(evidence)) {
    const before: [number, number] = [0, 0];
    for (const version of [message.original, ...message.edits])
      for (const [words, ...legs] of JSON.stringify(version.blocks).matchAll(TOLD)) {
        told += 1;
        for (const at of [0, 1] as const) {
          const rank = RANKS.find(([pattern]) => pattern.test(legs[at] ?? ''))?.[1] ?? 0;
          if (rank < before[at]) back.push(words);
          before[at] = Math.max(before[at], rank);
        }
      }
  }
  return {
    holds: told > 0 && back.length === 0,
    evidence: `told ${told} times${back.map((words) => `; went back: “${words}”`).join('')}`,
  };
}

function addressNowhere(evidence: Evidence): Finding {
  const streets = ordersOf(evidence).map(({ sent }) => sent.employee_info.address_line_1);
  const said = [
    ...messagesOf(evidence).flatMap((one) => [one.original, ...one.edits].map((version) => JSON.stringify(version))),
    ...evidence.after.jira.issues.map((ticket) => JSON.stringify(ticket)),
  ];
  const places = said.filter((words) => streets.some((street) => words.includes(street))).length;
  return { holds: streets.length > 0 && places === 0, evidence: `in ${places} of ${said.length} messages and tickets` };
}

function ordersOf({ after }: Evidence): readonly ReturnOrder[] {
  return after.retriever?.orders ?? [];
}

function messagesOf({ after }: Evidence): readonly Message[] {
  return after.slack.channels.flatMap(({ messages }) => messages);
}
