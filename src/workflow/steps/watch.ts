// watch: on its day every closed door of the run is looked at again, read-only, by the steps' own observe. It says what is open, what is
// closed and what could not be read; it cuts nothing. Cut again is an operator's word (workflow/cut-again.ts).
import { ConnectorError } from '../../connectors/connector-error.ts';
import { rememberReads } from '../../connectors/okta/remembered-reads.ts';
import type { ClaimedStep } from '../model/claimed-step.ts';
import type { Facts, Observation, ReadContext, Step } from '../model/step.ts';
import { type Employment, type ReadDoors, WATCH, WATCH_DAYS, WATCHED } from '../model/watch.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** What does not answer on its day is tried again each hour for so long; then it is said that it could not be checked. */
const PATIENCE_MS = DAY_MS;

export interface WatchDeps {
  readonly doorsOf: ReadDoors;
  /** The step's own observe. Throws what the connector throws. */
  look(door: ClaimedStep, context: ReadContext): Promise<Observation>;
  /** When the person's Okta account became what it is; null: not known, or not active. */
  activeSince(context: ReadContext): Promise<Date | null>;
  /** What HR says of the person now. */
  employment(context: ReadContext): Promise<Employment>;
}

export function watch(deps: WatchDeps): Step {
  return {
    name: WATCH,
    // Not one vendor: each connector keeps its own pace.
    vendor: WATCH,
    stage: 'evidence',
    needs: [{ step: 'okta.deactivate', until: 'satisfied' }],
    settleMs: 0,
    keepsTryingEveryMs: HOUR_MS,
    verifies: 'read_back',
    subjects: () => WATCH_DAYS.map((day) => ({ id: String(day), facts: {} })),
    async observe(context): Promise<Observation> {
      const day = Number(context.subject);
      const dueInMs = (context.readyAt ?? context.since).getTime() + day * DAY_MS - context.now.getTime();
      if (dueInMs > 0 || context.run.id === '')
        return { is: 'under_way', facts: { day }, lookAgainInMs: Math.max(dueInMs, HOUR_MS) };
      const { isOver, doors } = await deps.doorsOf(context.run.id, WATCHED);
      if (isOver) return { is: 'not_applicable', facts: { day }, why: 'newer_run' };
      const seen = await rememberReads(() => lookAtAll(deps, doors, context));
      // Something that is open is told now; what did not answer alone has a day to answer.
      if (seen.open.length === 0 && seen.unread.length > 0 && -dueInMs < PATIENCE_MS)
        return { is: 'under_way', facts: { day, ...seen }, lookAgainInMs: HOUR_MS };
      return { is: 'satisfied', basis: 'read_back', facts: { day, ...seen } };
    },
  };
}

interface Reading {
  readonly key: string;
  readonly seen: Observation | null;
}

/** One after the other: it is nobody's emergency, and a limit is everybody's. */
async function lookAtAll(deps: WatchDeps, doors: readonly ClaimedStep[], context: ReadContext) {
  const readings: Reading[] = [];
  for (const door of doors) readings.push({ key: keyOf(door), seen: await read(() => deps.look(door, context)) });
  const isOpen = readings.some(({ seen }) => opens(seen));
  // What waits behind another door that is open again ("blocked first") says only that it is under way.
  const open = readings.filter(({ seen }) => opens(seen) || (isOpen && seen?.is === 'under_way'));
  const unread = readings.filter(({ seen }) => seen === null || seen.is === 'unknown');
  return {
    looked: readings.length,
    open: open.map(({ key }) => key),
    unread: unread.map(({ key }) => key),
    ...(isOpen && (await about(deps, open, context))),
  };
}

/** What an operator wants to know before they press: what it is, since when, and whether HR has the person back. */
async function about(deps: WatchDeps, open: readonly Reading[], context: ReadContext): Promise<Facts> {
  const since = await read(() => deps.activeSince(context));
  const hris = (await read(() => deps.employment(context))) ?? 'not_known';
  const effects = open.flatMap(({ seen }) => (seen?.is === 'unsatisfied' ? seen.would.map((one) => one.name) : []));
  const apps = open.flatMap(({ seen }) => seen?.facts.apps ?? []).filter((one) => typeof one === 'string');
  return { effects: [...new Set(effects)], apps, hris, ...(since && { since: since.toISOString() }) };
}

/** What hands work over closes nothing: that it would be given once more is no door. */
const GIVING = ['google.add_delegate', 'google.set_auto_reply'];

/** A step without its own way to close it asks somebody: that too is a door which is open. */
function opens(seen: Observation | null): boolean {
  if (seen?.is === 'unsatisfied') return seen.would.some(({ name }) => !GIVING.includes(name));
  return seen?.is === 'asks';
}

/** Null: it did not answer, or refused us. Anything else is a fault of ours. */
async function read<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ConnectorError) return null;
    throw error;
  }
}

/** As `cut_again` names a step of the run. */
function keyOf({ step, subject }: ClaimedStep): string {
  return `${step} ${subject}`.trim();
}
