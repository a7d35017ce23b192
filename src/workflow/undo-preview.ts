// The plan to take an offboarding back: whose it was, what each step would do from what that run recorded, and what stays lost. Reads only.
import { createHash } from 'node:crypto';
import { PREVIEW_DEADLINE_MS, within } from './deadline.ts';
import { addressesOf } from './google-account.ts';
import { lookAtHris } from './hris.ts';
import { deviceOf, type RunDevice } from './model/device.ts';
import type { PlanView, Refusal } from './model/plan.ts';
import type { LiveRun, PlannedStep } from './model/ports.ts';
import type { OperatorId, PinnedIds, RunKind } from './model/run.ts';
import type { Effect, Step } from './model/step.ts';
import {
  hasBegun,
  lockedDevices,
  lostWith,
  orderedBoxes,
  UNDO_OF,
  type Undone,
  type UndoneReads,
} from './model/undone.ts';
import { planStep } from './plan-step.ts';
import type { PreviewDeps } from './preview.ts';
import { isCalled } from './steps/okta-activate.ts';
import { subjectsOf } from './steps/plan-rows.ts';
import { unreadable } from './unreadable.ts';

export interface UndoPreviewDeps extends PreviewDeps {
  readonly undone: UndoneReads;
  /** Of an undo, the ticket among them. */
  readonly undoSteps: readonly Step[];
  readonly runs: { live(kind: RunKind, personId: string): Promise<LiveRun | null> };
}

export type UndoPreview =
  | {
      readonly kind: 'plan';
      readonly plan: PlanView;
      readonly personId: string;
      readonly ids: PinnedIds;
      readonly devices: readonly RunDevice[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Statuses from which there is something to take back. What was never begun is cancelled instead. */
const UNDOABLE: readonly string[] = ['open', 'closed', 'cancelled', 'awaiting_approval'];

export async function previewUndo(deps: UndoPreviewDeps, operator: OperatorId, runId: string): Promise<UndoPreview> {
  const refuse = (refusal: Refusal): UndoPreview => ({ kind: 'refused', refusal });
  const deadline = AbortSignal.timeout(PREVIEW_DEADLINE_MS);
  const undone = await deps.undone.of(runId);
  if (undone === null || undone.kind !== 'offboarding' || !UNDOABLE.includes(undone.status) || !hasBegun(undone))
    return refuse({ why: 'nothing_to_undo', person: undone?.person ?? null });
  const { person } = undone;
  if (undone.ids.slack === operator.userId) return refuse({ why: 'is_leaver' });
  if (undone.newer !== null) return refuse({ why: 'undo_newer', person, code: undone.newer });
  try {
    const whose = await within(deadline, whoseAccount(deps, undone));
    if ('why' in whose) return refuse(whose);
    const { user } = whose;
    const ids = idsOf(deps, undone);
    const devices = devicesOf(undone);
    const rows = deps.undoSteps.flatMap((step) =>
      subjectsOf(step, { devices, isUnread: false }).map((subject) => ({ step, subject })),
    );
    const [hris, ...steps] = await Promise.all([
      lookAtHris(deps, user, person.name),
      ...rows.map(({ step, subject }) => planStep(deps, step, ids, deadline, subject)),
    ]);
    const plan: Omit<PlanView, 'hash'> = {
      person,
      status: user.status,
      steps,
      warnings: [],
      ...(hris && { hris }),
      undo: {
        runId,
        code: undone.code,
        isLive: undone.status !== 'closed' && undone.status !== 'cancelled',
        lost: lostWith(undone),
      },
      checkedAt: deps.clock.now(),
      channelId: deps.channelId,
    };
    return { kind: 'plan', plan: { ...plan, hash: hashUndo(undone, plan) }, personId: undone.personId, ids, devices };
  } catch (error) {
    return refuse(unreadable(deps, error, 'person'));
  }
}

/** The account under the pinned id, where the address still means this person and nobody else. */
async function whoseAccount(
  { okta, google }: UndoPreviewDeps,
  { ids, person }: Undone,
): Promise<{ readonly user: NonNullable<Awaited<ReturnType<PreviewDeps['okta']['getUser']>>> } | Refusal> {
  const user = await okta.getUser(String(ids.okta));
  if (user === null) return { why: 'account_gone', person };
  const named = await okta.findUsers(person.email);
  const isOthers = named.some((one) => one.id !== user.id && isCalled(one, person.email));
  if (isOthers || !isCalled(user, person.email)) return { why: 'address_reused', vendor: 'okta', person };
  if (google && typeof ids.google === 'string') {
    for (const address of addressesOf(user)) {
      const account = await google.accounts.findUser(address).catch(() => null);
      if (account && account.id !== ids.google) return { why: 'address_reused', vendor: 'google', person };
    }
  }
  return { user };
}

/** Ids only; of the person's record what the offboarding had. */
function idsOf(deps: Pick<PreviewDeps, 'teamId'>, { id, ids }: Undone): PinnedIds {
  const kept = ['okta', 'slack', 'google', 'bamboohr'].flatMap((key) => {
    const value = ids[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(kept), 'slack.team': deps.teamId, [UNDO_OF]: id };
}

/** Locked computers, and devices whose box is out. */
function devicesOf(undone: Undone): readonly RunDevice[] {
  const locked = lockedDevices(undone).map((one): RunDevice => ({ ...one, way: 'none' }));
  const boxes = orderedBoxes(undone).map(
    (one): RunDevice => ({ ...deviceOf({ id: one.subject, facts: one.facts }), way: 'ship' }),
  );
  const isLocked = (id: string): boolean => locked.some((one) => one.id === id);
  const boxOf = (id: string): boolean => boxes.some((one) => one.id === id);
  return [
    ...locked.map((one): RunDevice => (boxOf(one.id) ? { ...one, way: 'ship' } : one)),
    // It was not locked: nothing is to be unlocked.
    ...boxes.filter((one) => !isLocked(one.id)).map((one): RunDevice => ({ ...one, managementId: null })),
  ];
}

/** Decisions only: whose, which run, what each step would do and to what, what HR says. Never times. */
function hashUndo(undone: Undone, { steps, status, hris, undo }: Omit<PlanView, 'hash'>): string {
  const effectOf = ({ name, target }: Effect): string => `${name} ${target ?? ''}`;
  const decisions = steps.map(({ step, subject, seen }: PlannedStep) => [
    ...[step, subject, seen.is],
    ...(seen.is === 'unsatisfied' ? seen.would.map(effectOf).sort() : []),
  ]);
  const hr = hris?.is === 'same_person' ? hris.record.status : (hris?.is ?? null);
  const said = [undone.id, undone.personId, status, undo?.isLive, undo?.lost, hr, decisions];
  return `sha256:${createHash('sha256').update(JSON.stringify(said)).digest('hex')}`;
}
