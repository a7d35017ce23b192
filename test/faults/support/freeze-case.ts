// One case of a zombie: the process that is about to send is frozen beyond its lease, another goes on, and it thaws.
import type { Found, FoundWrite } from '../discover.ts';
import { judge, type Violation } from '../invariants.ts';
import { gatherEvidence, type OktaState } from './evidence.ts';
import { beforeIntent, buildGate } from './gate.ts';
import { untilTakenOver } from './kill-case.ts';
import { machine } from './lanes.ts';
import { openScene } from './scene.ts';

export interface FreezeCase {
  readonly email: string;
  readonly write: FoundWrite;
  /** While the other one waits out the lost call, or after everything has ended. */
  readonly thaws: 'at the takeover' | 'at the end';
  readonly root?: string;
}

export interface FreezeResult {
  readonly violations: readonly Violation[];
  /** It had not ended when it was judged. */
  readonly isLate: boolean;
}

const END_MS = 75_000;
/** For what a thawed process does late. */
const AFTERWARDS_MS = 4_000;

/** Frozen between its committed intent and the send: the intent's answer is the first thing it sees when it thaws. */
export async function runFreezeCase(one: FreezeCase, operations: Found['operations']): Promise<FreezeResult> {
  const scene = await machine(async () => {
    const opened = await openScene(one.root);
    await opened.start('first');
    await opened.start('second');
    return opened;
  });
  try {
    const [first] = scene.apps;
    if (!first) throw new Error('no process was started');
    const oktaBefore = await scene.okta.state<OktaState>();
    const gate = await buildGate(scene.db, beforeIntent(one.write));
    await scene.offboard(one.email, first);
    const [waiting] = await gate.awaitWaiting();
    const zombie = scene.apps.find((app) => app.name === waiting?.app);
    if (!zombie) throw new Error(`${waiting?.app} stands at the gate`);
    const at = Date.now();
    zombie.freeze();
    await gate.open();
    await untilTakenOver(scene, one.write.step);
    if (one.thaws === 'at the takeover') zombie.thaw();
    await scene.awaitClosed(1, END_MS, { isDrawn: one.thaws === 'at the takeover' });
    zombie.thaw();
    await new Promise((done) => setTimeout(done, AFTERWARDS_MS));
    const isLate = !(await scene.awaitClosed(1, END_MS));
    const blow = { at, vendor: one.write.vendor, doubtful: [one.write], isDeath: false };
    return { isLate, violations: judge(await gatherEvidence(scene, oktaBefore), [blow], operations) };
  } finally {
    await scene.close();
  }
}
