// A mailbox's end over sixty kills: whoever is up is killed with -9 at some moment of a day, again and again, and nobody is up on
// the day itself.
import { expect, it } from 'vitest';
import { LASTING, letDaysPass } from '../support/days.ts';
import { googleOf } from '../support/google-case.ts';
import { openScene, pause, type Scene } from '../support/scene.ts';

const LEAVER = 'dana@acme.test';
const RECEIVER = 'grace@acme.test';
const DAY_MS = 86_400_000;
/** Several processes live side by side, and each of them is killed: one after the other would take minutes. */
const SIDE_BY_SIDE = ['a', 'b', 'c'];
const ROUNDS = 60 / SIDE_BY_SIDE.length;
const ROUND_MS = 2.85 * DAY_MS;
/** After the start, of real time: as it joins, looks, is about to record, or has nothing to do. */
const LONGEST_LIFE_MS = 250;
const DELETE = 'google.gmail.users.settings.delegates.delete';

it('comes once, after sixty kills on the way and an outage over its day', async () => {
  const scene = await openScene(undefined, { hasGoogle: true });
  try {
    const first = await scene.start('first');
    await scene.offboard(LEAVER, first);
    expect(await letDaysPass(scene, () => isHandedOver(scene))).toBe(true);
    await first.kill();

    const lives: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // While nobody is up: a token fetched just before a leap would be refused as no real one is.
      await scene.advance(ROUND_MS);
      const side = await Promise.all(SIDE_BY_SIDE.map((name) => scene.start(`${name}${round}`)));
      await Promise.all(
        side.map(async (app) => {
          const life = Math.round(Math.random() * LONGEST_LIFE_MS);
          lives.push(life);
          await pause(life);
          await app.kill();
        }),
      );
    }
    const told = `killed after ms: ${lives.join(' ')}`;
    expect(lives, told).toHaveLength(60);
    await scene.advance(9 * DAY_MS);
    expect(await delegatesOf(scene), told).toEqual([RECEIVER]);

    await scene.start('last');
    const isClosed = await letDaysPass(scene, () => scene.awaitClosed(1, 1, { isDrawn: false }));
    expect(isClosed, told).toBe(true);
    const ended = (await googleOf(scene).journal()).filter((call) => call.operation === DELETE && call.applied);
    expect(
      ended.map((call) => call.detail.delegateEmail),
      told,
    ).toEqual(['alex@acme.test', RECEIVER]);
    expect(await delegatesOf(scene), told).toEqual([]);
    expect((await scene.db.query('SELECT 1 FROM audit_verify() WHERE first_bad IS NOT NULL')).rows, told).toEqual([]);
  } finally {
    await scene.close();
  }
}, 300_000);

async function isHandedOver(scene: Scene): Promise<boolean> {
  const { rows } = await scene.db.query<{ left: number; ends: number }>(
    `SELECT count(*) FILTER (WHERE NOT step_has_ended(status) AND step <> ALL ($1))::int AS left,
       count(*) FILTER (WHERE step = 'google.mailbox_end' AND status = 'waiting')::int AS ends FROM step_run`,
    [[...LASTING, 'google.close']],
  );
  return rows[0]?.left === 0 && rows[0].ends === 1;
}

async function delegatesOf(scene: Scene): Promise<readonly string[]> {
  const { users } = await googleOf(scene).state<{
    users: readonly {
      readonly primaryEmail: string;
      readonly mailbox: { readonly delegates: readonly { readonly email: string }[] };
    }[];
  }>();
  return users.find((one) => one.primaryEmail === LEAVER)?.mailbox.delegates.map((one) => one.email) ?? [];
}
