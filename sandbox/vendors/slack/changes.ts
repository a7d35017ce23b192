// Tells whoever listens what people in the simulated Slack now see otherwise, so that a page can be redrawn without asking.

export type Change =
  | { readonly what: 'message'; readonly channel: string; readonly ts: string }
  | { readonly what: 'ephemeral'; readonly user: string; readonly ts: string }
  /** Modals, lowest first, or the Home tab. */
  | { readonly what: 'windows' | 'home'; readonly user: string }
  | { readonly what: 'people' };

export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Answers with the function that ends it. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
