// How a step ended: why it failed, or how well it is known to be done. In a few words, for more than one screen.
import type { StepView } from '../workflow/model/run.ts';
import type { FailureCode } from '../workflow/model/step.ts';
import { vendorName } from './vendor-words.ts';

/** A failure in a few words, for the run's line. */
export const FAILURE_SHORT: Readonly<Record<FailureCode, (vendor: string) => string>> = {
  no_answer: (vendor) => `${vendor} did not answer`,
  refused: (vendor) => `${vendor} refused`,
  unauthorized: (vendor) => `${vendor} does not accept Sendoff’s credentials`,
  doubt: (vendor) => `no answer from ${vendor}`,
  not_seen: (vendor) => `${vendor} accepted it, but it does not show`,
  changed: () => 'a repeat would ask for something else',
  unknown: (vendor) => `the state at ${vendor} cannot be read`,
  vendor_failed: (vendor) => `${vendor} says that it failed`,
  unfinished: (vendor) => `${vendor} has not finished for seven days`,
  gone: () => 'the account is deleted',
  not_set_up: (vendor) => `${vendor} is not set up any more`,
  bug: () => 'a fault in Sendoff',
};

/** How well a done step is known to be done. */
export function evidenceWords(evidence: StepView['evidence'], step: string): string {
  switch (evidence) {
    case 'read_back':
      return `read back from ${vendorName(step)}`;
    case 'accepted':
      if (step === 'return.replacement') return 'on an operator’s word';
      if (step === 'okta.integrations') return 'attested by an operator, not verified';
      if (step === 'return.courier') return 'on the word of whoever answered';
      if (step === 'return.receive') return 'on the word of whoever received it';
      return `accepted by ${vendorName(step)}`;
    case 'moot':
      return 'no longer needed';
    case 'attested':
      return step === 'app.owner' ? 'attested, not verified' : 'marked done by hand';
    case null:
      return 'no evidence kept';
    default:
      return evidence satisfies never;
  }
}
