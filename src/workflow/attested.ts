// An attempt at a step that a person says is done: it looks, writes nothing, and records what the vendor says to that.
import { ConnectorError } from '../connectors/connector-error.ts';
import { conclude, settled, waiting } from './attempt-end.ts';
import type { AttemptState } from './attempt-state.ts';
import type { AttemptOutcome, ClaimedStep } from './model/claimed-step.ts';
import type { Facts, Observation } from './model/step.ts';

/** A later Retry takes the attestation back; a reopened step has none. */
export function isAttested(claimed: Pick<ClaimedStep, 'attestedAttempt' | 'resumedAttempt'>): boolean {
  return claimed.attestedAttempt !== null && claimed.attestedAttempt >= claimed.resumedAttempt;
}

export async function confirmAttested(
  state: AttemptState,
  look: () => Promise<Observation>,
): Promise<AttemptOutcome | null> {
  try {
    const seen = await look();
    if (seen.is === 'satisfied' || seen.is === 'not_applicable') return settled(state, seen);
    return onTheirWord(state, seen.is === 'unknown' ? 'attested_unseen' : 'attested_against', seen.facts);
  } catch (error) {
    const end = await conclude(state, error);
    // A vendor that cannot be asked is asked again for a while; then the word of the person stands, and the record says so.
    return end?.event === 'ask' && error instanceof ConnectorError ? onTheirWord(state, 'attested_unseen', null) : end;
  }
}

function onTheirWord(
  state: AttemptState,
  cause: 'attested_unseen' | 'attested_against',
  facts: Facts | null,
): AttemptOutcome {
  return { ...waiting(state, cause, 0, facts), event: 'attest', dueAt: null, evidence: 'attested', failures: 0 };
}
