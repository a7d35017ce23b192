// The history of one simulator: every call, whether it changed the vendor's state, and whether its answer was sent.

export interface Call {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly write: boolean;
  state: 'received' | 'held_before' | 'applied' | 'held_answer' | 'answered';
  /** True once the call has changed the vendor's state. */
  applied: boolean;
  /** null: the connection was broken instead of an answer. */
  status: number | null;
  detail: Record<string, unknown>;
}

export interface Wanted {
  /** An operation's name, or `*`. */
  readonly operation: string;
  readonly state: Call['state'];
  readonly count: number;
  readonly afterSeq: number;
  readonly timeoutMs: number;
}

const ORDER: readonly Call['state'][] = ['received', 'held_before', 'applied', 'held_answer', 'answered'];

export class Journal {
  calls: Call[] = [];
  /** Older ones are forgotten: a simulator that runs for days must not grow. */
  most = Number.POSITIVE_INFINITY;
  #seq = 0;
  #waiters = new Set<() => void>();
  #listeners = new Set<(call: Call) => void>();

  /** Called at every step of every call. */
  listen(listener: (call: Call) => void): void {
    this.#listeners.add(listener);
  }

  open(one: Pick<Call, 'operation' | 'method' | 'path' | 'write'>): Call {
    const call: Call = {
      seq: ++this.#seq,
      at: Date.now(),
      ...one,
      state: 'received',
      applied: false,
      status: null,
      detail: {},
    };
    this.calls.push(call);
    if (this.calls.length > this.most) this.calls.splice(0, Math.ceil(this.most / 4));
    this.#tell(call);
    return call;
  }

  move(call: Call, state: Call['state']): void {
    call.state = state;
    this.#tell(call);
  }

  apply(call: Call, applied: boolean, detail: Record<string, unknown>): void {
    call.applied = applied;
    Object.assign(call.detail, detail);
    this.move(call, 'applied');
  }

  answer(call: Call, status: number | null, applied: boolean, detail: Record<string, unknown>): void {
    call.status = status;
    call.applied = applied;
    Object.assign(call.detail, detail);
    this.move(call, 'answered');
  }

  clear(): number {
    const had = this.calls.length;
    this.calls = [];
    return had;
  }

  /** Resolves with the calls once `count` of them have come at least as far as `state`; null after `timeoutMs`. */
  async waitFor(wanted: Wanted): Promise<readonly Call[] | null> {
    const found = (): Call[] =>
      this.calls.filter(
        (call) =>
          call.seq > wanted.afterSeq &&
          (wanted.operation === '*' || call.operation === wanted.operation) &&
          (wanted.state.startsWith('held')
            ? call.state === wanted.state
            : ORDER.indexOf(call.state) >= ORDER.indexOf(wanted.state)),
      );
    const deadline = Date.now() + wanted.timeoutMs;
    while (found().length < wanted.count) {
      const left = deadline - Date.now();
      if (left <= 0) return null;
      await new Promise<void>((done) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiters.delete(wake);
          done();
        };
        const timer = setTimeout(wake, left);
        this.#waiters.add(wake);
      });
    }
    return found();
  }

  #tell(call: Call): void {
    for (const listener of this.#listeners) listener(call);
    for (const wake of [...this.#waiters]) wake();
  }
}
