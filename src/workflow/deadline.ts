// What an operator waits for at most while a plan is made, and what comes later than that.

/** The operator waits for this at most; what has not answered by then says "couldn't check". */
export const PREVIEW_DEADLINE_MS = 8_000;

export class TooLate extends Error {
  constructor() {
    super(`no answer within ${PREVIEW_DEADLINE_MS / 1000} s`);
  }
}

export async function within<T>(deadline: AbortSignal, promise: Promise<T>): Promise<T> {
  if (deadline.aborted) throw new TooLate();
  let give: (() => void) | undefined;
  const late = new Promise<never>((_, fail) => {
    give = () => fail(new TooLate());
    deadline.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    if (give) deadline.removeEventListener('abort', give);
  }
}
