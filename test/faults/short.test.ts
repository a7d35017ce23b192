// The kill matrix in short, for every `npm test`: each write of the catalogue cut after the vendor applied it, all in one
// kill of one process; one kill between two commits; one of two processes killed. `npm run test:faults` is the whole.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover, type Found, type FoundWrite } from './discover.ts';
import { type Blow, judge, type Violation } from './invariants.ts';
import type { AppProcess } from './support/app-process.ts';
import { gatherEvidence, type OktaState } from './support/evidence.ts';
import { runKillCase, untilNextRequest } from './support/kill-case.ts';
import { machine } from './support/lanes.ts';
import { openScene, type Scene } from './support/scene.ts';

const LEAVER = 'dana@acme.test';
/** Many at once: what is held first must not be held for long. */
const OPERATORS = ['U0LIN', 'U0SAM', 'U0GRACE', 'U0AMARA'];
/** As many as the catalogue may have writes. */
const COPIES = 24;
let scene: Scene;
let copies: readonly Copy[];
let first: AppProcess;
let found: Found;

beforeAll(async () => {
  scene = await openScene();
  first = await scene.start('first');
  await scene.liftPace();
  // Before the original is offboarded: they have what it still has.
  copies = await scene.okta.command<Copy[]>('copy_user', { user: LEAVER, count: COPIES });
  found = await discover(scene, first, LEAVER, { isDrawn: false });
}, 30_000);
afterAll(() => scene.close(), 20_000);

// Alone, and before the others: a call that is held longer than its deadline ends by itself, and nothing is in doubt any more.
describe('a process that is killed with a write of every step in hand', () => {
  it('leaves no write of any step undone or done twice, though no answer was read', async (test) => {
    // A ticket's making names nobody in its path: it has a case of its own below.
    const people = leaversFor(found.writes.filter((write) => write.vendor === 'okta'));
    const oktaBefore = await scene.okta.state<OktaState>();
    for (const { write } of people)
      await scene.okta.plan({
        kind: 'hold_answer',
        operation: write.operation,
        pathIncludes: write.path,
        skip: write.before,
      });

    await Promise.all(
      OPERATORS.map((operator, at) =>
        confirmAll(
          people.filter((_, one) => one % OPERATORS.length === at),
          operator,
        ),
      ),
    );
    await scene.okta.awaitHeld(people.length);
    const { at, doubtful } = await machine(async () => {
      const killedAt = await first.kill();
      const left = await unanswered();
      await scene.okta.release(undefined, { discard: true });
      await scene.start('restarted');
      await untilNextRequest(scene, { at: killedAt, vendor: 'okta' });
      return { at: killedAt, doubtful: left };
    });
    await scene.awaitClosed(people.length + 1, 45_000, { isDrawn: false });

    const blow: Blow = { at, vendor: 'okta', doubtful: doubtful.flatMap(asFound(people)), isDeath: true };
    test.expect(blow.doubtful.length).toBe(people.length);
    const violations = judge(await gatherEvidence(scene, oktaBefore), [blow], found.operations, { isDrawn: false });
    test.expect(butForHaste(violations)).toEqual([]);
  }, 60_000);
});

describe.concurrent('a process that is killed', () => {
  it('is followed by another one that ends what it left between two commits', async (test) => {
    const write = pick((one) => one.irreversible);

    const result = await runKillCase(
      { email: LEAVER, write, point: 'answered, outcome not recorded', workers: 1 },
      found.operations,
    );

    test.expect(butForHaste(result.violations)).toEqual([]);
  }, 60_000);

  it('is followed by the one beside it, which waits until a lost call can no longer arrive', async (test) => {
    const write = pick((one) => !one.irreversible && one.vendor === 'okta');

    const result = await runKillCase(
      { email: LEAVER, write, point: 'sent, and lost on the way', workers: 2 },
      found.operations,
    );

    test.expect(butForHaste(result.violations)).toEqual([]);
  }, 60_000);
});

describe('a process that is killed as it makes a ticket', () => {
  it('leaves one ticket, which its successor finds and ends', async () => {
    const write = pick((one) => one.vendor === 'jira');

    const result = await runKillCase(
      { email: LEAVER, write, point: 'applied, answer not read', workers: 1 },
      found.operations,
    );

    expect(butForHaste(result.violations)).toEqual([]);
  }, 60_000);
});

/** Here another fork of `npm test` uses the machine too: how soon the next request comes is for `npm run test:faults`. */
function butForHaste(violations: readonly Violation[]): readonly Violation[] {
  return violations.filter((one) => one.invariant !== 'next request soon');
}

interface Leaver {
  readonly email: string;
  /** What is cut in this person's run. */
  readonly write: FoundWrite;
}

interface Copy {
  readonly login: string;
  /** Which id of the original became which. */
  readonly ids: Readonly<Record<string, string>>;
}

/** One person for each write, with the write in that person's own ids. */
function leaversFor(writes: readonly FoundWrite[]): Leaver[] {
  return writes.map((write, at) => {
    const copy = copies[at];
    if (!copy) throw new Error(`the catalogue has more than ${COPIES} writes`);
    const renamed = (text: string): string =>
      Object.entries(copy.ids).reduce((was, [id, ours]) => was.replaceAll(id, ours), text);
    return { email: copy.login, write: { ...write, path: renamed(write.path), target: renamed(write.target) } };
  });
}

async function confirmAll(people: readonly Leaver[], operator: string): Promise<void> {
  for (const { email } of people) await scene.offboard(email, first, operator);
}

interface Unanswered {
  readonly runId: string;
  readonly email: string;
  readonly step: string;
  readonly effect: string;
  readonly target: string;
}

/** The writes whose outcome nobody knows, from the database. */
async function unanswered(): Promise<readonly Unanswered[]> {
  const { rows } = await scene.db.query<Unanswered>(
    `SELECT r.id AS "runId", r.person->>'email' AS email, s.step, w.effect, w.target FROM vendor_write w
     JOIN step_run s ON s.id = w.step_run_id JOIN run r ON r.id = s.run_id WHERE w.outcome IS NULL`,
  );
  return rows;
}

function asFound(people: readonly Leaver[]): (one: Unanswered) => Blow['doubtful'] {
  return (one) =>
    people
      .filter(
        ({ email, write }) =>
          email === one.email && write.effect === one.effect && write.target === one.target && write.step === one.step,
      )
      .map(({ write }) => ({ ...write, runId: one.runId }));
}

function pick(isWanted: (write: FoundWrite) => boolean): FoundWrite {
  const write = found.writes.find(isWanted);
  if (!write) throw new Error('the catalogue has no such write');
  return write;
}
