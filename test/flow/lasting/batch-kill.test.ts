// kill -9 while a batch's runs are being opened: another process goes on, and each person has one run and is cut once.
import type pg from 'pg';
import { expect, it } from 'vitest';
import { buildGate } from '../../faults/support/gate.ts';
import { openScene, pause, type Scene } from '../../faults/support/scene.ts';

const PEOPLE = 8;
const OPENED_BEFORE = 3;

const rows = async <T extends object>(scene: Scene, sql: string): Promise<readonly T[]> =>
  (await scene.db.query<T & pg.QueryResultRow>(sql)).rows;
const count = async (scene: Scene, sql: string): Promise<number> =>
  (await rows<{ n: number }>(scene, `SELECT count(*)::int AS n FROM ${sql}`))[0]?.n ?? -1;

async function until(holds: () => Promise<boolean>, forMs = 90_000): Promise<void> {
  const end = Date.now() + forMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`still not so after ${forMs} ms: ${holds}`);
    await pause(25);
  }
}

interface Modal {
  readonly id: string;
  readonly callback_id: string;
}

async function windowOf(scene: Scene, callbackId: string, saying: string): Promise<string> {
  let found: Modal | undefined;
  await until(async () => {
    const { views } = await scene.slack.state<{ views: Record<string, Modal[]> }>();
    found = views.U0LIN?.at(-1);
    return found?.callback_id === callbackId && JSON.stringify(found).includes(saying);
  });
  return found?.id ?? '';
}

it('is gone on with: nobody is lost, and nobody is offboarded twice', async () => {
  const scene = await openScene();
  try {
    const first = await scene.start('first');
    await scene.liftPace();
    const { added } = await scene.okta.command<{ added: string[] }>('add_user', { count: PEOPLE, prefix: 'gone' });
    const list = Array.from({ length: PEOPLE }, (_, n) => `gone${n}@acme.test`).join('\n');
    await scene.slack.command('connect', { eventsUrl: first.eventsUrl });
    await scene.slack.command('slash', { user: 'U0LIN', command: '/offboard', text: 'batch' });
    const asked = await windowOf(scene, 'batch_find', 'Who is leaving');
    await scene.slack.command('submit', {
      user: 'U0LIN',
      viewId: asked,
      values: { batch_list: list, reason: 'closing' },
    });
    const shown = await windowOf(scene, 'batch_confirm', `${PEOPLE} people are ready`);
    await scene.slack.command('submit', { user: 'U0LIN', viewId: shown });
    const message = `SELECT ts FROM delivery WHERE report_key LIKE 'batch:%' AND message = 'root' AND ts IS NOT NULL`;
    await until(async () => (await rows(scene, message)).length === 1);
    const [{ ts } = { ts: '' }] = await rows<{ ts: string }>(scene, message);

    const gate = await buildGate(scene.db, {
      table: 'audit_event',
      when: 'INSERT',
      condition: `NEW.action = 'run.opened' AND (SELECT count(*) FROM run) > ${OPENED_BEFORE}`,
      saying: 'open_run',
    });
    for (const user of ['U0SAM', 'U0GRACE'])
      await scene.slack.command('click', { user, actionId: 'batch_approve', messageTs: ts, force: true });
    await gate.awaitWaiting(1, 30_000);
    await first.kill();
    await gate.terminate('first');
    await gate.open();
    const opened = await count(scene, 'run');
    expect(opened).toBeGreaterThan(0);
    expect(opened).toBeLessThan(PEOPLE);

    // A look that was begun counts as lost after a minute: it has gone by.
    await scene.db.query(`UPDATE batch_person SET claimed_at = claimed_at - interval '60 seconds'`);
    const second = await scene.start('second');
    await scene.slack.command('connect', { eventsUrl: second.eventsUrl });

    expect(await scene.awaitClosed(PEOPLE, 90_000, { isDrawn: false })).toBe(true);
    expect(await count(scene, 'run')).toBe(PEOPLE);
    expect(await count(scene, 'batch_person WHERE run_id IS NOT NULL AND outcome IS NULL')).toBe(PEOPLE);
    const cut = (await scene.okta.journal()).filter(
      (call) => call.operation.endsWith('deactivateUser') && call.applied,
    );
    expect(cut.map((call) => String(call.detail.subject)).sort()).toEqual([...added].sort());
    expect(await rows(scene, 'SELECT 1 FROM audit_verify() WHERE first_bad IS NOT NULL')).toEqual([]);
    const ends = `delivery WHERE report_key LIKE 'batch:%' AND message = 'end' AND ts IS NOT NULL`;
    await until(async () => (await count(scene, ends)) === 1);
  } finally {
    await scene.close();
  }
}, 180_000);
