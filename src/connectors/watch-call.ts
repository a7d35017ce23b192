// Tells whoever asked how each vendor call ended and how long it took. Knows nothing of what is done with it.
import { ConnectorError, type ConnectorErrorKind } from './connector-error.ts';

export interface CallReport {
  readonly vendor: string;
  /** The vendor's own name of the call, one of a fixed few: never an id or an address. */
  readonly operation: string;
  readonly kind: 'read' | 'write';
  readonly outcome: 'answered' | ConnectorErrorKind;
  readonly tookMs: number;
}
export type OnCall = (report: CallReport) => void;

/** `send` throws ConnectorErrors only; `onCall` must not throw. */
export async function watchCall<T>(
  onCall: OnCall | undefined,
  call: Pick<CallReport, 'vendor' | 'operation' | 'kind'>,
  send: () => Promise<T>,
): Promise<T> {
  if (!onCall) return send();
  const { vendor, operation, kind } = call;
  const startedAt = performance.now();
  const report = (outcome: CallReport['outcome']): void =>
    onCall({ vendor, operation, kind, outcome, tookMs: performance.now() - startedAt });
  try {
    const answer = await send();
    report('answered');
    return answer;
  } catch (error) {
    report(error instanceof ConnectorError ? error.kind : 'ambiguous');
    throw error;
  }
}
