// Words about a device on its way back: what is promised is so, an address is nowhere, and nothing that people typed is live.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFormModal } from '../../../src/blocks/forms.ts';
import { buildParcelTrouble, buildReceiverCall, buildReceiverTask } from '../../../src/blocks/return-notices.ts';
import { parcelLine, returnAskedOf } from '../../../src/blocks/return-text.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import type { StepView } from '../../../src/workflow/model/run.ts';
import { wordsOf } from '../../support/words.ts';
import { allDone, aRun, aStep, expectGoodMessage, expectGoodModal, NOW, text } from './screens.ts';

const DEVICE = { subject: 'jamf:11', facts: { name: 'Dana’s MacBook', serial: 'C02DANA0001' } } as const;
const SINCE = '2026-02-20T09:00:00.000Z';
const tracking = (after: object, over: Partial<StepView> = {}): StepView =>
  aStep('return.track', {
    ...DEVICE,
    ...{ status: 'waiting', cause: 'vendor', stage: 'device', evidence: null, endedAt: null },
    after: { outStatus: 'delivered', outAt: SINCE, outCarrier: 'UPS', outNumber: '1Z1', ...after },
    ...over,
  });
const asking = (name: string, after: object, kind: 'form' | 'approve' = 'approve'): StepView =>
  aStep('return.ship', {
    ...DEVICE,
    ...{ status: 'needs_human', cause: null, stage: 'device', evidence: null, endedAt: null },
    need: {
      kind: 'question',
      question: { name, by: 'operator', ...(kind === 'form' ? { kind } : { kind, irreversible: false }) },
    },
    after: { ...after },
  });
const withStep = (step: StepView, over: object = {}) => aRun({ steps: [...allDone, step], ...over });
const wordsFor = (message: { blocks: readonly unknown[] } | null): string => wordsOf((message?.blocks ?? []) as never);

describe('where the parcels are', () => {
  it('is one line, in words for each leg', () => {
    expect(parcelLine({})).toBe('Box: not sent yet · Device: not on its way yet');
    expect(parcelLine({ outStatus: 'delivered', outAt: SINCE, backStatus: 'in_transit', backDueAt: SINCE })).toMatch(
      /^Box: delivered <!date.*> · Device: in transit, due <!date/,
    );
    expect(wordsFor(buildRunRoot(withStep(tracking({})), { now: NOW }))).toMatch(
      /waiting: Box: delivered .* · Device: not on its way yet/,
    );
  });

  it('nobody needs to do anything, unless a parcel is in trouble', () => {
    expect(wordsFor(buildStepReply(withStep(tracking({})), tracking({}), { now: NOW }))).toMatch(
      /Nobody needs to do anything/,
    );
    const stands = tracking({ trouble: 'out:stalled', troubleSince: SINCE });
    expect(wordsFor(buildStepReply(withStep(stands), stands, { now: NOW }))).toMatch(
      /Somebody has to look after a parcel/,
    );
  });
});

describe('a parcel in trouble', () => {
  it.each([
    'out:not_shipped',
    'out:stalled',
    'out:exception',
    'out:returned_to_sender',
    'out:expired',
    'out:cancelled',
    'back:stalled',
    'back:exception',
    'back:returned_to_sender',
    'back:expired',
    'back:cancelled',
  ])('%s is told with what to do, and says so when it is over', (trouble) => {
    const stands = tracking({ trouble, troubleSince: SINCE });
    const shown = wordsFor(buildParcelTrouble(withStep(stands), stands, trouble));
    expect(shown).toMatch(/needs somebody/);
    expect(shown).not.toMatch(/Please ask the carrier\./);
    expect(wordsFor(buildParcelTrouble(withStep(tracking({})), tracking({}), trouble))).toMatch(/was in trouble here/);
  });
});

it('a cancelled run says that its box stays ordered, and only then', () => {
  const ordered = aStep('return.ship', { ...DEVICE, after: { order: '48101', orderedAt: SINCE } });
  const cancelled = { status: 'cancelled', cancelledBy: 'T0ACME/U0LIN' } as const;
  expect(wordsFor(buildRunRoot(withStep(ordered, cancelled), { now: NOW }))).toMatch(
    /stays ordered: cancel it in Retriever’s portal/,
  );
  const byHand = aStep('return.ship', { ...DEVICE, after: { byHand: 'no_office' } });
  expect(wordsFor(buildRunRoot(withStep(byHand, cancelled), { now: NOW }))).not.toMatch(/stays ordered/);
});

describe('a box that is asked about', () => {
  it.each([
    ['address', { why: ['bamboohr_not_set_up'] }, /BambooHR is not set up/],
    ['address', { why: ['no_record'] }, /No record in BambooHR/],
    ['address', { why: ['bamboohr_not_read'] }, /could not be asked/],
    ['address', { why: ['refused'] }, /Retriever refused the order/],
    ['address', { why: ['line1 missing', 'zip malformed'] }, /the street is missing[\s\S]*the zip code is not what/],
    ['order_again', { missing: 'doubt' }, /read twice, two minutes apart[\s\S]*each order is paid for/],
    ['order_again', { missing: 'gone', order: '1' }, /no longer shows the order/],
    ['other_order', { other: '7', otherTicket: 'HELP-7', otherAt: SINCE }, /Order 7.*HELP-7/],
    ['shipment', { byHand: 'no_office' }, /returns\.office/],
    ['shipment', { byHand: 'no_box' }, /no box for this kind/],
  ] as const)('%s: %j', (name, after, words) => {
    const step = asking(name, after, name === 'address' || name === 'shipment' ? 'form' : 'approve');
    const reply = buildStepReply(withStep(step), step, { now: NOW });
    expect(wordsFor(reply)).toMatch(words);
    expectGoodMessage(reply, ['<@U0LIN>']);
  });
});

it('whatever people typed, Slack takes it and nothing in it is live', () => {
  fc.assert(
    fc.property(text, text, (name, word) => {
      const person = { name, email: 'dana@acme.test', title: null };
      const seat = { ...DEVICE, facts: { name: word, serial: word } };
      const stands = {
        ...tracking({ trouble: 'back:stalled', troubleSince: SINCE, backNumber: word, backCarrier: word }),
        ...seat,
      };
      const told = aStep('return.in_person', { ...seat, after: { receiver: 'U0GRACE', dueOn: word } });
      const form = { ...asking('address', { why: [word], other: word, otherTicket: word }, 'form'), ...seat };
      const known = { line1: word, city: word, state: word, zip: word, email: word, country: word };
      const run = withStep(stands, { person });
      expectGoodMessage(buildParcelTrouble(run, stands, 'back:stalled'), ['<@U0LIN>']);
      expectGoodMessage(buildReceiverTask(run, told), []);
      for (const isTold of [true, false]) expectGoodMessage(buildReceiverCall(run, told, isTold), ['<@U0GRACE>']);
      for (const question of ['address', 'shipment', 'courier'])
        expectGoodModal(buildFormModal(run, form, question, known), []);
      expect(returnAskedOf(form).join('\n')).not.toContain('undefined');
      for (const step of [stands, told, form])
        expectGoodMessage(buildStepReply(run, step, { now: NOW }), ['<@U0LIN>', '<@U0GRACE>']);
    }),
    { numRuns: 50 },
  );
});
