// The nightly sweep as a job of one process: a slot a night, one message for all of it, and nothing told twice.
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { KeptLeftover, SweepRows } from '../workflow/model/sweep.ts';
import { type SweepDeps, sweepAll } from '../workflow/sweep.ts';

export const SWEEP = 'sweep';
/** The kind of what the channel is told. */
const TOLD = 'sweep_told';
const ACTOR = 'sendoff';

export interface NightlySweep {
  /** Takes the night's slot once its hour has come, by the Clock, in the machine's own zone. `now`: whatever the hour. */
  start(options?: { now: boolean }): Promise<void>;
  /** Answers how it ended. */
  run(inbound: Inbound): Promise<string>;
}

export function createNightlySweep(
  deps: SweepDeps & {
    readonly rows: SweepRows;
    readonly inbound: InboundStore;
    readonly clock: Clock;
    /** Where a run's thread stands; null: nowhere yet. */
    threadUrl(runId: string): Promise<string | null>;
    begin(inbound: Inbound): void;
    onTold(): void;
  },
): NightlySweep {
  const delivery = { source: 'schedule', actor: ACTOR } as const;
  return {
    async start({ now } = { now: false }) {
      const at = deps.clock.now();
      if (!now && at.getHours() < deps.policy.policy.sweep.hour) return;
      const key = `sweep:${dayOf(at)}`;
      const taken = await deps.inbound.receive(
        { ...delivery, key, kind: SWEEP, payload: {}, announce: false, handled: false },
        at,
      );
      if (taken) deps.begin(taken);
    },

    async run(inbound) {
      const swept = await sweepAll(deps);
      const now = deps.clock.now();
      const news = await deps.rows.keep(
        swept.found,
        { unread: swept.unread, waitingDays: deps.policy.policy.sweep.waitingDays },
        now,
      );
      if (news.length === 0) return swept.found.length === 0 ? 'nothing' : 'unchanged';
      const told = await Promise.all(news.map((one) => withLink(one)));
      // One message a night, however many handlers it had: the second insert is none.
      await deps.inbound.receive(
        { ...delivery, key: `sweep-told:${inbound.id}`, kind: TOLD, payload: { told }, announce: true, handled: true },
        now,
      );
      deps.onTold();
      await deps.rows.told(
        news.map(({ id }) => id),
        now,
      );
      return 'told';
    },
  };

  async function withLink({ id, leftover, foundAt, toldAt }: KeptLeftover) {
    const url = 'run' in leftover ? await deps.threadUrl(leftover.run).catch(() => null) : null;
    return { id, leftover, foundAt: foundAt.toISOString(), isAgain: toldAt !== null, url };
  }
}

/** The machine's own day. */
function dayOf(at: Date): string {
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
