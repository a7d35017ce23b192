// return.receive: a person has the device in their hands and says which serial number stands on it. Another number than the one that
// was confirmed is another device: it is asked again, and nothing goes on. An approver may give the device up instead.
import { type DeviceFate, deviceOf, deviceSubject } from '../model/device.ts';
import type { Answer, Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';

export const RETURN_RECEIVE = 'return.receive';
export const RECEIVE_QUESTION = 'receive';
/** The run's policy has none: it was pinned by an older version. */
const REMIND_AFTER_DAYS = [3, 7, 14];

type Told = Extract<Answer, { kind: 'form' }>;

export function returnReceive(): Step {
  return {
    name: RETURN_RECEIVE,
    vendor: 'people',
    stage: 'device',
    needs: [
      [
        { step: 'return.ship', until: 'satisfied' },
        { step: 'return.in_person', until: 'satisfied' },
        { step: 'return.courier', until: 'satisfied' },
      ],
    ],
    settleMs: 0,
    verifies: 'accepted',
    subjects: ({ devices }) => devices.filter((one) => one.way !== 'none').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const givenUp = context.decisions.findLast((one) => one.kind === 'write_off');
      if (givenUp)
        return {
          is: 'not_applicable',
          facts: { writtenOffBy: givenUp.by, writtenOffAt: givenUp.at.toISOString() },
          why: 'written_off',
        };
      const facts: Facts = { fate: device.fate satisfies DeviceFate, holder: holderOf(context) };
      const told = context.answer(RECEIVE_QUESTION);
      if (told?.kind !== 'form') return asks(context, facts);
      const typed = plainSerial(told.fields.serial ?? '');
      if (device.serial !== null && typed !== plainSerial(device.serial))
        return asks(context, { ...facts, typed, typedBy: told.by });
      return {
        is: 'satisfied',
        basis: 'accepted',
        facts: { ...facts, ...receiptOf(told, typed, device.serial !== null) },
      };
    },
  };
}

/** Slack user id of whoever still works here and has it; null: a leaver, or somebody who is not known in Slack. */
function holderOf({ run }: ReadContext): string | null {
  const { 'return.reason': reason, slack } = run.ids;
  return typeof reason === 'string' && reason !== 'offboarding' && typeof slack === 'string' ? slack : null;
}

/** Case and blanks around it are the keyboard's; whether an O is a 0 is never guessed. */
export function plainSerial(text: string): string {
  return text.trim().toUpperCase();
}

function receiptOf(told: Told, serial: string, isCompared: boolean): Facts {
  return {
    serial,
    compared: isCompared,
    receivedAt: told.at.toISOString(),
    receivedBy: told.by,
    condition: told.fields.condition ?? null,
  };
}

function asks(context: ReadContext, facts: Facts): Observation {
  const days = context.run.policy['returns.remindAfterDays'];
  const question: Question = {
    kind: 'form',
    name: RECEIVE_QUESTION,
    by: 'operator',
    remindAfterDays: Array.isArray(days) ? days.map(Number) : REMIND_AFTER_DAYS,
    canWriteOff: true,
  };
  return { is: 'asks', facts, need: { kind: 'question', question } };
}
