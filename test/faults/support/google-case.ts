// One case of Google's matrix: a handover of sixty days, one process killed at one point of one write, another that goes on, and
// the independent checker's judgement of what Google saw.
import { Evidence } from '../../../judge/evidence.ts';
import { GOOGLE_CHECKS } from '../../../judge/google-checks.ts';
import { person } from '../../../sandbox/people.ts';
import { CALL_DEADLINE_MS } from '../../../src/workflow/attempt-state.ts';
import { judge, type Violation } from '../invariants.ts';
import type { AppProcess } from './app-process.ts';
import type { Call, Control } from './control.ts';
import { letDaysPass } from './days.ts';
import { type Evidence as AppEvidence, gatherEvidence, type OktaState } from './evidence.ts';
import { beforeIntent, beforeOutcome, buildGate } from './gate.ts';
import { machine } from './lanes.ts';
import { openScene, type Scene } from './scene.ts';

export type GooglePoint =
  | 'before the intent is committed'
  | 'intent committed, nothing sent'
  | 'applied, answer not read'
  | 'answered, outcome not recorded';

export interface GoogleWrite {
  readonly step: string;
  readonly effect: string;
  readonly operation: string;
  /** In its path; absent: anywhere. */
  readonly path?: string;
  /** In what it sends, where the operation serves several effects. */
  readonly says?: string;
  /** It comes after the sixty days: calls of the same operation before that are not it. */
  readonly isAtEnd?: boolean;
}

export interface GoogleCase {
  readonly email: string;
  readonly write: GoogleWrite;
  readonly point: GooglePoint;
  readonly workers: 1 | 2;
  readonly root?: string;
}

/** Of the independent checker: the ids of what does not hold. Of the invariants: all but those that need a ticket or pictures. */
export interface GoogleResult {
  readonly unjust: readonly string[];
  readonly violations: readonly Violation[];
  /** It had not ended when it was judged. */
  readonly isLate: boolean;
}

const STRIKE_MS = 75_000;
const END_MS = 75_000;
/** What was on its way when the process died still arrives. */
const IN_THE_SOCKET_MS = 50;
/** Journals count whole milliseconds. */
const ROUNDING_MS = 1;

export async function runGoogleCase(one: GoogleCase, operations: ReadonlyMap<string, string>): Promise<GoogleResult> {
  const scene = await machine(async () => {
    const opened = await openScene(one.root, { hasGoogle: true });
    await opened.start('first');
    if (one.workers === 2) await opened.start('second');
    return opened;
  });
  try {
    const google = googleOf(scene);
    const before = { okta: await scene.okta.state<OktaState>(), google: await google.state<Workspace>() };
    const diedAt = await strike(scene, one);
    const isLate = !(await letDaysPass(scene, () => scene.awaitClosed(1, 1, { isDrawn: false }), {
      timeoutMs: END_MS,
    }));
    const evidence = await gatherEvidence(scene, before.okta);
    const violations = [
      ...judge(evidence, [], operations, { isDrawn: false, hasJira: false }),
      ...sentEarly(await google.journal(), evidence, one.write, diedAt),
    ];
    return { unjust: await unjust(scene, before), violations, isLate };
  } finally {
    await scene.close();
  }
}

export function googleOf(scene: Scene): Control {
  if (!scene.google) throw new Error('this company has no Google');
  return scene.google;
}

/** Resolves with when the victim died, once what it had asked is decided and somebody goes on. */
async function strike(scene: Scene, one: GoogleCase): Promise<number> {
  const [first] = scene.apps;
  if (!first) throw new Error('no process was started');
  const trap = one.point === 'applied, answer not read' ? holdTrap(scene, one.write) : await gateTrap(scene, one);
  await scene.offboard(one.email, first);
  let victim: AppProcess | null = null;
  const isCaught = async (): Promise<boolean> => {
    victim ??= await trap.victim();
    return victim !== null;
  };
  if (!one.write.isAtEnd) await trap.close();
  await letDaysPass(scene, isCaught, { timeoutMs: STRIKE_MS, beforeTheLeap: trap.close });
  const caught = victim as AppProcess | null;
  if (!caught) throw new Error(`nobody came to ${one.write.effect}`);
  const at = await caught.kill();
  await trap.afterKill(caught);
  if (one.workers === 1) await machine(() => scene.start('restarted'));
  return at;
}

interface Trap {
  /** From now on it catches. */
  close(): Promise<void>;
  /** The process that stands at the point; null: none yet. */
  victim(): Promise<AppProcess | null>;
  afterKill(victim: AppProcess): Promise<void>;
}

async function gateTrap(scene: Scene, { write, point }: GoogleCase): Promise<Trap> {
  const { step, effect } = write;
  const at =
    point === 'answered, outcome not recorded' ? beforeOutcome({ step, effect }) : beforeIntent({ step, effect });
  const gate = await buildGate(scene.db, at);
  return {
    close: async () => undefined,
    async victim() {
      const [waiting] = await gate.awaitWaiting(0);
      return scene.apps.find((app) => app.name === waiting?.app) ?? null;
    },
    async afterKill(victim) {
      if (point !== 'intent committed, nothing sent') await gate.terminate(victim.name);
      await gate.open();
    },
  };
}

function holdTrap(scene: Scene, write: GoogleWrite): Trap {
  const google = googleOf(scene);
  let held: Call | undefined;
  return {
    close: () =>
      google.plan({
        kind: 'hold_answer',
        operation: write.operation,
        ...(write.path !== undefined && { pathIncludes: write.path }),
      }),
    async victim() {
      [held] = await google.awaitHeld(0);
      return held ? ownerOf(scene, write, held) : null;
    },
    afterKill: () => google.release(held?.seq, { discard: true }),
  };
}

interface Unanswered {
  readonly owner: number;
  readonly effect: string;
  readonly target: string;
}

/** Whose claim the step is that has sent this: files and calendar are asked for by the same operation. */
async function ownerOf(scene: Scene, { effect }: GoogleWrite, held: Call): Promise<AppProcess | null> {
  const { rows } = await scene.db.query<Unanswered>(
    `SELECT s.owner, w.effect, w.target FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id
     WHERE s.vendor = 'google' AND s.status = 'running' AND w.outcome IS NULL`,
  );
  const sent = JSON.stringify(held.detail);
  const [application, isTransfer] = [(row: Unanswered) => row.target.split('/')[0] ?? '', effect.includes('transfer')];
  const row = rows.find((one) => (isTransfer ? sent.includes(application(one)) : one.effect === effect));
  return scene.apps.find((app) => app.instance === row?.owner) ?? null;
}

/** Nobody sends it again before the dead process's call can no longer arrive. */
function sentEarly(
  calls: readonly Call[],
  evidence: AppEvidence,
  { step, effect, ...write }: GoogleWrite,
  diedAt: number,
): Violation[] {
  const [first] = evidence.writes.filter((one) => one.step === step && one.effect === effect);
  if (first?.outcome !== 'doubt') return [];
  const taken = evidence.steps.find((one) => one.step === step)?.takenOverMs;
  if (typeof taken !== 'number') return [{ invariant: 'takeover waited', what: `${step} was never taken over` }];
  const early = calls.find(
    (call) =>
      call.operation === write.operation &&
      call.path.includes(write.path ?? '') &&
      JSON.stringify(call.detail.sent).includes(write.says ?? '') &&
      call.at > diedAt + IN_THE_SOCKET_MS &&
      call.at + ROUNDING_MS < taken + CALL_DEADLINE_MS,
  );
  if (!early) return [];
  return [{ invariant: 'takeover waited', what: `${effect} was sent ${Math.round(early.at - taken)} ms after it` }];
}

interface Workspace {
  readonly users: readonly { readonly key: string; readonly id: string }[];
}

/** What the independent checker finds untrue of Google, with what it judged by. */
async function unjust(scene: Scene, before: { okta: OktaState; google: Workspace }): Promise<string[]> {
  const google = googleOf(scene);
  const { okta, slack, jira } = scene;
  const leaver = person('dana');
  const evidence = Evidence.parse({
    person: {
      oktaId: leaver.okta.id,
      googleId: before.google.users.find((one) => one.key === leaver.key)?.id,
      name: `${leaver.firstName} ${leaver.lastName}`,
    },
    channelId: scene.settings.SLACK_CHANNEL_ID,
    refused: [],
    before,
    after: {
      okta: await okta.state(),
      slack: await slack.state(),
      jira: await jira.state(),
      google: await google.state(),
    },
    journals: {
      okta: await okta.journal(),
      slack: await slack.journal(),
      jira: await jira.journal(),
      google: await google.journal(),
    },
  });
  return GOOGLE_CHECKS.flatMap(({ id, find }) => {
    const { holds, evidence: by } = find(evidence);
    return holds ? [] : [`${id}: ${by}`];
  });
}
