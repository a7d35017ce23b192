// Takes turns at what needs a processor: starting processes, and the moments between a kill and the next request. Most of
// a case is waiting, so many run side by side; but a recovery that is timed must not stand in a queue of other starts.

export type Lane = <T>(work: () => Promise<T>) => Promise<T>;

function aLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** One start, or one recovery, at a time. */
export const machine = aLane();
/** One offboarding at a time is on its way to where it is cut: none is held so long that its call ends by itself. */
export const strikes = aLane();
