// return.replacement: somebody says that the person works on another device before anything of this one is erased. It waits as
// long as that takes; where it is not in use yet, it is asked again a day later.
import { deviceSubject } from '../model/device.ts';
import type { Step } from '../model/step.ts';

export const RETURN_REPLACEMENT = 'return.replacement';
const QUESTION = 'replacement';
const ASKED_AGAIN_MS = 24 * 3_600_000;
/** What somebody works on; a monitor keeps nothing. */
const WORKED_ON = ['laptop', 'desktop', 'phone'];

export function returnReplacement(): Step {
  return {
    name: RETURN_REPLACEMENT,
    vendor: 'people',
    stage: 'device',
    needs: [],
    settleMs: 0,
    verifies: 'attested',
    subjects: ({ devices }) => devices.filter(({ kind }) => WORKED_ON.includes(kind)).map(deviceSubject),
    async observe(context) {
      const answer = context.answer(QUESTION);
      if (answer?.kind === 'approve' && answer.approved)
        return { is: 'satisfied', basis: 'accepted', facts: { inUse: true } };
      const passedMs = answer === null ? ASKED_AGAIN_MS : context.now.getTime() - answer.at.getTime();
      if (passedMs < ASKED_AGAIN_MS)
        return { is: 'under_way', facts: { inUse: false }, lookAgainInMs: ASKED_AGAIN_MS - passedMs };
      const question = { name: QUESTION, kind: 'approve', by: 'operator', irreversible: false } as const;
      return { is: 'asks', facts: { inUse: false }, need: { kind: 'question', question } };
    },
  };
}
