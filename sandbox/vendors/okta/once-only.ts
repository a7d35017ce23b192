// Identifiers that may be used once: remembered as long as whatever carries them could be taken, and no longer.
export class OnceOnly {
  readonly #lifeMs: number;
  /** When each may be forgotten, milliseconds since the epoch; oldest first. */
  readonly #used = new Map<string, number>();

  constructor(lifeSeconds: number) {
    this.#lifeMs = lifeSeconds * 1_000;
  }

  /** False: it was used before. */
  use(id: string): boolean {
    if (this.#used.has(id)) return false;
    const now = Date.now();
    for (const [old, until] of this.#used) {
      if (until > now) break;
      this.#used.delete(old);
    }
    this.#used.set(id, now + this.#lifeMs);
    return true;
  }
}
