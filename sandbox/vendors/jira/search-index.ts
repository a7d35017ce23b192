// What searches see: the site as it was a while ago. Writes reach it late, or not at all while it is frozen.
// @see https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/
import type { Issue } from './site.ts';

interface Change {
  readonly at: number;
  readonly id: string;
  /** Null: deleted. */
  readonly issue: Issue | null;
}

export class SearchIndex {
  /** How long a change takes until searches see it, in ms. */
  delayMs: number;
  readonly #now: () => number;
  #isFrozen = false;
  #seen = new Map<string, Issue>();
  #waiting: Change[] = [];

  /** `now`: the site's own time, in ms since the epoch. */
  constructor(delayMs: number, now: () => number) {
    this.delayMs = delayMs;
    this.#now = now;
  }

  /** To be told of every write to an issue, with what became of it. */
  changed(id: string, issue: Issue | null): void {
    this.#waiting.push({ at: this.#now(), id, issue: issue && structuredClone(issue) });
  }

  /** Copies; a deleted issue is among them until its deletion has come through. */
  issues(): readonly Issue[] {
    if (!this.#isFrozen) this.#takeIn(this.#now() - this.delayMs);
    return [...this.#seen.values()];
  }

  freeze(on: boolean): void {
    this.issues();
    this.#isFrozen = on;
  }

  /** Takes everything in at once. */
  flush(): void {
    this.#takeIn(Number.POSITIVE_INFINITY);
  }

  clear(): void {
    this.#seen.clear();
    this.#waiting = [];
    this.#isFrozen = false;
  }

  #takeIn(until: number): void {
    const due = this.#waiting.filter((one) => one.at <= until);
    this.#waiting = this.#waiting.filter((one) => one.at > until);
    for (const { id, issue } of due) {
      if (issue) this.#seen.set(id, issue);
      else this.#seen.delete(id);
    }
  }
}
