// What could not be read for a plan, as a refusal in the operator’s way or a reason on a line.
import { ConnectorError } from '../connectors/connector-error.ts';
import { TooLate } from './deadline.ts';
import type { Refusal } from './model/plan.ts';

export interface UnreadableDeps {
  log: { warn(fields: object, message: string): void };
  /** A short word that an operator can quote and the log contains. */
  reference(): string;
}

export function unreadable(deps: UnreadableDeps, error: unknown, what: 'person' | 'safeguards'): Refusal {
  const reference = deps.reference();
  deps.log.warn({ reference, err: error }, 'the plan could not be made');
  if (error instanceof ConnectorError && error.kind === 'unauthorized')
    return { why: 'vendor_refused_us', vendor: error.vendor, reason: error.reason, reference };
  if (!(error instanceof ConnectorError) && !(error instanceof TooLate)) return { why: 'unexpected', reference };
  if (what === 'safeguards') return { why: 'safeguard_not_checked', what: reasonOf(error), reference };
  return {
    why: 'vendor_unreachable',
    vendor: error instanceof ConnectorError ? error.vendor : 'okta',
    reason: reasonOf(error),
    reference,
  };
}

export function reasonOf(error: unknown): string {
  if (error instanceof ConnectorError) return `${error.vendor}: ${error.status ?? 'no answer'} ${error.reason}`;
  return error instanceof Error ? error.message : String(error);
}
