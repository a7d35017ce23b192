// The contract every step keeps: it says what must be true of one subject. Only the runner decides when. Pure types.
import type { PlannedApp } from './app-plan.ts';
import type { RunDevice } from './device.ts';
import type { PlannedIntegration } from './integration.ts';
import type { Secret, SecretKind } from './secret.ts';

/** Never a secret, an address or a token: facts are stored, audited and shown. */
export type Fact = string | number | boolean | null | readonly string[];
export type Facts = Readonly<Record<string, Fact>>;

/** After doubt or an unsettled write: send again | find it, twice, `settleMs` apart, then send | ask a person. */
export type Repeat = 'safe' | 'search_first' | 'once';

/** One write a step may make. `name` is stored for ever; `target` is a vendor id where a step writes to several things. */
export interface Effect {
  readonly name: string;
  readonly target?: string;
  readonly repeat: Repeat;
  readonly irreversible?: true;
  /** What is asked of the vendor beyond name and target; a repeat with another request is refused. */
  readonly request?: Facts;
}

export type Need =
  | Failure
  | { readonly kind: 'question'; readonly question: Question }
  | { readonly kind: 'task'; readonly owner: string };

/** What a step asks a person; the next attempt finds the answer under `name`. */
export type Question = {
  /** Stored for ever, one for each thing a step may ask: `erase`, `delegate`. */
  readonly name: string;
  /** Whose answer counts, never the leaver's. `second_approver`: an approver who did not ask for the run. */
  readonly by: 'operator' | 'approver' | 'second_approver' | 'named';
  /** Slack user ids; with `named`, and operators all the same. */
  readonly people?: readonly string[];
  /** Operators (`T1/U2`) whose answer does not count: who received a device does not also allow its erasure. */
  readonly never?: readonly string[];
  /** Whoever it concerns is reminded so many days after it was first asked. Ascending; approvers are called with the last. */
  readonly remindAfterDays?: readonly number[];
  /** An approver may give up what it asks for instead (decision `write_off`). */
  readonly canWriteOff?: true;
} & (
  | { readonly kind: 'approve'; readonly irreversible: boolean }
  // `suggested`: a Slack user id, chosen already when the window opens
  | { readonly kind: 'choose_person'; readonly suggested: string | null }
  // a window with inputs, which the wording (blocks/forms) lays out by the question's name
  | { readonly kind: 'form' }
);

/** `person`: a Slack user id, never the leaver's. */
export type Answer =
  | { readonly kind: 'approve'; readonly approved: boolean; readonly by: string; readonly at: Date }
  | { readonly kind: 'choose_person'; readonly person: string; readonly by: string; readonly at: Date }
  | {
      readonly kind: 'form';
      readonly fields: Readonly<Record<string, string>>;
      readonly by: string;
      readonly at: Date;
    };

/** A step that stopped. `sent`: what its writes since it was opened may have changed at the vendor. */
export interface Failure {
  readonly kind: 'failed' | 'doubt';
  readonly code: FailureCode;
  /** The connector's sentence, for the log's reader; screens word the code. */
  readonly why: string;
  readonly tries: number;
  readonly effect: string | null;
  readonly status: number | null;
  readonly sent: 'nothing' | 'accepted' | 'in_doubt';
}

/** Why a person is asked, in a word: the wording (blocks) says it in a sentence. */
export type FailureCode =
  | 'no_answer' // reads failed: nothing was sent in this attempt
  | 'refused' // the vendor said no
  | 'unauthorized' // our credentials or their scopes
  | 'doubt' // sent, and nobody knows whether it was done
  | 'not_seen' // accepted, and still not so
  | 'changed' // a repeat would ask for something else than the unanswered write
  | 'unknown' // the vendor's state cannot be read, lastingly
  | 'vendor_failed' // the vendor began it, and says that it failed
  | 'unfinished' // the vendor began it, and has not finished for days
  | 'gone' // what it is about was deleted at the vendor
  | 'not_set_up' // the vendor's settings were taken away since the run began
  | 'bug'; // ours

export type Basis = 'read_back' | 'accepted' | 'moot';

export type Observation = { readonly facts: Facts } & (
  | { readonly is: 'satisfied'; readonly basis: Basis } // accepted: a receipt; moot: the door is gone
  | { readonly is: 'unsatisfied'; readonly would: readonly Effect[] } // the preview shows these; apply may do these, no others
  | { readonly is: 'under_way'; readonly lookAgainInMs: number }
  | { readonly is: 'not_applicable'; readonly why: string } // passes: skipped with this cause; ended, not satisfied
  | { readonly is: 'asks'; readonly need: Exclude<Need, Failure> }
  // cannot be read, lastingly, or another lasting trouble that a person has to know by its name; a failing read throws ConnectorError
  | {
      readonly is: 'unknown';
      readonly why: string;
      readonly code?: 'vendor_failed' | 'unfinished' | 'gone' | 'not_set_up';
    }
);
export type Unsatisfied = Observation & { readonly is: 'unsatisfied' };

/** What a run is opened with. */
export interface Pinned {
  readonly devices: readonly RunDevice[];
  /** Nobody has said which devices are theirs: Jamf did not answer, or no operator was there to say it. */
  readonly isUnread: boolean;
  /** Apps outside Okta whose owners are asked; absent: none. */
  readonly apps?: readonly PlannedApp[];
  /** API tokens and integrations that hang on the person; absent: none. */
  readonly integrations?: readonly PlannedIntegration[];
}

/** A pinned vendor id: a device, an app, a parcel. */
export interface Subject {
  readonly id: string;
  readonly facts: Facts;
}

export interface Receipt {
  readonly at: Date;
  readonly facts: Facts;
}

export interface Decision {
  readonly kind: string;
  readonly by: string;
  readonly at: Date;
  readonly answer: AnswerFacts;
}

/** As it is kept: a form's inputs under `fields`. */
export type AnswerFacts = Readonly<Record<string, Fact | Readonly<Record<string, string>>>>;

/** What observe may use. Reads only; the preview calls it without a step run, so receipts may be empty. */
export interface ReadContext {
  readonly run: { readonly id: string; readonly code: string; readonly ids: Facts; readonly policy: Facts };
  readonly subject: string;
  /** What was confirmed of the subject when the run opened. */
  readonly subjectFacts: Facts;
  readonly decisions: readonly Decision[];
  /** Business time. */
  readonly now: Date;
  /** When its needs were met, by the Clock; absent: they are not, or a plan asks. */
  readonly readyAt?: Date;
  /** When the run was asked for: sessions and tokens count as ended only by a write after this. */
  readonly since: Date;
  readonly signal: AbortSignal;
  /** The answer of the last accepted write of this effect since the step was last (re)opened. */
  receipt(effect: Pick<Effect, 'name' | 'target'>): Receipt | null;
  /** What a person said to this step's question since it was last (re)opened; null: nobody has answered yet. */
  answer(question: string): Answer | null;
  /** Targets of this effect that were asked for, whatever became of it, since the step was last (re)opened. */
  asked(effectName: string): readonly string[];
  /** When this effect was first asked for since the step was last (re)opened, by the Clock; null: it was not. */
  askedAt(effect: Pick<Effect, 'name' | 'target'>): Date | null;
  /** Targets of this effect whose last write the vendor refused, since the step was last (re)opened. */
  refused(effectName: string): readonly string[];
  /** The subject's sealed secret; `givenBy`: the one that this operator gave with an answer. Null: none is kept. */
  sealed(kind: SecretKind, givenBy?: string): Promise<Secret | null>;
}

export interface StepContext extends ReadContext {
  /** The only way to write: checks fence, cancellation and takeover's wait, commits the intent, sends, keeps the receipt.
   *  An ambiguous answer becomes a doubt and throws; the next attempt observes first. */
  write<T>(effect: Effect, send: () => Promise<T>, keep?: (answer: T) => Facts): Promise<T>;
  /** The subject's secret, made and sealed where none is kept: committed before this answers, the same for every attempt. */
  sealOnce(kind: SecretKind, make: () => string | Promise<string>): Promise<Secret>;
}

/** `tried`: satisfied, ended, or ready for `ms` of business time; met at once where it cannot start. */
export type StepNeed =
  | { readonly step: string; readonly until: 'satisfied' | 'ended' }
  | { readonly step: string; readonly until: 'tried'; readonly ms: number };

export type Stage = 'contain' | 'hand_over' | 'device' | 'evidence' | 'close';

/** Claim order between vendors' ready steps: access first, evidence before logistics. */
export const PRIORITIES: Readonly<Record<Stage, number>> = {
  contain: 50,
  evidence: 40,
  hand_over: 30,
  device: 20,
  close: 10,
};

export interface Step {
  /** Stored for ever: `okta.block`. */
  readonly name: string;
  readonly vendor: string;
  readonly stage: Stage;
  /** All of these; an inner list means any one of it. */
  readonly needs: readonly (StepNeed | readonly StepNeed[])[];
  /** After an accepted write an unsatisfied read means waiting until this has passed. Business time. */
  readonly settleMs: number;
  /** It removes what a legal hold keeps: while one stands it waits, asks nobody and writes nothing. */
  readonly blockedByHold?: true;
  /** Where others stop and ask a person, it waits so long and tries again, for ever: what it does must not be left undone. */
  readonly keepsTryingEveryMs?: number;
  /** True: where a step that it needs may have written, a cancelled run still does this one. */
  readonly outlivesCancel?: true;
  /** The best evidence it can ever give; the report says so. */
  readonly verifies: Basis | 'attested';
  /** Fan-out, pinned when the run opens; absent: one subject, ''. */
  subjects?(pinned: Pinned): readonly Subject[];
  observe(context: ReadContext): Promise<Observation>;
  /** Makes the writes of `seen.would`, in that order, and no others. Absent: people's work, or a watch. */
  apply?(context: StepContext, seen: Unsatisfied): Promise<void>;
}
