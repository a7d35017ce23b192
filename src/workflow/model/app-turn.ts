// Whose turn it is to answer for an app outside Okta: the owner's, then the backup's, then whom an operator chose. By the policy's hours and the Clock. Pure.
import { type App, deadlineMs } from './app-policy.ts';
import type { Fact, Facts } from './step.ts';
import { addWorkingTime, isWorkingMoment, nextWorkingMoment } from './working-time.ts';

export type Turn = 'owner' | 'backup' | 'chosen';

/** Why somebody is not asked at all. */
export type NotAsked = 'not_in_slack' | 'is_leaver';

/** Slack user id, or why they cannot be asked. */
export type Found = { readonly id: string } | { readonly not: NotAsked };

/** What a step run keeps of it, in its facts: ids, instants (ISO 8601) and words, never an address. */
export interface Asking {
  readonly turn: Turn;
  /** Whose turn it is. */
  readonly who: string;
  /** When they are asked; may lie ahead. */
  readonly askAt: string;
  /** Half of their time is over, and all of it. */
  readonly nudgeAt: string;
  readonly dueAt: string;
  /** Everybody who was asked so far: each of them may answer. */
  readonly asked: readonly string[];
  /** `U1|half|2026-03-02T13:00:00.000Z`: every call that was due so far. `new`: asked; `half`, `due`: of their time. */
  readonly nudges: readonly string[];
  /** Why it is no longer (or never was) the owner's turn, and the backup's; null: it is or was. */
  readonly ownerPassed: NotAsked | 'silent' | null;
  readonly backupPassed: NotAsked | 'silent' | null;
  /** When the answer was given by which an operator chose somebody; null: nobody was chosen. */
  readonly chosenAt: string | null;
}

export type Next =
  | { readonly is: 'asked'; readonly asking: Asking; readonly lookAt: Date }
  /** Operators have to say who is asked instead. `nobody`: neither is in Slack; `silent`: nobody answered in time. */
  | { readonly is: 'stuck'; readonly why: 'nobody' | 'silent'; readonly asking: Asking | null };

/** All apps of one owner are asked about at one moment, and reminded of at one: what comes within this is the same moment. */
const GRID_MS = 5 * 60_000;
/** As long after its moment a reminder is still on time, at the end of a working day too. */
const SOON_MS = 15 * 60_000;

export function nextTurn(given: {
  readonly app: App;
  readonly now: Date;
  /** As kept by the last look; null: nobody was asked yet. */
  readonly before: Asking | null;
  readonly owner: Found;
  readonly backup: Found;
  readonly chosen: { readonly id: string; readonly at: Date } | null;
}): Next {
  const { app, now, before, owner, backup, chosen } = given;
  if (chosen && before?.chosenAt !== chosen.at.toISOString())
    return goOn(app, now, begin(app, now, { turn: 'chosen', who: chosen.id, before, chosenAt: chosen.at }), given);
  if (before) return goOn(app, now, before, given);
  if ('id' in owner) return goOn(app, now, begin(app, now, { turn: 'owner', who: owner.id, before: null }), given);
  if ('id' in backup) {
    const passed = { ownerPassed: owner.not };
    return goOn(app, now, begin(app, now, { turn: 'backup', who: backup.id, before: null, passed }), given);
  }
  return { is: 'stuck', why: 'nobody', asking: null };
}

type Given = Parameters<typeof nextTurn>[0];

function goOn(app: App, now: Date, asking: Asking, given: Given): Next {
  const found = asking.turn === 'owner' ? given.owner : given.backup;
  // Somebody who left Slack meanwhile is not waited for; whom an operator chose is known by id already.
  const gone = asking.turn !== 'chosen' && 'not' in found ? found.not : null;
  const seen = gone === null ? reminded(app, now, asking) : asking;
  const isOver = gone !== null || now >= new Date(asking.dueAt);
  if (!isOver) return { is: 'asked', asking: seen, lookAt: nextMoment(app, now, seen) };
  const why: NotAsked | 'silent' = gone ?? 'silent';
  if (asking.turn === 'owner') {
    const passed = { ownerPassed: why };
    if ('id' in given.backup) {
      const begun = begin(app, now, { turn: 'backup', who: given.backup.id, before: seen, passed });
      return { is: 'asked', asking: begun, lookAt: nextMoment(app, now, begun) };
    }
    return {
      is: 'stuck',
      why: gone === null ? 'silent' : 'nobody',
      asking: { ...seen, ...passed, backupPassed: given.backup.not },
    };
  }
  const passed = asking.turn === 'backup' ? { backupPassed: why } : {};
  return { is: 'stuck', why: gone === null ? 'silent' : 'nobody', asking: { ...seen, ...passed } };
}

function begin(
  app: App,
  now: Date,
  turn: {
    readonly turn: Turn;
    readonly who: string;
    readonly before: Asking | null;
    readonly passed?: Partial<Pick<Asking, 'ownerPassed' | 'backupPassed'>>;
    readonly chosenAt?: Date;
  },
): Asking {
  const { before } = turn;
  const moment = new Date(Math.floor(now.getTime() / GRID_MS) * GRID_MS);
  const askAt = app.atOnce ? moment : nextWorkingMoment(moment, app);
  const wholeMs = deadlineMs(app);
  const asking: Asking = {
    turn: turn.turn,
    who: turn.who,
    askAt: askAt.toISOString(),
    nudgeAt: addWorkingTime(askAt, wholeMs / 2, app).toISOString(),
    dueAt: addWorkingTime(askAt, wholeMs, app).toISOString(),
    asked: before?.asked ?? [],
    nudges: before?.nudges ?? [],
    ownerPassed: before?.ownerPassed ?? null,
    backupPassed: before?.backupPassed ?? null,
    chosenAt: turn.chosenAt?.toISOString() ?? before?.chosenAt ?? null,
    ...turn.passed,
  };
  return reminded(app, now, asking);
}

/** With whom it concerns by now: asked, reminded at half of the time, and as it ends. */
function reminded(app: App, now: Date, asking: Asking): Asking {
  const { who, askAt, nudgeAt, dueAt } = asking;
  if (now < new Date(askAt)) return asking;
  const due = [
    `${who}|new|${askAt}`,
    ...(isTimeFor(nudgeAt, app, now) ? [`${who}|half|${nudgeAt}`] : []),
    ...(isTimeFor(dueAt, app, now) ? [`${who}|due|${dueAt}`] : []),
  ];
  return {
    ...asking,
    asked: asking.asked.includes(who) ? asking.asked : [...asking.asked, who],
    nudges: [...new Set([...asking.nudges, ...due])],
  };
}

/** What was missed at its moment (nothing ran) is not told at night. */
function isTimeFor(moment: string, app: App, now: Date): boolean {
  const lateMs = now.getTime() - Date.parse(moment);
  return lateMs >= 0 && (lateMs < SOON_MS || isWorkingMoment(now, app));
}

function nextMoment(app: App, now: Date, { who, askAt, nudgeAt, dueAt, nudges }: Asking): Date {
  const isMissed = now >= new Date(nudgeAt) && !nudges.includes(`${who}|half|${nudgeAt}`);
  const ahead = [askAt, nudgeAt, dueAt].map((one) => new Date(one)).filter((one) => one > now);
  const moments = [...ahead, ...(isMissed ? [nextWorkingMoment(now, app)] : [])];
  return moments.sort((a, b) => a.getTime() - b.getTime())[0] ?? now;
}

export function askingFacts(asking: Asking): Facts {
  return { ...asking };
}

/** Null: these facts are no such thing. */
export function askingOf(facts: Facts | null): Asking | null {
  if (facts === null) return null;
  const { turn, who, askAt, nudgeAt, dueAt, asked, nudges } = facts;
  if (!isTurn(turn) || ![who, askAt, nudgeAt, dueAt].every((one) => typeof one === 'string')) return null;
  return {
    ...{ turn, who: String(who), askAt: String(askAt), nudgeAt: String(nudgeAt), dueAt: String(dueAt) },
    asked: list(asked),
    nudges: list(nudges),
    ownerPassed: (facts.ownerPassed ?? null) as Asking['ownerPassed'],
    backupPassed: (facts.backupPassed ?? null) as Asking['backupPassed'],
    chosenAt: typeof facts.chosenAt === 'string' ? facts.chosenAt : null,
  };
}

function isTurn(fact: Fact | undefined): fact is Turn {
  return fact === 'owner' || fact === 'backup' || fact === 'chosen';
}

function list(fact: Fact | undefined): readonly string[] {
  return Array.isArray(fact) ? fact : [];
}
