// The catalogue's table of minimal calls, written out: what each step cannot do without for the person who is offboarded here
// (Ada: two devices of her own, a push factor that takes its code factor with it). The bound, the control, the bare pipeline
// and the peer all follow from it, and every measurement is held to it: who made fewer calls did not do the work.

export interface MinimalStep {
  readonly step: string;
  /** Steps that must have ended before this one's first call. */
  readonly needs: readonly string[];
  /** One after another; the calls of one group are made at once. `d0`, `f0`: of which device or factor. */
  readonly calls: readonly (readonly Call[])[];
}

/** Vendor, operation as its simulator's journal names it, and what it is about where that is not the person. */
export interface Call {
  readonly operation: string;
  readonly about?: number;
}

const of = (operation: string, about?: number): Call => (about === undefined ? { operation } : { operation, about });
const READ_USER = of('okta.getUser');
const LISTS = ['listUserGroups', 'listAppLinks', 'listAssignedRolesForUser', 'listFactors', 'listUserDevices'].map(
  (name) => of(`okta.${name}`),
);

export const MINIMAL_STEPS: readonly MinimalStep[] = [
  {
    // What was confirmed is read once more: its decision facts, and who must never be offboarded.
    step: 'confirm',
    needs: [],
    calls: [
      [READ_USER, ...LISTS, of('slack.users.info'), of('slack.conversations.members')],
      [of('okta.listDeviceUsers', 0), of('okta.listDeviceUsers', 1), of('slack.users.lookupByEmail')],
    ],
  },
  { step: 'okta.snapshot', needs: ['confirm'], calls: [[READ_USER], LISTS] },
  {
    step: 'okta.block',
    needs: ['confirm'],
    calls: [[READ_USER], [of('okta.suspendUser')], [of('okta.revokeUserSessions')], [READ_USER]],
  },
  {
    step: 'okta.factors',
    needs: ['okta.block', 'okta.snapshot'],
    calls: [[READ_USER, of('okta.listFactors')], [of('okta.unenrollFactor', 0)], [READ_USER, of('okta.listFactors')]],
  },
  {
    // Writes of one step are made one after another: a kill leaves at most one in doubt.
    step: 'okta.devices',
    needs: ['okta.block', 'okta.snapshot'],
    calls: [
      [READ_USER, of('okta.listUserDevices')],
      [of('okta.listDeviceUsers', 0), of('okta.listDeviceUsers', 1)],
      [of('okta.deactivateDevice', 0)],
      [of('okta.deleteDevice', 0)],
      [of('okta.deactivateDevice', 1)],
      [of('okta.deleteDevice', 1)],
      [READ_USER, of('okta.listUserDevices')],
    ],
  },
  {
    step: 'okta.deactivate',
    needs: ['okta.block', 'okta.snapshot', 'okta.factors', 'okta.devices'],
    calls: [[READ_USER], [of('okta.deactivateUser')], [of('okta.revokeUserSessions')], [READ_USER]],
  },
];

/** What suspends the account: access is revoked when it has been applied. */
export const REVOKES = 'okta.suspendUser';
const WRITES = new Set([
  REVOKES,
  ...['revokeUserSessions', 'unenrollFactor', 'deactivateDevice', 'deleteDevice', 'deactivateUser'].map(
    (name) => `okta.${name}`,
  ),
]);

export function isWrite({ operation }: Call): boolean {
  return WRITES.has(operation);
}

/** The same table without its reads: what a script would do that looks at nothing. */
export const BARE_STEPS: readonly MinimalStep[] = MINIMAL_STEPS.map((one) => ({
  ...one,
  calls: one.calls.map((group) => group.filter(isWrite)).filter((group) => group.length > 0),
}));

export interface Bound {
  /** From the submit to the suspension applied, in ms. */
  readonly revokedMs: number;
  /** From the submit to the last write applied, in ms. */
  readonly madeMs: number;
}

/** Nobody is faster at these calls, each of which takes `latencyMs`, and nothing else takes any time. */
export function boundOf(steps: readonly MinimalStep[], latencyMs: number): Bound {
  const ends = new Map<string, number>();
  let [revoked, made] = [0, 0];
  for (const { step, needs, calls } of steps) {
    let at = Math.max(0, ...needs.map((need) => ends.get(need) ?? 0));
    for (const group of calls) {
      at += 1;
      if (group.some((call) => call.operation === REVOKES)) revoked = at;
      if (group.some(isWrite)) made = Math.max(made, at);
    }
    ends.set(step, at);
  }
  return { revokedMs: revoked * latencyMs, madeMs: made * latencyMs };
}

/** How often each operation is called at least, for so many people. */
export function minimalCounts(steps: readonly MinimalStep[], people: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of steps.flatMap((one) => one.calls.flat()))
    counts.set(operation, (counts.get(operation) ?? 0) + people);
  return counts;
}

/** Operations that were called less often than the table says; empty: the measurement counts. */
export function fewerThanMinimal(
  journal: readonly { readonly operation: string }[],
  steps: readonly MinimalStep[],
  people: number,
): readonly string[] {
  return [...minimalCounts(steps, people)].flatMap(([operation, least]) => {
    const made = journal.filter((call) => call.operation === operation).length;
    return made >= least ? [] : [`${operation}: ${made} of ${least}`];
  });
}
