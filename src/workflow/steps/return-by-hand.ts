// Ways back that people arrange and say so: a box without Retriever, and a courier. The answer is all that is known of it.
import { deviceSubject } from '../model/device.ts';
import type { Facts, Observation, ReadContext, Step } from '../model/step.ts';

export const SHIPMENT_QUESTION = 'shipment';
export const COURIER_QUESTION = 'courier';
export const RETURN_COURIER = 'return.courier';

/** Why Retriever is not asked for a box. */
export type HandOver = 'retriever_not_set_up' | 'no_office' | 'no_box';

export function returnCourier(): Step {
  return {
    name: RETURN_COURIER,
    vendor: 'people',
    stage: 'device',
    needs: [],
    settleMs: 0,
    verifies: 'accepted',
    subjects: ({ devices }) => devices.filter((one) => one.way === 'courier').map(deviceSubject),
    observe: async (context) => told(context, COURIER_QUESTION, {}),
  };
}

/** A box that somebody sends: with its numbers the parcels are followed all the same. */
export function byHandOnly(context: ReadContext, why: HandOver): Observation {
  return told(context, SHIPMENT_QUESTION, { byHand: why });
}

function told(context: ReadContext, name: string, facts: Facts): Observation {
  const answer = context.answer(name);
  if (answer?.kind === 'form')
    return {
      is: 'satisfied',
      basis: 'accepted',
      facts: { ...facts, ...answer.fields, orderedAt: answer.at.toISOString() },
    };
  return { is: 'asks', facts, need: { kind: 'question', question: { kind: 'form', name, by: 'operator' } } };
}
