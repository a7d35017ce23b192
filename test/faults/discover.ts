// Derives what can be interrupted from one undisturbed offboarding: each write and each read, from the journals and the
// vendor_write rows. No step and no operation is named by hand, so a step added later is in the matrix by itself.
import type { AppProcess } from './support/app-process.ts';
import type { Call } from './support/control.ts';
import { openScene, type Scene } from './support/scene.ts';

export type Vendor = 'okta' | 'slack' | 'jira';

export interface FoundWrite {
  readonly vendor: Exclude<Vendor, 'slack'>;
  readonly step: string;
  readonly effect: string;
  readonly target: string;
  readonly irreversible: boolean;
  readonly operation: string;
  readonly path: string;
  /** How many calls of the same operation and path come before it. */
  readonly before: number;
}

/** A read, a message to Slack, a comment in Jira: anything that is not a step's write. */
export interface FoundCall {
  readonly vendor: Vendor;
  readonly operation: string;
  /** Of the confirmation (before the run's row exists), or of the run. */
  readonly phase: 'confirm' | 'run';
  /** 1 for the first of its operation in the phase. */
  readonly nth: number;
  /** How many calls of the same operation come before it. */
  readonly before: number;
  readonly write: boolean;
}

export interface Found {
  readonly writes: readonly FoundWrite[];
  readonly calls: readonly FoundCall[];
  /** The vendor's operation behind each effect. */
  readonly operations: ReadonlyMap<string, string>;
  /** Steps that wait for no other, and that others wait for. */
  readonly roots: readonly string[];
}

/** Of these only the start of a process makes use. */
export const STARTUP = ['slack.auth.test', 'slack.conversations.info', 'okta.token'];

interface WriteRow {
  readonly vendor: FoundWrite['vendor'];
  readonly step: string;
  readonly effect: string;
  readonly target: string;
  readonly irreversible: boolean;
}

/** Runs the person through once and reads what happened. Throws when it does not add up. `isDrawn: false`: does not wait
 *  for the pictures, so that their messages are not found. */
export async function discover(
  scene: Scene,
  app: AppProcess,
  email: string,
  options = { isDrawn: true },
): Promise<Found> {
  await scene.offboard(email, app);
  if (!(await scene.awaitClosed(1, 30_000, options))) throw new Error(`the undisturbed run of ${email} did not end`);
  return readRun(scene, email);
}

/** The same in a company of its own, which is closed again. */
export async function discoverAlone(email: string, options = { isDrawn: true }): Promise<Found> {
  const scene = await openScene();
  try {
    return await discover(scene, await scene.start('undisturbed'), email, options);
  } finally {
    await scene.close();
  }
}

async function readRun(scene: Scene, email: string): Promise<Found> {
  const [okta, slack, jira] = await Promise.all([scene.okta.journal(), scene.slack.journal(), scene.jira.journal()]);
  const { rows: runs } = await scene.db.query<{ id: string; opened_at: Date; received_at: Date }>(
    `SELECT r.id, r.opened_at, r.requested_at AS received_at FROM run r WHERE r.person->>'email' = $1`,
    [email],
  );
  const [run] = runs;
  if (!run) throw new Error(`no run of ${email}`);
  const { rows } = await scene.db.query<WriteRow>(
    `SELECT s.vendor, s.step, w.effect, w.target, w.irreversible FROM vendor_write w JOIN step_run s ON s.id = w.step_run_id
     WHERE s.run_id = $1 ORDER BY w.id`,
    [run.id],
  );
  const of = (vendor: FoundWrite['vendor']): WriteRow[] => rows.filter((row) => row.vendor === vendor);
  const writes = [
    ...pair(
      of('okta'),
      okta.filter((call) => call.write),
    ),
    // Comments and transitions are pictures, as messages are in Slack.
    ...pair(of('jira'), jira.filter(isStepsWrite)),
  ];
  const inPhase = (vendor: Vendor, calls: readonly Call[]): FoundCall[] =>
    readsOf(vendor, calls, { from: run.received_at.getTime(), opened: run.opened_at.getTime() });
  const { rows: roots } = await scene.db.query<{ step: string }>(
    `SELECT s.step FROM step_run s WHERE s.run_id = $1 AND s.needs = '[]' AND EXISTS (
       SELECT 1 FROM step_run o WHERE o.run_id = s.run_id AND o.needs @? format('$[*][*] ? (@.step == "%s")', s.step)::jsonpath)`,
    [run.id],
  );
  return {
    roots: roots.map((row) => row.step),
    writes,
    calls: [...inPhase('okta', okta), ...inPhase('slack', slack), ...inPhase('jira', jira)],
    operations: new Map(writes.map((write) => [write.effect, write.operation])),
  };
}

/** Pictures of Jira, which no row announces. */
const PICTURES = ['jira.addComment', 'jira.doTransition'];

export function isStepsWrite(call: Call): boolean {
  return call.write && !PICTURES.includes(call.operation);
}

/** Each row with its call: by the target in the path, else by order. */
function pair(rows: readonly WriteRow[], calls: readonly Call[]): FoundWrite[] {
  const targets = rows.map((row) => row.target).filter(Boolean);
  const left = [...calls];
  const writes = rows.map((row) => {
    const at = left.findIndex((call) =>
      row.target ? call.path.includes(row.target) : !targets.some((target) => call.path.includes(target)),
    );
    const [call] = at === -1 ? [] : left.splice(at, 1);
    if (!call) throw new Error(`${row.step} intended ${row.effect}, and the vendor has no call for it`);
    const earlier = calls.filter((one) => one.seq < call.seq && isSameCall(one, call));
    return { ...row, operation: call.operation, path: call.path, before: earlier.length };
  });
  if (left.length > 0) throw new Error(`the vendor has writes without an intent: ${left.map((call) => call.path)}`);
  return writes;
}

function isSameCall(one: Call, other: Call): boolean {
  return one.operation === other.operation && one.path === other.path;
}

/** The first call of each operation in each phase; of messages the second too, since a reply is not a root. */
function readsOf(vendor: Vendor, calls: readonly Call[], times: { from: number; opened: number }): FoundCall[] {
  const found: FoundCall[] = [];
  const counts = new Map<string, number>();
  for (const call of calls) {
    if (STARTUP.includes(call.operation) || (vendor !== 'slack' && isStepsWrite(call)) || call.at < times.from)
      continue;
    const phase = call.at < times.opened ? 'confirm' : 'run';
    const key = `${phase} ${call.operation}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    if (nth > (call.write ? 2 : 1)) continue;
    const before = calls.filter((one) => one.seq < call.seq && one.operation === call.operation).length;
    found.push({ vendor, operation: call.operation, phase, nth, before, write: call.write });
  }
  return found;
}
