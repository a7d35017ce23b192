// What the nightly sweep finds. Pure types.

/** `key` names the finding from night to night. */
export type Leftover = { readonly key: string } & (
  | {
      readonly kind: 'account';
      /** Left according to HR, and this account is live. */
      readonly vendor: 'okta' | 'google';
      readonly email: string;
      readonly status: string;
      /** `YYYY-MM-DD`; null: HR does not say. */
      readonly endedOn: string | null;
    }
  | {
      readonly kind: 'delegation';
      readonly run: string;
      readonly code: string;
      readonly name: string;
      readonly since: string;
    }
  | {
      readonly kind: 'stuck';
      readonly run: string;
      readonly code: string;
      readonly name: string;
      readonly why: 'no_next' | 'asks' | 'overdue';
      /** '' where no step is the one. */
      readonly step: string;
      /** ISO 8601; null: since when it waits is what the sweep's own row says. */
      readonly since: string | null;
    }
  | { readonly kind: 'unread'; readonly vendor: string }
);

export interface KeptLeftover {
  readonly id: string;
  readonly leftover: Leftover;
  readonly foundAt: Date;
  /** Null: the channel has not been told. */
  readonly toldAt: Date | null;
}

export interface SweepRows {
  /** Mailboxes of ours past their day, and runs in which nothing goes on. */
  leftovers(now: Date): Promise<readonly Leftover[]>;
  /** Whether a run of this Okta user is live. */
  isLive(oktaId: string): Promise<boolean>;
  /** Whether a run has contained this Google account: then it is open by policy, or the watch looks at it. */
  isContained(googleId: string): Promise<boolean>;
  /** What is there now; what is gone is forgotten, but for vendors that could not be read. Answers with what is to
   *  be told: new, or told a week ago; what waits for somebody only after so many days of nights. */
  keep(
    found: readonly Leftover[],
    given: { readonly unread: readonly string[]; readonly waitingDays: number },
    now: Date,
  ): Promise<readonly KeptLeftover[]>;
  told(ids: readonly string[], now: Date): Promise<void>;
  find(id: string): Promise<KeptLeftover | null>;
}
