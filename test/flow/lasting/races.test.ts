// Two and three doors at once, in any order, at two processes: one run for a person, a hundred times each.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app/compose.ts';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { DOOR_SETTINGS, fromBambooHr, fromOkta, post } from '../../support/office-doors.ts';
import { MANY_AN_HOUR, policyFile } from '../../support/returns.ts';

const RACES = 100;
let office: Office;
let apps: readonly App[];

beforeAll(async () => {
  office = await anOffice({
    bamboohr: true,
    settings: { ...DOOR_SETTINGS, SENDOFF_POLICY: policyFile(MANY_AN_HOUR) },
    started: false,
  });
  apps = [await office.start(), await office.start()];
}, 60_000);
afterAll(() => office.close());

function hr() {
  if (!office.bamboohr) throw new Error('no BambooHR');
  return office.bamboohr;
}

interface Racer {
  readonly login: string;
  readonly oktaId: string;
  readonly record: string;
}

/** People with an account and an HR record each; HR says that they have left, and HR's connection has closed the account. */
function racers(original: string, prefix: string, count: number): readonly Racer[] {
  const copies = office.okta.command('copy_user', { user: original, count, prefix }) as {
    login: string;
    ids: Record<string, string>;
  }[];
  return copies.map(({ login }) => {
    const { users } = office.okta.state() as { users: { id: string; profile: { login: string } }[] };
    const oktaId = users.find((one) => one.profile.login === login)?.id ?? '';
    const day = office.clock.now().toISOString().slice(0, 10);
    const patch = {
      workEmail: login,
      displayName: `Load ${login}`,
      status: 'Inactive',
      endsOn: day,
      employeeNumber: login,
    };
    const added = hr().command('add_employee', { employee: 'alex', patch }) as { id: string };
    office.okta.command('set_user', { user: oktaId, patch: { profile: { employeeNumber: login } } });
    return { login, oktaId, record: added.id };
  });
}

/** The same in every run: which door first, at which process, how far apart. */
function order(index: number): readonly number[] {
  const all = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  return all[index % all.length] ?? [];
}
const at = (index: number): App => {
  const app = apps[index % apps.length];
  if (!app) throw new Error('no app');
  return app;
};

async function race(racer: Racer, index: number, doors: readonly (() => Promise<unknown>)[]): Promise<void> {
  const turns = order(index).filter((one) => one < doors.length);
  const apartMs = index % 4 === 0 ? 0 : index % 7;
  await Promise.all(
    turns.map(async (door, place) => {
      await new Promise((done) => setTimeout(done, place * apartMs));
      await doors[door]?.();
    }),
  );
  await office.until(async () => {
    const [row] = await office.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM knock WHERE subject = ANY ($1) AND wanted = looked`,
      [[racer.record, racer.oktaId]],
    );
    return row?.n === 2;
  }, 60_000);
}

const runsOf = async (racer: Racer) =>
  office.db.query<{ status: string; requested_by: string }>(
    'SELECT status, requested_by FROM run WHERE person_id = $1',
    [racer.oktaId],
  );

describe('one run for a person', () => {
  it(`is what BambooHR and Okta make together, ${RACES} times`, async () => {
    const people = racers('lin', 'two', RACES);
    for (const { oktaId } of people)
      office.okta.command('set_user', { user: oktaId, patch: { status: 'DEPROVISIONED' } });

    const counts = [];
    for (let from = 0; from < RACES; from += 10)
      counts.push(
        ...(await Promise.all(
          people.slice(from, from + 10).map(async (racer, i) => {
            const index = from + i;
            await race(racer, index, [
              () => post(at(index), 'bamboohr', fromBambooHr([racer.record])),
              () => post(at(index + 1), 'okta', fromOkta([racer.oktaId])),
            ]);
            return (await runsOf(racer)).length;
          }),
        )),
      );

    expect(new Set(counts)).toEqual(new Set([1]));
    // Whichever was first: it can be stopped as long.
    const [row] = await office.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM run WHERE status <> 'scheduled'`,
      [],
    );
    expect(row?.n).toBe(0);
    const [{ n } = { n: 0 }] = await office.db.query<{ n: number }>('SELECT count(*)::int AS n FROM run', []);
    expect(n).toBe(RACES);
  }, 300_000);

  it(`is what a command makes with them too, ${RACES} times`, async () => {
    const people = racers('sam', 'three', RACES);
    const before = (await office.runs()).length;
    const operators = createOperatorStore(office.db);
    await operators.addFirst([{ teamId: 'T0ACME', userId: 'U0LIN' }]);

    const wrong: unknown[] = [];
    for (const [index, racer] of people.entries()) {
      await office.lin.types(`/offboard ${racer.login}`);
      await office.until(
        () => office.lin.screen().includes('What will happen') && office.lin.screen().includes(racer.login),
      );
      await race(racer, index, [
        () => post(at(index), 'bamboohr', fromBambooHr([racer.record])),
        () => post(at(index + 1), 'okta', fromOkta([racer.oktaId])),
        () => office.lin.submits(),
      ]);
      // Opened, scheduled first and begun by the command, or told that it runs already: one in any case.
      await office.until(
        () => !office.lin.screen().includes('What will happen') && !/[Cc]hecking/.test(office.lin.screen()),
      );
      const runs = await runsOf(racer);
      if (runs.length !== 1) wrong.push({ index, runs, told: office.lin.screen() });
      office.pass(1_000);
      office.slack.workspace.stacks.clear();
    }

    expect(wrong).toEqual([]);
    expect((await office.runs()).length - before).toBe(RACES);
  }, 400_000);
});
