// The one error a connector throws: what happened at the vendor, classified. Connectors never retry; the runner decides.

export type ConnectorErrorKind =
  | 'transient' // certainly not applied, may work later: connection refused, maintenance answer to a read
  | 'rate_limited' // not applied; the vendor says when
  | 'ambiguous' // a write was sent and nobody knows: timeout, reset, 5xx, truncated or malformed answer
  | 'unauthorized' // our credentials, scopes or role
  | 'not_found'
  | 'rejected'; // the vendor said no, and will again

export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly kind: ConnectorErrorKind;
  readonly vendor: string;
  readonly operation: string;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** The vendor's own error code (`E0000007`, `not_in_channel`), if any. */
  readonly vendorCode: string | null;
  readonly reason: string;
  /** How long the vendor asks us to wait, in ms. */
  readonly retryAfterMs: number | null;

  constructor(facts: {
    kind: ConnectorErrorKind;
    vendor: string;
    operation: string;
    subject?: string;
    status?: number | null;
    vendorCode?: string | null;
    reason: string;
    retryAfterMs?: number | null;
    cause?: unknown;
  }) {
    const wait = facts.retryAfterMs ? ` (retry in ${facts.retryAfterMs} ms)` : '';
    const subject = facts.subject ? ` ${facts.subject}` : '';
    super(`${facts.vendor} ${facts.operation}${subject}: ${facts.status ?? 'no answer'} ${facts.reason}${wait}`, {
      cause: facts.cause,
    });
    this.kind = facts.kind;
    this.vendor = facts.vendor;
    this.operation = facts.operation;
    this.status = facts.status ?? null;
    this.vendorCode = facts.vendorCode ?? null;
    this.reason = facts.reason;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

/** Null for what the vendor says it does not have; only where the id in the question is ours, so that the answer speaks of it. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'not_found') return null;
    throw error;
  }
}
