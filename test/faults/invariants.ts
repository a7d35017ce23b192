// The checker: what holds for every offboarding, however often its processes died. Judges from evidence alone.
import { CALL_DEADLINE_MS } from '../../src/workflow/attempt-state.ts';
import { type FoundWrite, isStepsWrite, STARTUP, type Vendor } from './discover.ts';
import type { Call } from './support/control.ts';
import type { AuditRow, Evidence, RunRow, WriteRow } from './support/evidence.ts';

/**
 * From the kill to the next request, the start of a new process included. It takes about a second; a successor that waited for
 * a lease or an idle sweep would take 15 s or more. How many come within 2 s is printed: on a machine that others use, a
 * single slow start says nothing about Sendoff.
 */
export const RECOVERY_MS = 5_000;
/** What was on its way when the process died still arrives. */
const IN_THE_SOCKET_MS = 50;
/** Journals count whole milliseconds. */
const ROUNDING_MS = 1;

export const INVARIANTS = [
  'access ended',
  'never applied twice',
  'one root, one reply a step',
  'picture says closed',
  'one ticket, each end told once',
  'run closed, nothing without a next action',
  'every outcome known',
  'audit chain whole',
  'journal and audit agree',
  'no secret in a log',
  'no error in a log',
  'nothing unknown asked',
  'next request soon',
  'takeover waited',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

/** `runId`: where there are several. */
export type Doubtful = FoundWrite & { readonly runId?: string };

/** What was done to a process, as far as the checker needs it. */
export interface Blow {
  readonly at: number;
  readonly vendor: Vendor;
  /** Left without an outcome by the blow: sent, perhaps. */
  readonly doubtful: readonly Doubtful[];
  /** False for a freeze: nobody can know before the lease ends. */
  readonly isDeath: boolean;
}

/** `isDrawn: false`: judged before the pictures were drawn. `hasJira: false`: runs have no ticket. */
export function judge(
  evidence: Evidence,
  blows: readonly Blow[],
  operations: ReadonlyMap<string, string>,
  { isDrawn = true, hasJira = true } = {},
): Violation[] {
  const found: Violation[] = [];
  const say = (invariant: Invariant, what: string): void => void found.push({ invariant, what });
  for (const run of evidence.runs) {
    judgeAccess(evidence, run, say);
    if (isDrawn) judgeThread(evidence, run, say);
    if (hasJira) judgeTicket(evidence, run, isDrawn, say);
  }
  judgeWrites(evidence, operations, say);
  judgeRows(evidence, isDrawn, say);
  judgeLogs(evidence, say);
  for (const blow of blows) judgeBlow(evidence, blow, say);
  return found;
}

type Say = (invariant: Invariant, what: string) => void;

function judgeAccess(evidence: Evidence, run: RunRow, say: Say): void {
  const user = evidence.okta.users.find((one) => one.id === run.personId);
  const tokens = Object.values(user?.clientTokens ?? {}).reduce((sum, n) => sum + n, 0);
  const left = { status: user?.status, sessions: user?.sessions, tokens, factors: user?.factors.length };
  const wanted = { status: 'DEPROVISIONED', sessions: 0, tokens: 0, factors: 0 };
  if (JSON.stringify(left) !== JSON.stringify(wanted)) say('access ended', `${run.code}: ${JSON.stringify(left)}`);
  for (const device of evidence.oktaBefore.devices.filter((one) => one.userIds.includes(run.personId))) {
    const now = evidence.okta.devices.find((one) => one.id === device.id);
    if (device.userIds.length === 1 && now) say('access ended', `${run.code}: own device ${device.id} is left`);
    if (device.userIds.length > 1 && now?.status !== device.status)
      say('access ended', `${run.code}: shared device ${device.id} was touched`);
  }
}

function judgeThread(evidence: Evidence, run: RunRow, say: Say): void {
  const rows = evidence.deliveries.filter((one) => one.runId === run.id && !one.hash?.startsWith('shared:'));
  for (const row of rows) {
    const n = evidence.messages.filter((one) => one.metadata?.event_payload?.marker === row.marker).length;
    if (n !== 1) say('one root, one reply a step', `${run.code}: ${row.message} stands ${n} times`);
  }
  const roots = evidence.messages.filter((one) => !one.thread_ts && mentions(one, run));
  if (roots.length !== 1) say('one root, one reply a step', `${run.code} has ${roots.length} roots`);
  const [root] = roots;
  const replies = evidence.messages.filter((one) => root && one.thread_ts === root.ts);
  const steps = evidence.steps.filter((one) => one.runId === run.id);
  const reports = replies.filter((one) => one.text.startsWith('Report: '));
  if (reports.length !== 1) say('one root, one reply a step', `${run.code}: ${reports.length} reports`);
  if (replies.length - reports.length > steps.length)
    say('one root, one reply a step', `${run.code}: ${replies.length} replies`);
  for (const [picture, opening] of [
    [root, ''],
    [reports[0], 'Report: '],
  ] as const)
    if (!picture?.text.startsWith(`${opening}${run.name} is offboarded`))
      say('picture says closed', `${run.code}: ${picture?.text}`);
}

function mentions(message: { readonly blocks: unknown }, run: RunRow): boolean {
  return new RegExp(`\\b${run.code}\\b`).test(JSON.stringify(message.blocks));
}

/** Ends that a ticket tells; its own step it does not. */
const TOLD = [
  'run.opened',
  'run.approved',
  'run.closed',
  'step.satisfy',
  'step.pass',
  'step.ask',
  'step.stop',
  'step.retried',
];

function judgeTicket(evidence: Evidence, run: RunRow, isDrawn: boolean, say: Say): void {
  const invariant = 'one ticket, each end told once';
  const tickets = evidence.tickets.filter((one) => one.labels.includes(`sendoff-${run.id}`));
  if (tickets.length !== 1) say(invariant, `${run.code} has ${tickets.length} tickets`);
  const told = tickets.flatMap((one) => one.comments.flatMap(({ properties }) => properties.sendoff?.events ?? []));
  const twice = told.filter((seq, at) => told.indexOf(seq) !== at);
  if (twice.length > 0) say(invariant, `${run.code}: events ${twice} are told twice`);
  if (!isDrawn) return;
  const ends = evidence.audit.filter(
    ({ chain, action, detail }) =>
      chain === run.id && TOLD.includes(action) && !(action === 'step.satisfy' && detail.step === 'jira.ticket'),
  );
  const untold = ends.filter(({ seq }) => !told.includes(seq));
  if (untold.length > 0) say(invariant, `${run.code}: ${untold.map(({ action }) => action)} are not told`);
  if (tickets.some((one) => one.statusCategory !== 'done')) say(invariant, `${run.code}: the ticket is open`);
}

/** Each call has an intent that was committed before it; nothing irreversible is asked again once it was applied. */
function judgeWrites(evidence: Evidence, operations: ReadonlyMap<string, string>, say: Say): void {
  const intended = new Set<Call>();
  for (const run of evidence.runs) {
    for (const [name, writes] of writesByEffect(evidence, run)) {
      const [{ effect, target }] = writes;
      const calls = [...evidence.oktaCalls, ...evidence.jiraCalls].filter(
        (call) => isStepsWrite(call) && call.operation === operations.get(effect) && isAbout(call, run, target),
      );
      const intents = evidence.audit.filter(
        ({ chain, action, detail }) =>
          chain === run.id &&
          action === 'write.intended' &&
          detail.effect === effect &&
          (detail.target ?? '') === target,
      );
      for (const call of calls) intended.add(call);
      judgeEffect({ name: `${run.code}: ${name}`, writes, calls, intents }, say);
    }
  }
  for (const call of [...evidence.oktaCalls, ...evidence.jiraCalls].filter(
    (one) => isStepsWrite(one) && (one.applied || isOkta(one)) && !intended.has(one),
  ))
    say('journal and audit agree', `${call.operation} ${call.path} has no intent`);
}

/** Okta's paths name whom they are about. Of a ticket's making only the label does, once it is made. */
function isAbout(call: Call, run: RunRow, target: string): boolean {
  if (isOkta(call)) return call.path.includes(target || run.personId);
  const { labels } = call.detail as { labels?: readonly string[] };
  return labels?.includes(`sendoff-${run.id}`) ?? false;
}

function isOkta(call: Call): boolean {
  return call.operation.startsWith('okta.');
}

function writesByEffect(evidence: Evidence, run: RunRow): ReadonlyMap<string, [WriteRow, ...WriteRow[]]> {
  const groups = new Map<string, [WriteRow, ...WriteRow[]]>();
  // Google's are judged by what the independent checker makes of its journal.
  for (const write of evidence.writes.filter((one) => one.runId === run.id && one.vendor !== 'google')) {
    const name = `${write.effect} ${write.target}`;
    const group = groups.get(name);
    if (group) group.push(write);
    else groups.set(name, [write]);
  }
  return groups;
}

interface OneEffect {
  readonly name: string;
  readonly writes: readonly WriteRow[];
  readonly calls: readonly Call[];
  readonly intents: readonly AuditRow[];
}

function judgeEffect({ name, writes, calls, intents }: OneEffect, say: Say): void {
  const applied = calls.filter((call) => call.applied);
  const [first] = applied;
  const again = first ? calls.filter((call) => call.seq > first.seq).length : 0;
  if (again > 0 && writes.some((write) => write.irreversible))
    say('never applied twice', `${name} was sent ${again} times after it was applied`);
  if (calls.some((call, at) => (intents[at]?.atMs ?? Number.POSITIVE_INFINITY) > call.at + ROUNDING_MS))
    say('journal and audit agree', `${name} was sent before its intent stood in the audit log`);
  if (writes.filter((write) => write.outcome === 'accepted').length > applied.length)
    say('journal and audit agree', `${name} is recorded as accepted, and was not applied`);
  if (intents.length !== writes.length) say('journal and audit agree', `${name} has rows without audit events`);
}

function judgeRows(evidence: Evidence, isDrawn: boolean, say: Say): void {
  if (evidence.runs.length === 0) say('run closed, nothing without a next action', 'there is no run');
  for (const run of evidence.runs.filter((one) => one.status !== 'closed'))
    say('run closed, nothing without a next action', `${run.code} is ${run.status}`);
  // The watch waits for its day, and no run waits for it.
  const isWatching = (one: { step: string; status: string }): boolean =>
    one.step === 'watch' && one.status === 'waiting';
  for (const step of evidence.steps.filter((one) => !['done', 'skipped'].includes(one.status) && !isWatching(one)))
    say('run closed, nothing without a next action', `${step.step} is ${step.status}`);
  if (isDrawn && evidence.undrawn > 0)
    say('run closed, nothing without a next action', `${evidence.undrawn} pictures not drawn`);
  for (const write of evidence.writes.filter((one) => one.outcome === null))
    say('every outcome known', `${write.step} ${write.effect} ${write.target}`);
  for (const chain of evidence.brokenChains) say('audit chain whole', chain);
}

function judgeLogs(evidence: Evidence, say: Say): void {
  for (const { app, text } of evidence.logs) {
    for (const secret of evidence.secrets)
      if (text.includes(secret)) say('no secret in a log', `${app}: ${secret.slice(0, 6)}…`);
    for (const line of text.split('\n').filter((one) => /"level":(?:50|60)/.test(one)))
      say('no error in a log', `${app}: ${line}`);
  }
  for (const call of [...evidence.oktaCalls, ...evidence.slackCalls, ...evidence.jiraCalls].filter((one) =>
    one.operation.endsWith('.unknown'),
  ))
    say('nothing unknown asked', `${call.method} ${call.path}`);
}

/** How long after the blow the next request came; null: none was left to make. */
export function recoveryMs(
  evidence: Pick<Evidence, 'oktaCalls' | 'slackCalls' | 'jiraCalls'>,
  blow: Pick<Blow, 'at' | 'vendor'>,
): number | null {
  const next = (calls: readonly Call[]): number | null =>
    calls.find((call) => call.at > blow.at + IN_THE_SOCKET_MS && !STARTUP.includes(call.operation))?.at ?? null;
  const journals = { okta: evidence.oktaCalls, slack: evidence.slackCalls, jira: evidence.jiraCalls };
  const others = Object.values(journals).flatMap((calls) => next(calls) ?? []);
  const at = next(journals[blow.vendor]) ?? (others.length > 0 ? Math.min(...others) : null);
  return at === null ? null : at - blow.at;
}

function judgeBlow(evidence: Evidence, blow: Blow, say: Say): void {
  const tookMs = recoveryMs(evidence, blow);
  if (blow.isDeath && tookMs !== null && tookMs > RECOVERY_MS) say('next request soon', `${tookMs} ms`);
  for (const write of blow.doubtful.filter((one) => isUnanswered(evidence, one))) {
    const taken = evidence.steps.find(
      (one) => one.step === write.step && one.runId === (write.runId ?? one.runId),
    )?.takenOverMs;
    if (typeof taken !== 'number') {
      say('takeover waited', `${write.step} was never taken over`);
      continue;
    }
    const early = [...evidence.oktaCalls, ...evidence.jiraCalls].find(
      (call) =>
        call.operation === write.operation &&
        call.path === write.path &&
        call.at > blow.at + IN_THE_SOCKET_MS &&
        call.at + ROUNDING_MS < taken + CALL_DEADLINE_MS,
    );
    if (early)
      say('takeover waited', `${write.operation} was sent ${Math.round(early.at - taken)} ms after the takeover`);
  }
}

/** A thawed process may still say what became of its call; then nobody has to wait. */
function isUnanswered(evidence: Evidence, write: Doubtful): boolean {
  const first = evidence.writes.find(
    (one) =>
      one.step === write.step &&
      one.effect === write.effect &&
      one.target === write.target &&
      one.runId === (write.runId ?? one.runId),
  );
  return first?.outcome === 'doubt';
}
