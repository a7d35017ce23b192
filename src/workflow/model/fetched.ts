// What a run's own rows say of a device that is fetched. Pure types.

export interface Fetched {
  /** Null: not (yet) received. */
  readonly received: {
    readonly at: Date;
    /** Operator key of who said so. */
    readonly by: string | null;
    /** The serial number on it was compared with the one that was confirmed. */
    readonly isCompared: boolean;
  } | null;
  readonly isWrittenOff: boolean;
  /** Confirmed by the device, or on a person's word. */
  readonly isErased: boolean;
  /** Key of the run's ticket; null: none. */
  readonly ticket: string | null;
  readonly person: { readonly name: string; readonly email: string };
}

/** Null: no such run, as in a plan. */
export type ReadFetched = (runId: string, subject: string) => Promise<Fetched | null>;
