// Takes turns at what needs a processor: starting processes, and the moments between a kill and the next request. Most of
// a case is waiting, so many run side by side; but a recovery that is timed must not stand in a queue of other starts, nor may
// a call that is held wait so long for its kill that it ends by itself.

interface Lane {
  <T>(work: () => Promise<T>): Promise<T>;
  /** Ahead of all who wait: only the one who works is waited for. */
  ahead<T>(work: () => Promise<T>): Promise<T>;
}

function aLane(): Lane {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  const free = (): void => {
    const next = waiting.shift();
    if (next) next();
    else isTaken = false;
  };
  const turn = (isAhead: boolean): Promise<void> | undefined => {
    if (isTaken) return new Promise((mine) => void (isAhead ? waiting.unshift(mine) : waiting.push(mine)));
    isTaken = true;
    return undefined;
  };
  const take = async <T>(work: () => Promise<T>, isAhead: boolean): Promise<T> => {
    await turn(isAhead);
    try {
      return await work();
    } finally {
      free();
    }
  };
  return Object.assign(<T>(work: () => Promise<T>) => take(work, false), {
    ahead: <T>(work: () => Promise<T>) => take(work, true),
  });
}

/** One start, or one recovery, at a time. */
export const machine = aLane();
/** One offboarding at a time is on its way to where it is cut: none is held so long that its call ends by itself. */
export const strikes = aLane();
