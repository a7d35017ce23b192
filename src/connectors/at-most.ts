// Lets only so many calls of this process be on their way at once; the others wait their turn. Knows no vendor.

export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

export function atMost(count: number): Turn {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    // Whoever ends hands the place on, so that nobody who comes later gets in between.
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
