// The daily preflight: the doctor's checks, told in the channel once, and only when what fails is not what was told last.
import { type Check, runChecks } from '../cli/doctor.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { Clock } from '../workflow/model/ports.ts';

/** The kind of the day's check among deliveries: its handler is replaced when it dies, like that of a command. */
export const PREFLIGHT = 'preflight';
/** The kind of what the channel is told; the newest is what stands there. */
const TOLD = 'preflight_told';
const ACTOR = 'sendoff';

export interface Preflight {
  /** Takes the day's slot; whichever process is first has it, and the others, and later calls of the day, do nothing. */
  start(): Promise<void>;
  /** Answers how it ended. Reads only, but for what the channel is told. */
  run(inbound: Inbound): Promise<string>;
}

export function createPreflight(deps: {
  checks: readonly Check[];
  inbound: InboundStore;
  clock: Clock;
  begin(inbound: Inbound): void;
  onTold(): void;
}): Preflight {
  const { inbound: store, clock } = deps;
  const delivery = { source: 'schedule', actor: ACTOR } as const;
  return {
    async start() {
      const key = `preflight:${dayOf(clock.now())}`;
      const taken = await store.receive(
        { ...delivery, key, kind: PREFLIGHT, payload: {}, announce: false, handled: false },
        clock.now(),
      );
      if (taken) deps.begin(taken);
    },

    async run(inbound) {
      const results = await runChecks(deps.checks);
      const failing = results.flatMap(({ name, findings }) =>
        findings.flatMap(({ level, says, fix }) =>
          level === 'problem' ? [{ check: name, says, fix: fix ?? '' }] : [],
        ),
      );
      const names = [...new Set(failing.map(nameOf))].sort();
      const last = await store.latest(TOLD);
      const told = Array.isArray(last?.payload.names) ? last.payload.names : [];
      if (JSON.stringify(told) === JSON.stringify(names)) return names.length === 0 ? 'fine' : 'unchanged';
      // One message a preflight, however many handlers it had: the second insert is none.
      await store.receive(
        {
          ...delivery,
          key: `preflight-told:${inbound.id}`,
          kind: TOLD,
          payload: { names, failing },
          announce: true,
          handled: true,
        },
        clock.now(),
      );
      deps.onTold();
      return 'told';
    },
  };
}

/** What fails, without what differs each day: figures, and the vendor's own words in brackets. */
export function nameOf({ check, says }: { readonly check: string; readonly says: string }): string {
  return `${check}: ${says.replaceAll(/ \([^)]*\)/g, '').replaceAll(/\b\d+(\.\d+)?\b/g, '#')}`;
}

/** The machine's own day. */
function dayOf(at: Date): string {
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
