// What every command gets: stores, and where to print.
import type { AuditStore } from '../store/audit.ts';
import type { OperatorStore } from '../store/operators.ts';

export interface CommandContext {
  readonly operators: OperatorStore;
  readonly audit: AuditStore;
  readonly keys: {
    /** Version of the key that seals; null: none is set. */
    readonly newest: number | null;
    rotate(): Promise<{ rewrapped: number; left: number }>;
    count(): Promise<ReadonlyMap<number, number>>;
  };
  /** Who the change is booked on: the system's user. */
  readonly actor: string;
  print(text: string): void;
  printError(text: string): void;
}

/** The arguments cannot be read; the message says what to type. */
export class CommandError extends Error {}
