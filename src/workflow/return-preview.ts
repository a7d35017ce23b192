// The plan for a device return: what read-only calls say of one person and their devices. Writes nothing anywhere.
import { createHash } from 'node:crypto';
import type { User } from '../connectors/okta/schema.ts';
import { countryOf } from './country.ts';
import { PREVIEW_DEADLINE_MS, within } from './deadline.ts';
import { lookAtDevices } from './devices.ts';
import { findPerson, personOf } from './find-person.ts';
import { lookAtHris } from './hris.ts';
import type { DevicesView, ReturnWay, RunDevice } from './model/device.ts';
import type { ReturnPlan } from './model/device-return.ts';
import { pinnedRecord, type Refusal } from './model/plan.ts';
import { protectedBecause } from './model/policy.ts';
import { wayFor } from './model/return-policy.ts';
import type { OperatorId, Person, PinnedIds } from './model/run.ts';
import { decisionsOn } from './plan-hash.ts';
import type { PreviewDeps } from './preview.ts';
import { reasonOf, unreadable } from './unreadable.ts';

export type ReturnPreview =
  | { readonly kind: 'plan'; readonly plan: ReturnPlan; readonly personId: string; readonly ids: PinnedIds }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** `who`: an exact address at first, the pinned Okta id once it was confirmed. Who is deactivated is found all the same. */
export async function lookAtReturn(
  deps: PreviewDeps,
  operator: OperatorId,
  who: { email: string; oktaId?: string },
): Promise<ReturnPreview> {
  const deadline = AbortSignal.timeout(PREVIEW_DEADLINE_MS);
  const found = await findPerson(deps, who, deadline);
  if ('refusal' in found) return { kind: 'refused', refusal: found.refusal };
  const { user } = found;
  const person = personOf(user);
  const [standing, hris, devices] = await Promise.all([
    within(deadline, standingOf(deps, operator, user, person)).catch((error: unknown) =>
      unreadable(deps, error, 'safeguards'),
    ),
    lookAtHris(deps, user, person.name),
    within(deadline, lookAtDevices(deps, user, 'device_return')).catch(
      (error: unknown): DevicesView => ({ is: 'not_read', why: reasonOf(error), isRefusal: false }),
    ),
  ]);
  if ('why' in standing) return { kind: 'refused', refusal: standing };
  const { policy } = deps.policy;
  const country = countryOf(user, hris);
  const plan = {
    person,
    status: user.status,
    country,
    isOwn: standing.isOwn,
    isProtected: standing.isProtected,
    ...(hris && { hris }),
    ...(devices && { devices }),
    returnWay: fetchingWay(wayFor(deps.policy.policy, country)),
    deviceFate: policy.returns.data,
    checkedAt: deps.clock.now(),
    channelId: deps.channelId,
  };
  const ids = { okta: user.id, slack: standing.slackUserId, ...pinnedRecord(plan, null) };
  return { kind: 'plan', plan: { ...plan, hash: hashReturn(user.id, plan) }, personId: user.id, ids };
}

/** Whose devices these are: the operator's own, or somebody's whom the policy protects. Throws where that cannot be read. */
async function standingOf(
  deps: PreviewDeps,
  operator: OperatorId,
  user: User,
  person: Person,
): Promise<{ slackUserId: string | null; isOwn: boolean; isProtected: boolean }> {
  const { policy } = deps.policy;
  const [slackUser, operatorUser, groups] = await Promise.all([
    deps.slack.findUserByEmail(person.email),
    deps.slack.getUser(operator.userId),
    policy.protected.groups.length > 0 ? deps.okta.listGroupNames(user.id) : [],
  ]);
  const slackUserId = slackUser?.id ?? null;
  const operatorEmail = operatorUser?.profile?.email?.toLowerCase();
  const addresses = [user.profile.login, user.profile.email].map((address) => address?.toLowerCase());
  const because = protectedBecause(policy, {
    groups,
    title: person.title,
    addresses: [user.profile.login, person.email],
  });
  return {
    slackUserId,
    isOwn: slackUserId === operator.userId || (operatorEmail !== undefined && addresses.includes(operatorEmail)),
    isProtected: because.length > 0,
  };
}

/** A return fetches: what the policy leaves where it is, is brought in where somebody asks for it. */
function fetchingWay(way: ReturnWay): ReturnWay {
  return way === 'none' ? 'in_person' : way;
}

/** Decisions only: who, whether they have left, whether they are protected, which devices, whose HR record. */
function hashReturn(personId: string, { status, isProtected, hris, devices }: Omit<ReturnPlan, 'hash'>): string {
  const record = hris?.is === 'same_person' ? hris.record.id : (hris?.is ?? null);
  return sha256([personId, hasLeft(status), isProtected, record, devices ? decisionsOn(devices) : null]);
}

/** Over a plan and what was chosen with it: what a run says it was started with. */
export function hashConfirmedReturn(plan: ReturnPlan, reason: string, devices: readonly RunDevice[]): string {
  return sha256([plan.hash, reason, devices]);
}

export function hasLeft(status: string): boolean {
  return status === 'DEPROVISIONED';
}

function sha256(facts: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`;
}
