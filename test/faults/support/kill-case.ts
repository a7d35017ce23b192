// One case of the matrix: an offboarding, one process killed at one point, another that goes on, and the judgement.
import { CALL_DEADLINE_MS } from '../../../src/workflow/attempt-state.ts';
import type { Found, FoundCall, FoundWrite } from '../discover.ts';
import { type Blow, judge, recoveryMs, type Violation } from '../invariants.ts';
import type { AppProcess } from './app-process.ts';
import type { Call, Control } from './control.ts';
import { gatherEvidence, type OktaState } from './evidence.ts';
import { beforeIntent, beforeOutcome, buildGate, type Gate } from './gate.ts';
import { machine, strikes } from './lanes.ts';
import { openScene, pause, type Scene } from './scene.ts';

/** Where a write is cut. The database's commits are cut by a gate, the vendor's side by a held call. */
export type WritePoint =
  | 'before the intent is committed'
  | 'intent committed, nothing sent'
  | 'sent, and lost on the way'
  | 'sent, and applied late'
  | 'applied, answer not read'
  | 'answered, outcome not recorded'
  | 'outcome recorded, but nobody heard';

export const WRITE_POINTS: readonly WritePoint[] = [
  'before the intent is committed',
  'intent committed, nothing sent',
  'sent, and lost on the way',
  'sent, and applied late',
  'applied, answer not read',
  'answered, outcome not recorded',
  'outcome recorded, but nobody heard',
];

export type CallPoint = 'answer not read' | 'sent, and lost on the way' | 'sent, and applied late';

export type KillCase = { readonly email: string; readonly workers: 1 | 2 } & (
  | { readonly write: FoundWrite; readonly point: WritePoint }
  | { readonly call: FoundCall; readonly point: CallPoint }
);

export interface CaseResult {
  readonly name: string;
  readonly kills: number;
  readonly recoveryMs: number | null;
  readonly tookMs: number;
  readonly violations: readonly Violation[];
  /** It had not ended when it was judged. */
  readonly isLate: boolean;
}

/** Before the takeover's wait ends, with room for the vendor's answer. */
const LATE_BY_MS = CALL_DEADLINE_MS - 700;
/** A ticket whose making was lost is searched twice, 30 s apart, after the takeover's wait. */
const END_MS = 75_000;

export function nameOf(one: KillCase): string {
  const workers = one.workers === 1 ? 'one worker' : 'two workers';
  if ('write' in one) return `${one.write.step} ${one.write.effect} ${one.write.target} · ${one.point} · ${workers}`;
  return `${one.call.operation} (${one.call.phase}, ${one.call.nth}) · ${one.point} · ${workers}`;
}

export async function runKillCase(one: KillCase, operations: Found['operations'], root?: string): Promise<CaseResult> {
  const began = performance.now();
  const scene = await openScene(root);
  try {
    await machine(() => scene.start('first'));
    if (one.workers === 2) await machine(() => scene.start('second'));
    const oktaBefore = await scene.okta.state<OktaState>();
    const { blow, later } = await strikes(() => strike(scene, one));
    await later;
    const isLate = !(await scene.awaitClosed(1, END_MS));
    const evidence = await gatherEvidence(scene, oktaBefore);
    return {
      name: nameOf(one),
      kills: 1,
      recoveryMs: recoveryMs(evidence, blow),
      tookMs: performance.now() - began,
      violations: judge(evidence, [blow], operations),
      isLate,
    };
  } finally {
    await scene.close();
  }
}

/** Resolves once somebody has gone on. */
async function strike(scene: Scene, one: KillCase): Promise<{ blow: Blow; later: Promise<unknown> }> {
  const [first] = scene.apps;
  if (!first) throw new Error('no process was started');
  const trap = await setTrap(scene, one);
  await scene.offboard(one.email, first);
  const victim = await trap.awaitVictim();
  return machine.ahead(async () => {
    const at = await victim.kill();
    await trap.afterKill(victim);
    const restarted = one.workers === 1 ? scene.start('restarted') : null;
    const later = Promise.all([restarted, trap.later()]);
    later.catch(() => undefined); // told by who awaits it
    const vendor = 'write' in one ? one.write.vendor : one.call.vendor;
    const blow: Blow = { at, vendor, doubtful: trap.doubtful, isDeath: true };
    await untilNextRequest(scene, blow);
    return { blow, later };
  });
}

export async function untilNextRequest(scene: Scene, blow: Pick<Blow, 'at' | 'vendor'>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const [oktaCalls, slackCalls, jiraCalls] = await Promise.all([
      scene.okta.journal(),
      scene.slack.journal(),
      scene.jira.journal(),
    ]);
    if (recoveryMs({ oktaCalls, slackCalls, jiraCalls }, blow) !== null) return;
    await pause(50);
  }
}

interface Trap {
  /** Resolves with the process that stands at the point. */
  awaitVictim(): Promise<AppProcess>;
  afterKill(victim: AppProcess): Promise<void>;
  /** What the world still does to the dead process's call. */
  later(): Promise<void>;
  readonly doubtful: readonly FoundWrite[];
}

async function setTrap(scene: Scene, one: KillCase): Promise<Trap> {
  if (!('write' in one)) return holdCall(scene, one.call, one.point);
  const { write, point } = one;
  switch (point) {
    case 'before the intent is committed':
      return gateTrap(scene, await buildGate(scene.db, beforeIntent(write)), { commits: false, doubtful: [] });
    case 'intent committed, nothing sent':
      return gateTrap(scene, await buildGate(scene.db, beforeIntent(write)), { commits: true, doubtful: [write] });
    case 'answered, outcome not recorded':
      return gateTrap(scene, await buildGate(scene.db, beforeOutcome(write)), { commits: false, doubtful: [write] });
    case 'outcome recorded, but nobody heard':
      return gateTrap(scene, await buildGate(scene.db, beforeOutcome(write)), { commits: true, doubtful: [] });
    case 'sent, and lost on the way':
    case 'sent, and applied late':
    case 'applied, answer not read':
      return holdWrite(scene, write, point);
    default:
      return point satisfies never;
  }
}

/** `commits`: the database finishes what the dead process had asked for; else that ends with it. */
function gateTrap(scene: Scene, gate: Gate, how: { commits: boolean; doubtful: readonly FoundWrite[] }): Trap {
  return {
    doubtful: how.doubtful,
    async awaitVictim() {
      const [waiting] = await gate.awaitWaiting();
      const victim = scene.apps.find((app) => app.name === waiting?.app);
      if (!victim) throw new Error(`${waiting?.app} stands at the gate`);
      return victim;
    },
    async afterKill(victim) {
      if (!how.commits) await gate.terminate(victim.name);
      await gate.open();
    },
    later: async () => undefined,
  };
}

async function holdWrite(scene: Scene, write: FoundWrite, point: WritePoint): Promise<Trap> {
  const vendor: Control = scene[write.vendor];
  await vendor.plan({
    kind: point === 'applied, answer not read' ? 'hold_answer' : 'hold_before',
    operation: write.operation,
    pathIncludes: write.path,
    skip: write.before,
  });
  let held: Call | undefined;
  return {
    doubtful: [write],
    async awaitVictim() {
      [held] = await vendor.awaitHeld();
      return ownerOf(scene, write.step);
    },
    async afterKill() {
      if (point !== 'sent, and applied late') await vendor.release(held?.seq, { discard: true });
    },
    async later() {
      if (point !== 'sent, and applied late') return;
      const takenOver = await untilTakenOver(scene, write.step);
      await pause(Math.max(0, takenOver + LATE_BY_MS - Date.now()));
      await vendor.release(held?.seq);
    },
  };
}

async function holdCall(scene: Scene, call: FoundCall, point: CallPoint): Promise<Trap> {
  const vendor: Control = scene[call.vendor];
  await vendor.plan({
    kind: point === 'answer not read' ? 'hold_answer' : 'hold_before',
    operation: call.operation,
    skip: call.before,
  });
  let held: Call | undefined;
  return {
    doubtful: [],
    async awaitVictim() {
      [held] = await vendor.awaitHeld();
      const [only] = scene.apps;
      if (!only || scene.apps.length > 1) throw new Error('reads are cut with one worker');
      return only;
    },
    async afterKill() {
      if (point !== 'sent, and applied late') await vendor.release(held?.seq, { discard: true });
    },
    async later() {
      if (point !== 'sent, and applied late') return;
      await pause(LATE_BY_MS);
      await vendor.release(held?.seq);
    },
  };
}

/** The process whose claim this step is. */
export async function ownerOf(scene: Scene, step: string): Promise<AppProcess> {
  const { rows } = await scene.db.query<{ owner: number }>(
    `SELECT owner FROM step_run WHERE step = $1 AND status = 'running'`,
    [step],
  );
  const owner = scene.apps.find((app) => app.instance === rows[0]?.owner);
  if (!owner) throw new Error(`${step} is nobody's (${rows[0]?.owner})`);
  return owner;
}

export async function untilTakenOver(scene: Scene, step: string, timeoutMs = 25_000): Promise<number> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const { rows } = await scene.db.query<{ ms: number | null }>(
      'SELECT (extract(epoch FROM taken_over_at) * 1000)::float8 AS ms FROM step_run WHERE step = $1',
      [step],
    );
    if (typeof rows[0]?.ms === 'number') return rows[0].ms;
    await pause(20);
  }
  throw new Error(`${step} was not taken over`);
}
