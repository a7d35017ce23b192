// A process killed with -9 in the middle of a watch: another looks again, says it once, and writes nothing at any vendor.
import { expect, it } from 'vitest';
import { openScene } from '../support/scene.ts';

const DAY_MS = 86_400_000;
const END_MS = 60_000;

it('a watch whose process is killed is looked at by the next one, and told once', { timeout: 200_000 }, async () => {
  // With Google time can be moved.
  const scene = await openScene(undefined, { hasGoogle: true });
  try {
    const first = await scene.start('first', { hasJira: false });
    await scene.offboard('dana@acme.test', first);
    const handedOver = `SELECT count(*)::int AS n FROM step_run WHERE status = 'done' AND step IN ('slack.account', 'google.mailbox', 'google.drive', 'google.calendar', 'okta.deactivate')`;
    const until = Date.now() + END_MS;
    while ((await scene.db.query<{ n: number }>(handedOver)).rows[0]?.n !== 5 && Date.now() < until) {
      await scene.advance(1_000);
      await new Promise((done) => setTimeout(done, 100));
    }
    await scene.okta.command('import_reactivates', { user: 'dana' });
    const writes = async () => (await scene.okta.journal()).filter((call) => call.write && call.applied).length;
    const before = await writes();
    await scene.okta.plan({ kind: 'hold_before', operation: 'okta.getUser' });
    await scene.advance(DAY_MS);
    await scene.okta.awaitHeld();
    await first.kill();
    await scene.okta.release(undefined, { discard: true });
    await scene.start('second', { hasJira: false });

    const deadline = Date.now() + END_MS;
    const watch = async () =>
      (await scene.db.query(`SELECT status::text, attempt, after FROM step_run WHERE step = 'watch' AND subject = '1'`))
        .rows[0];
    while ((await watch())?.status !== 'done' && Date.now() < deadline)
      await new Promise((done) => setTimeout(done, 50));
    expect(await watch()).toMatchObject({ status: 'done', attempt: 3 });
    expect((await watch())?.after.open).toContain('okta.deactivate');
    const told = async () => {
      const { channels } = await scene.slack.state<{ channels: { messages: { text: string }[] }[] }>();
      return channels
        .flatMap(({ messages }) => messages)
        .filter(({ text }) => text.startsWith('Open again a day later'));
    };
    while ((await told()).length === 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
    expect(await told()).toHaveLength(1);
    expect(await writes()).toBe(before);
  } finally {
    await scene.close();
  }
});
