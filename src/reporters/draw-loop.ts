// Draws whatever is due, as long as something is: claims pictures, hands each to `draw`, sleeps until the next one is due.
import type { ClaimedReport, ReportStore } from '../store/reports.ts';

const AT_ONCE = 5;
const AFTER_TROUBLE_MS = 1_000;

export interface DrawLoop {
  wake(): void;
  /** True while a picture is in hand. */
  isBusy(): boolean;
  stop(): Promise<void>;
}

/** `draw` finishes its report itself, whatever happens. */
export function createDrawLoop(deps: {
  reports: Pick<ReportStore, 'claim' | 'nextInMs'>;
  draw(report: ClaimedReport): Promise<void>;
  onError(error: unknown): void;
}): DrawLoop {
  let drawing: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  function wake(): void {
    if (stopped) return;
    if (drawing) {
      again = true;
      return;
    }
    if (timer) clearTimeout(timer);
    timer = null;
    drawing = drawAll()
      .catch((error: unknown) => {
        deps.onError(error);
        wakeIn(AFTER_TROUBLE_MS);
      })
      .finally(() => {
        drawing = null;
        if (again) {
          again = false;
          wake();
        }
      });
  }

  function wakeIn(ms: number): void {
    if (stopped || timer) return;
    timer = setTimeout(() => {
      timer = null;
      wake();
    }, ms);
  }

  async function drawAll(): Promise<void> {
    for (;;) {
      const claimed = stopped ? [] : await deps.reports.claim(AT_ONCE);
      if (claimed.length === 0) break;
      await Promise.all(claimed.map(deps.draw));
    }
    const nextMs = await deps.reports.nextInMs();
    if (nextMs !== null) wakeIn(Math.max(50, nextMs));
  }

  return {
    wake,
    isBusy: () => drawing !== null,
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      await drawing;
    },
  };
}
