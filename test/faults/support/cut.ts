// Cuts one run at one write: the process that has it in hand is killed at a point of it, and another goes on.
import type { AppProcess } from './app-process.ts';
import type { Call, Control } from './control.ts';
import { beforeIntent, beforeOutcome, buildGate } from './gate.ts';
import { machine } from './lanes.ts';
import type { Scene } from './scene.ts';

export const CUT_POINTS = [
  'before the intent is committed',
  'intent committed, nothing sent',
  'applied, answer not read',
  'answered, outcome not recorded',
] as const;
export type CutPoint = (typeof CUT_POINTS)[number];

export interface Cut {
  readonly email: string;
  readonly write: { readonly step: string; readonly effect: string; readonly operation: string };
  readonly vendor: Control;
  readonly point: CutPoint;
  readonly workers: 1 | 2;
}

const STRIKE_MS = 75_000;
const LOOK_AGAIN_MS = 25;

/** Starts the offboarding, kills at the point, and starts another process where there is no second one. */
export async function cut(scene: Scene, one: Cut): Promise<void> {
  const [first] = scene.apps;
  if (!first) throw new Error('no process was started');
  const { write, vendor, point } = one;
  if (point === 'applied, answer not read') {
    await vendor.plan({ kind: 'hold_answer', operation: write.operation });
    await scene.offboard(one.email, first);
    const held = await firstHeld(vendor, write.effect);
    await (await ownerOf(scene, write.step)).kill();
    await vendor.release(held.seq, { discard: true });
  } else {
    const isOutcome = point === 'answered, outcome not recorded';
    const gate = await buildGate(scene.db, isOutcome ? beforeOutcome(write) : beforeIntent(write));
    await scene.offboard(one.email, first);
    const [waiting] = await gate.awaitWaiting(1, STRIKE_MS);
    const victim = scene.apps.find((app) => app.name === waiting?.app);
    if (!victim) throw new Error('nobody known stands at the gate');
    await victim.kill();
    if (point !== 'intent committed, nothing sent') await gate.terminate(victim.name);
    await gate.open();
  }
  if (one.workers === 1) await machine(() => scene.start('restarted'));
}

async function firstHeld(vendor: Control, effect: string): Promise<Call> {
  const deadline = Date.now() + STRIKE_MS;
  while (Date.now() < deadline) {
    const [held] = await vendor.awaitHeld(0);
    if (held) return held;
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
  throw new Error(`nobody came to ${effect}`);
}

async function ownerOf(scene: Scene, step: string): Promise<AppProcess> {
  const { rows } = await scene.db.query<{ owner: number }>(
    `SELECT owner FROM step_run WHERE step = $1 AND status = 'running'`,
    [step],
  );
  const app = scene.apps.find((one) => one.instance === rows[0]?.owner);
  if (!app) throw new Error(`nobody has ${step} in hand`);
  return app;
}
