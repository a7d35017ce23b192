// An undo in the kill matrix: whatever dies when, the person is let in once, is in each group, and nobody approved twice.
import { describe, it } from 'vitest';
import { person } from '../../../sandbox/people.ts';
import { type CutPoint, cut } from '../support/cut.ts';
import { machine } from '../support/lanes.ts';
import { openScene, pause, type Scene } from '../support/scene.ts';

const DANA = person('dana');
const [LIN, SAM] = ['U0LIN', 'U0SAM'];
const END_MS = 75_000;
const ACTIVATE = { step: 'okta.activate', effect: 'okta.activate_user', operation: 'okta.activateUser' };
const ADD = { step: 'okta.groups_back', effect: 'okta.add_to_group', operation: 'okta.assignUserToGroup' };

const CASES: readonly { write: typeof ACTIVATE; point: CutPoint; workers: 1 | 2 }[] = [
  { write: ACTIVATE, point: 'applied, answer not read', workers: 1 },
  { write: ACTIVATE, point: 'intent committed, nothing sent', workers: 2 },
  { write: ADD, point: 'applied, answer not read', workers: 2 },
  { write: ADD, point: 'answered, outcome not recorded', workers: 1 },
];

interface Picture {
  readonly channels: readonly { readonly messages: readonly { readonly ts: string; readonly blocks: unknown }[] }[];
  readonly views: Readonly<Record<string, readonly { readonly id: string; readonly submit: unknown }[]>>;
}

describe.concurrent('an undo that is cut', { timeout: 300_000 }, () => {
  it.for(CASES.map((one) => [`${one.write.effect} · ${one.point} · ${one.workers}`, one] as const))(
    '%s',
    async ([, one], test) => {
      const scene = await machine(async () => {
        const opened = await openScene();
        await opened.start('first');
        if (one.workers === 2) await opened.start('second');
        return opened;
      });
      try {
        const [first] = scene.apps;
        if (!first) throw new Error('no process');
        await scene.offboard(DANA.email, first);
        test.expect(await scene.awaitClosed(1, END_MS)).toBe(true);
        await asks(scene);
        // What is cut begins with the second person's yes.
        const approving: Scene = { ...scene, offboard: () => approves(scene) };
        await cut(approving, { ...one, email: DANA.email, vendor: scene.okta });
        await until(scene, async () => (await statusOf(scene, ADD.step)) === 'done');

        const { users } = await scene.okta.state<{ users: { id: string; status: string; groups: string[] }[] }>();
        const dana = users.find(({ id }) => id === DANA.okta.id);
        const calls = await scene.okta.journal();
        const applied = (operation: string) =>
          calls.filter((call) => call.operation === operation && call.applied).length;
        test.expect(dana?.status).toBe('PROVISIONED');
        test.expect([...(dana?.groups ?? [])].sort()).toEqual([...DANA.okta.groups].sort());
        test.expect(applied('okta.activateUser')).toBe(1);
        test
          .expect(
            await countOf(
              scene,
              `SELECT count(*)::int AS n FROM decision WHERE kind = 'approve' AND step_run_id IS NULL`,
            ),
          )
          .toBe(1);
      } finally {
        await scene.close();
      }
    },
  );
});

async function asks(scene: Scene): Promise<void> {
  const root = await messageWith(scene, 'undo_open');
  await scene.slack.command('click', { user: LIN, messageTs: root, actionId: 'undo_open' });
  let viewId: string | undefined;
  await until(scene, async () => {
    const { views } = await scene.slack.state<Picture>();
    viewId = views[LIN]?.find((one) => one.submit && JSON.stringify(one).includes('Cannot come back'))?.id;
    return viewId !== undefined;
  });
  await scene.slack.command('submit', { user: LIN, viewId, values: { reason: 'HR was wrong' } });
}

async function approves(scene: Scene): Promise<void> {
  const root = await messageWith(scene, 'approval_approve');
  await scene.slack.command('click', { user: SAM, messageTs: root, actionId: 'approval_approve' });
}

async function messageWith(scene: Scene, actionId: string): Promise<string> {
  let found: string | undefined;
  await until(scene, async () => {
    const { channels } = await scene.slack.state<Picture>();
    const all = channels.flatMap((one) => one.messages);
    found = all.find((one) => JSON.stringify(one.blocks).includes(`"${actionId}"`))?.ts;
    return found !== undefined;
  });
  return String(found);
}

async function until(scene: Scene, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + END_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      const { rows } = await scene.db.query(`SELECT step, status, cause, need FROM step_run WHERE step LIKE 'okta.%'`);
      throw new Error(`still not so: ${holds}\n${JSON.stringify(rows)}`);
    }
    await pause(50);
  }
}

async function statusOf(scene: Scene, step: string): Promise<string | undefined> {
  const { rows } = await scene.db.query<{ status: string }>('SELECT status FROM step_run WHERE step = $1', [step]);
  return rows[0]?.status;
}

async function countOf(scene: Scene, sql: string): Promise<number> {
  const { rows } = await scene.db.query<{ n: number }>(sql);
  return rows[0]?.n ?? -1;
}
