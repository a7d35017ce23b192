// Faults asked for through the control address, each for the next n calls of one operation.
import type { Call, Journal } from './journal.ts';

const KINDS = [
  'status', // answer `status` (503 by default) without applying
  'rate_limit', // 429 with Retry-After, without applying
  'delay', // wait `delayMs`, then go on as usual
  'hold_before', // stop before applying until released
  'hold_answer', // apply, then keep the answer until released
  'drop_after', // apply, then reset the connection
  'truncate', // apply, then send half of the answer
  'reset', // reset the connection without applying
] as const;

export interface Fault {
  readonly kind: (typeof KINDS)[number];
  /** An operation's name, or `*` for any. */
  readonly operation: string;
  /** How many calls it hits; 1 if absent. */
  readonly times?: number;
  /** How many matching calls pass first; 0 if absent. */
  readonly skip?: number;
  /** Only calls that change something. */
  readonly onlyWrites?: boolean;
  /** Only calls whose path with query contains this. */
  readonly pathIncludes?: string;
  readonly status?: number;
  readonly body?: unknown;
  readonly delayMs?: number;
  readonly retryAfterSeconds?: number;
}

/** As it comes over the wire. */
export function isFault(given: object): given is Fault {
  const { kind, operation } = given as Partial<Fault>;
  return KINDS.some((one) => one === kind) && typeof operation === 'string';
}

/** How a held call was let go. */
export type Fate = 'released' | 'discarded';

export class FaultPlan {
  #plan: { fault: Fault; left: number; skip: number }[] = [];
  #held = new Map<number, { call: Call; go: (fate: Fate) => void }>();

  add(fault: Fault): { planned: number } {
    this.#plan.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
    return { planned: this.#plan.length };
  }

  /** Also lets held calls go. */
  clear(): { cleared: number } {
    const cleared = this.#plan.length;
    this.#plan = [];
    this.releaseAll();
    return { cleared };
  }

  /** What is still to come, oldest first. */
  list(): readonly { readonly fault: Fault; readonly left: number }[] {
    return this.#plan.filter((one) => one.left > 0).map(({ fault, left }) => ({ fault, left }));
  }

  take(operation: string, path: string, isWrite: boolean): Fault | null {
    for (const entry of this.#plan) {
      const { fault } = entry;
      if (fault.operation !== '*' && fault.operation !== operation) continue;
      if (fault.onlyWrites === true && !isWrite) continue;
      if (fault.pathIncludes !== undefined && !path.includes(fault.pathIncludes)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      if (entry.left <= 0) continue;
      entry.left -= 1;
      return fault;
    }
    return null;
  }

  /** Resolves with what became of the call: it goes on, or its connection is broken. */
  async hold(call: Call, journal: Journal, where: 'before' | 'answer'): Promise<Fate> {
    return new Promise<Fate>((go) => {
      this.#held.set(call.seq, { call, go });
      journal.move(call, where === 'before' ? 'held_before' : 'held_answer');
    });
  }

  held(): readonly Call[] {
    return [...this.#held.values()].map((one) => one.call);
  }

  /** `discard`: the connection is broken; what was held before applying is never applied. */
  release(seq?: number, discard = false): { released: number } {
    const chosen = [...this.#held.keys()].filter((key) => seq === undefined || key === seq);
    for (const key of chosen) {
      this.#held.get(key)?.go(discard ? 'discarded' : 'released');
      this.#held.delete(key);
    }
    return { released: chosen.length };
  }

  releaseAll(): void {
    this.release();
  }
}
