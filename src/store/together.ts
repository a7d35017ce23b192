// Many who ask at the same moment share one statement: while one is on its way the others gather, and go together with the next.

interface Waiting<T, R> {
  readonly item: T;
  readonly done: (result: R) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * `send` answers for each item in order. Where it throws because of what was in one of them (`isOurs`), each is sent alone, so
 * that nobody pays for another's.
 */
export function together<T, R>(options: {
  send(items: readonly T[]): Promise<readonly R[]>;
  /** Items that may not share a statement. */
  keyOf(item: T): string;
  isOurs(error: unknown): boolean;
  most: number;
}): (item: T) => Promise<R> {
  const { send, keyOf, isOurs, most } = options;
  let waiting: Waiting<T, R>[] = [];
  let isSending = false;

  const answer = async (asked: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await send(asked.map(({ item }) => item));
      asked.forEach(({ done }, index) => void done(results[index] as R));
    } catch (error) {
      if (asked.length > 1 && isOurs(error)) for (const one of asked) await answer([one]);
      else for (const { fail } of asked) fail(error);
    }
  };

  const sendAll = async (): Promise<void> => {
    isSending = true;
    while (waiting.length > 0) {
      const keys = new Set<string>();
      const next = waiting.filter(({ item }) => keys.size < most && !keys.has(keyOf(item)) && keys.add(keyOf(item)));
      waiting = waiting.filter((one) => !next.includes(one));
      await answer(next);
    }
    isSending = false;
  };

  return (item) =>
    new Promise<R>((done, fail) => {
      waiting.push({ item, done, fail });
      if (!isSending) void sendAll();
    });
}
