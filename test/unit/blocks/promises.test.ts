// Promises in the text are requirements: "Nothing was changed" stands only where nothing was sent, and a doubt is never hidden.
import { describe, expect, it } from 'vitest';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import type { Failure, FailureCode } from '../../../src/workflow/model/step.ts';
import { GOOGLE_EFFECTS, GOOGLE_STEPS } from './google-words.ts';
import { aRun, failed, NOW } from './screens.ts';

const CODES: readonly FailureCode[] = [
  'no_answer',
  'refused',
  'unauthorized',
  'doubt',
  'not_seen',
  'changed',
  'unknown',
  'bug',
  'gone',
  'not_set_up',
];
const STEPS = [
  'okta.snapshot',
  'okta.block',
  'okta.factors',
  'okta.devices',
  'okta.deactivate',
  'jamf.erase',
  'inventory.checkin',
  'jira.ticket',
  'some.other',
  ...GOOGLE_STEPS,
];
const EFFECTS = [
  null,
  'okta.suspend_user',
  'okta.end_sessions',
  'okta.deactivate_user',
  'okta.unenroll_factor',
  'jamf.erase_device',
  'okta.deactivate_device',
  'okta.delete_device',
  'odd.effect',
  ...GOOGLE_EFFECTS,
];
const SENT: readonly Failure['sent'][] = ['nothing', 'accepted', 'in_doubt'];

/** A step writes to its own vendor only. */
function isOf(step: string, effect: string | null): boolean {
  return effect === null || effect === 'odd.effect' || effect.split('.')[0] === step.split('.')[0];
}

const CASES = SENT.flatMap((sent) =>
  CODES.flatMap((code) =>
    STEPS.flatMap((step) =>
      EFFECTS.filter((effect) => isOf(step, effect)).map((effect) =>
        failed(step, { sent, code, effect, kind: sent === 'in_doubt' ? 'doubt' : 'failed' }),
      ),
    ),
  ),
);
const sentOf = (step: (typeof CASES)[number]): Failure['sent'] => (step.need as Failure).sent;
const wordsOf = (step: (typeof CASES)[number]): string => {
  const run = aRun({ steps: [step] });
  return JSON.stringify([buildStepReply(run, step), buildRunRoot(run, { now: NOW })]);
};

describe('a step that needs somebody', () => {
  it('says "Nothing was changed" exactly where nothing was sent', () => {
    for (const step of CASES)
      expect(/nothing (was|has) changed|nothing was sent/i.test(wordsOf(step)), JSON.stringify(step.need)).toBe(
        sentOf(step) === 'nothing',
      );
  });

  it('says that it does not know exactly where a request got no answer', () => {
    for (const step of CASES)
      expect(wordsOf(step).includes('I don’t know whether it was done'), JSON.stringify(step.need)).toBe(
        sentOf(step) === 'in_doubt',
      );
  });

  it('says that something was accepted where something was', () => {
    for (const step of CASES.filter((one) => sentOf(one) === 'accepted')) expect(wordsOf(step)).toMatch(/accepted/i);
  });

  it('always offers Retry and never claims it is done', () => {
    for (const step of CASES) {
      expect(wordsOf(step)).toContain('step_retry');
      expect(wordsOf(step)).not.toContain('white_check_mark');
    }
  });
});
