// What one vendor holds, read again whenever somebody has called it.
import { useEffect, useRef, useState } from 'react';
import { get } from '../connection.ts';
import { useSandbox } from '../store.ts';

/** Time passes at a vendor also when nobody calls. */
const EVERY_MS = 3_000;

export function useVendor<T>(name: string): T | null {
  return useAnswer<T>(`/vendor?name=${name}`, [name]);
}

/** Read again when one of these vendors is called; absent: when any is. */
export function useAnswer<T>(path: string, vendors?: readonly string[]): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  const called = useSandbox(({ called: counts }) =>
    (vendors ?? Object.keys(counts)).reduce((sum, one) => sum + (counts[one] ?? 0), 0),
  );
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    let isOver = false;
    let isWanted = false;
    let isReading = false;
    // What is read already is shown, however often it is called for meanwhile: else a busy vendor would never be.
    const read = async (): Promise<void> => {
      isWanted = true;
      if (isReading) return;
      isReading = true;
      while (isWanted && !isOver) {
        isWanted = false;
        const found = await get<T>(path).catch(() => null);
        if (!isOver && found !== null) setAnswer(found);
      }
      isReading = false;
    };
    again.current = () => void read();
    const timer = setInterval(again.current, EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [path]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again at every call
  useEffect(() => again.current(), [path, called]);
  return answer;
}
