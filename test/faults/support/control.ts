// Speaks to a simulator's control address: its journal, its state, its faults, and what its people do.
import type { Fault } from '../../../sandbox/vendors/faults.ts';
import type { Call } from '../../../sandbox/vendors/journal.ts';

export type { Call, Fault };

export interface Control {
  journal(): Promise<readonly Call[]>;
  state<T>(): Promise<T>;
  plan(fault: Fault): Promise<void>;
  /** The held calls, once there are `count` of them. */
  awaitHeld(count?: number, timeoutMs?: number): Promise<readonly Call[]>;
  /** `discard`: what was held before applying is never applied. */
  release(seq?: number, options?: { discard: boolean }): Promise<void>;
  command<T>(name: string, argument: object): Promise<T>;
}

const LOOK_AGAIN_MS = 10;

export function controlOf(url: string): Control {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${url}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    journal: () => ask('GET', '/journal'),
    state: () => ask('GET', '/state'),
    plan: async (fault) => void (await ask('POST', '/faults', fault)),
    async awaitHeld(count = 1, timeoutMs = 15_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const held = await ask<readonly Call[]>('GET', '/held');
        if (held.length >= count) return held;
        if (Date.now() > deadline) throw new Error(`${held.length} of ${count} calls were held within ${timeoutMs} ms`);
        await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
      }
    },
    release: async (seq, options) => void (await ask('POST', '/release', { seq, ...options })),
    command: (name, argument) => ask('POST', `/command/${name}`, argument),
  };
}
