// A value that must not be shown by accident: printed, logged or stored in JSON it says only that it is one.

/** What is kept sealed: a lock's passcode, a box's home address. */
export type SecretKind = 'passcode' | 'address';

export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** Only where it is used: in the vendor's request, in the private answer to whom it is revealed. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[redacted]';
  }
  toJSON(): string {
    return '[redacted]';
  }
  /** What node:util's inspect, and with it console and logs, print. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}

/** Whose secret: one a run, subject and kind. */
export interface SecretPlace {
  readonly runId: string;
  readonly subject: string;
  readonly kind: SecretKind;
}

export interface Secrets {
  /** Null: none is kept. */
  open(place: SecretPlace): Promise<Secret | null>;
  /** Keeps it where none is kept yet; answers with the one that is kept, whoever sealed it. Committed before it answers. */
  sealOnce(place: SecretPlace, make: () => string | Promise<string>): Promise<Secret>;
  /** Where a person corrects what was kept. */
  replace(place: SecretPlace, value: string): Promise<void>;
}

/** Whether somebody may look at a passcode; `may`: it is in the audit log. `isAdopted`: only the MDM has it. */
export type RevealVerdict =
  | { readonly verdict: 'may'; readonly runId: string; readonly subject: string; readonly isAdopted: boolean }
  | { readonly verdict: 'unknown' | 'too_many' | 'not_operator' | 'needs_approver' | 'is_leaver' };

/** Where what an operator gives is sealed before their answer counts: of two who answer at once only the one's whose answer counted is used. */
export function givenPlace(subject: string, operator: string): string {
  return `${subject}#${operator}`;
}
