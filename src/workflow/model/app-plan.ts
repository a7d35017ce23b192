// The apps outside Okta that a plan found to concern a person, and the decision facts among what it says of them. Pure types.

/** As it was when the plan was read; who is asked is found again when the step runs. */
export interface PlannedApp {
  /** Subject of its step, stored for ever. */
  readonly key: string;
  readonly name: string;
  /** Address of who is asked first, for people's eyes. */
  readonly owner: string;
  /** The owner is the person who leaves: the backup is asked. */
  readonly isOwnersOwn: boolean;
}

/** Which apps, never who looks after them: that may change under an open window. */
export function decisionsOnApps(apps: readonly PlannedApp[] | undefined): readonly string[] {
  return (apps ?? []).map(({ key }) => key).sort();
}
