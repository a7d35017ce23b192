// Whether the suite bites: one defence of the engine is taken out of a copy of the project, and the case that needs it must
// turn red, while the same case stays green with the defence in place.
import { describe, it } from 'vitest';
import { discoverAlone } from '../discover.ts';
import { type Invariant, judge, type Violation } from '../invariants.ts';
import { gatherEvidence, type OktaState } from '../support/evidence.ts';
import { runFreezeCase } from '../support/freeze-case.ts';
import { beforeCommitOf, buildGate } from '../support/gate.ts';
import { runKillCase } from '../support/kill-case.ts';
import { machine } from '../support/lanes.ts';
import { type Patch, patchedCopy } from '../support/patched-copy.ts';
import { openScene } from '../support/scene.ts';

const LEAVER = 'dana@acme.test';
const found = await discoverAlone(LEAVER, { isDrawn: false });
/** The last one: nothing after it makes it true as well. */
const write = found.writes.findLast((one) => one.irreversible) ?? raise('the catalogue has no irreversible write');

/** What is asked again of the vendor after a takeover, without a look at it. */
const NO_OBSERVE: Patch = {
  in: { file: 'src/workflow/attempt.ts' },
  find: 'const before = await observe(state);',
  replace: `const blind = state.first ? [] : state.claimed.writes.filter((write) => write.outcome === null);
    const would = blind.map((write) => ({ name: write.effect, target: write.target || undefined, repeat: 'safe' }));
    const before = blind.length > 0 ? { is: 'unsatisfied', facts: {}, would } : await observe(state);`,
};
const NO_FENCE: readonly Patch[] = [
  {
    in: { sql: 'intend_write' },
    find: `IF s.status <> 'running' OR s.attempt <> p_attempt OR s.owner IS DISTINCT FROM p_instance THEN`,
    replace: 'IF false THEN',
  },
  {
    in: { sql: 'record_attempt' },
    find: `WHERE id = p_step_run AND attempt = p_attempt AND owner = p_instance AND status = 'running'`,
    replace: 'WHERE id = p_step_run',
  },
];
const NO_WAIT: Patch = { in: { sql: 'intend_write' }, find: 'IF v_wait > 0 THEN', replace: 'IF false THEN' };
const NO_RUN_LOCK: Patch = {
  in: { sql: 'record_attempt' },
  find: 'PERFORM 1 FROM run WHERE id = s.run_id FOR UPDATE; -- the lost join: see release_steps',
  replace: '',
};
/** What hides a lost join while a step waits by the Clock: each sweep frees what was missed. */
const NO_SWEPT_JOIN: Patch = {
  in: { sql: 'sweep' },
  find: `woken := woken + (SELECT count(*) FROM release_steps(r.run_id, p_me, 0, '{}', 0, p_now))::int;`,
  replace: 'NULL;',
};

// A run that never closes is waited for: that is what a missing fence looks like. Three tries: a race without its defence is
// lost sooner or later, not each time.
describe.concurrent('the suite turns red', { timeout: 300_000, retry: 2 }, () => {
  it('without the observation before a write', async (test) => {
    const kill = async (root?: string) =>
      (
        await runKillCase(
          { email: LEAVER, write, point: 'applied, answer not read', workers: 1 },
          found.operations,
          root,
        )
      ).violations;

    const { kept, removed } = await bothWays([], [NO_OBSERVE], kill);

    test.expect(kept).not.toContain('never applied twice');
    test.expect(removed).toContain('never applied twice');
  });

  it('without the takeover’s wait', async (test) => {
    const kill = async (root?: string) =>
      (await runKillCase({ email: LEAVER, write, point: 'sent, and applied late', workers: 1 }, found.operations, root))
        .violations;

    const { kept, removed } = await bothWays([], [NO_WAIT], kill);

    test.expect(kept).not.toContain('takeover waited');
    test.expect(removed).toContain('takeover waited');
  });

  it('without the fence', async (test) => {
    const freeze = async (root?: string) => {
      const one = { email: LEAVER, write, thaws: 'at the takeover', ...(root ? { root } : {}) } as const;
      return (await runFreezeCase(one, found.operations)).violations;
    };

    const { kept, removed } = await bothWays([], NO_FENCE, freeze);

    test.expect(kept).toEqual([]);
    test.expect(removed.length).toBeGreaterThan(0);
  });

  it('without the run’s row locked in record', async (test) => {
    const { kept, removed } = await bothWays([NO_SWEPT_JOIN], [NO_RUN_LOCK], recordAtOnce);

    test.expect(kept).not.toContain('run closed, nothing without a next action');
    test.expect(removed).toContain('run closed, nothing without a next action');
  });
});

/** The invariants that a situation violates with the defence, and without. `always`: patches of both. */
async function bothWays(
  always: readonly Patch[],
  defence: readonly Patch[],
  situation: (root?: string) => Promise<readonly Violation[]>,
): Promise<{ kept: Invariant[]; removed: Invariant[] }> {
  const control = always.length > 0 ? patchedCopy(always) : null;
  const copy = patchedCopy([...always, ...defence]);
  try {
    const [kept, removed] = await Promise.all([situation(control?.root), situation(copy.root)]);
    return { kept: kept.map((one) => one.invariant), removed: removed.map((one) => one.invariant) };
  } finally {
    control?.remove();
    copy.remove();
  }
}

/** All steps that wait for nothing are recorded in the same moment: each is a last predecessor of what follows. */
async function recordAtOnce(root?: string): Promise<readonly Violation[]> {
  const scene = await machine(async () => {
    const opened = await openScene(root);
    // Without Jira: the end of its step, later than the others', would free what was missed.
    await opened.start('first', { hasJira: false });
    return opened;
  });
  try {
    const [app] = scene.apps;
    if (!app) throw new Error('no process was started');
    const oktaBefore = await scene.okta.state<OktaState>();
    const gate = await buildGate(scene.db, beforeCommitOf(found.roots));
    await scene.offboard(LEAVER, app);
    await gate.awaitWaiting(found.roots.length);
    await gate.open();
    await scene.awaitClosed(1, 10_000, { isDrawn: false });
    return judge(await gatherEvidence(scene, oktaBefore), [], found.operations, { isDrawn: false });
  } finally {
    await scene.close();
  }
}

function raise(what: string): never {
  throw new Error(what);
}
