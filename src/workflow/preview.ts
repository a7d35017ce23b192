// The plan: what read-only calls say of one person, and what each step would do. Writes nothing anywhere.
import { rememberReads } from '../connectors/okta/remembered-reads.ts';
import { lookAtApps } from './apps.ts';
import { countryOf } from './country.ts';
import { PREVIEW_DEADLINE_MS, within } from './deadline.ts';
import { type DevicesDeps, lookAtDevices } from './devices.ts';
import { findPerson, personOf } from './find-person.ts';
import { addressesOf, type GoogleDeps, lookAtGoogle } from './google-account.ts';
import { type HrisDeps, lookAtHris } from './hris.ts';
import { lookAtIntegrations } from './integrations.ts';
import type { DevicesView } from './model/device.ts';
import { type GoogleView, type PlanView, pinnedGoogle, type Refusal } from './model/plan.ts';
import type { PlannedStep } from './model/ports.ts';
import { wayFor } from './model/return-policy.ts';
import type { OperatorId, PinnedIds } from './model/run.ts';
import { zoneOf } from './model/start.ts';
import type { Step } from './model/step.ts';
import { hashDecisions } from './plan-hash.ts';
import { notChecked, type PlanStepDeps, planDevices, planSlack, planStep } from './plan-step.ts';
import { checkSafeguards, type SafeguardDeps } from './safeguards.ts';
import { SLACK_ACCOUNT } from './steps/slack-account.ts';
import { reasonOf, type UnreadableDeps, unreadable } from './unreadable.ts';

export interface PreviewDeps extends SafeguardDeps, HrisDeps, GoogleDeps, DevicesDeps, PlanStepDeps, UnreadableDeps {}

export type Preview =
  | {
      readonly kind: 'plan';
      readonly plan: PlanView;
      readonly personId: string;
      readonly ids: PinnedIds;
      /** When Okta says that the account was deactivated; null: it is not, or Okta does not say. */
      readonly deactivatedAt: Date | null;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** `who`: an exact address at first, the pinned Okta id once it was confirmed. `operator` null: a door asks. */
export function previewOffboarding(
  deps: PreviewDeps,
  operator: OperatorId | null,
  who: { email: string; oktaId?: string },
): Promise<Preview> {
  return rememberReads(() => look(deps, operator, who));
}

async function look(
  deps: PreviewDeps,
  operator: OperatorId | null,
  who: { email: string; oktaId?: string },
): Promise<Preview> {
  const deadline = AbortSignal.timeout(PREVIEW_DEADLINE_MS);
  const ofRun = deps.steps.filter((step) => !step.subjects && step.name !== SLACK_ACCOUNT);
  const ofGoogle = (isGoogles: boolean) => ofRun.filter((step) => (step.vendor === 'google') === isGoogles);
  const planAll = (isGoogles: boolean, ids: PinnedIds) =>
    Promise.all(ofGoogle(isGoogles).map((step) => planStep(deps, step, ids, deadline)));
  // Who is known by id is looked at from all sides at once.
  const begun = who.oktaId === undefined ? null : planAll(false, { okta: who.oktaId });
  const found = await findPerson(deps, who, deadline);
  if ('refusal' in found) return { kind: 'refused', refusal: found.refusal };
  const { user } = found;
  const person = personOf(user);

  // Google is asked about whom HR calls the manager; Okta's steps wait for neither.
  const hrisSeen = lookAtHris(deps, user, person.name);
  const devicesSeen = within(deadline, lookAtDevices(deps, user, 'offboarding')).catch(
    (error: unknown): DevicesView => ({ is: 'not_read', why: reasonOf(error), isRefusal: false }),
  );
  const googleSeen = within(deadline, lookAtGoogle(deps, user, hrisSeen)).catch(
    (error: unknown): GoogleView => ({ is: 'not_read', why: reasonOf(error), isRefusal: false }),
  );
  const googlesPlanned = googleSeen.then((view) =>
    view?.is === 'not_read'
      ? ofGoogle(true).map((step): PlannedStep => notChecked(step, view.why))
      : planAll(true, { okta: user.id, ...pinnedGoogle(view) }),
  );

  const safeguardsSeen = within(deadline, checkSafeguards(deps, operator, user, person)).catch((error: unknown) =>
    unreadable(deps, error, 'safeguards'),
  );
  const [safeguards, slacks, hris, google, devices, apps, integrations, locks, ...planned] = await Promise.all([
    safeguardsSeen,
    safeguardsSeen.then((seen) => planSlack(deps, seen, user.id, deadline)),
    hrisSeen,
    googleSeen,
    devicesSeen,
    lookAtApps(deps, user, hrisSeen),
    lookAtIntegrations(deps, user, deadline),
    devicesSeen.then((view) => planDevices(deps, view, user.id, deadline)),
    begun ?? planAll(false, { okta: user.id }),
    googlesPlanned,
  ]);
  if ('why' in safeguards) return { kind: 'refused', refusal: safeguards };
  if (safeguards.refusal) return { kind: 'refused', refusal: safeguards.refusal };
  const ours = [...addressesOf(user), ...(google?.is === 'account' ? [google.address] : [])];
  if (deps.google && ours.some(deps.google.isOwnAddress))
    return { kind: 'refused', refusal: { why: 'own_credentials', vendor: 'google', person } };
  const steps = inOrder(deps.steps, [...planned.flat(), ...slacks, ...locks]);
  if (google?.is === 'account' && google.isLastSuperAdmin)
    return { kind: 'refused', refusal: { why: 'last_google_super_admin', person } };

  const plan = {
    person,
    status: user.status,
    steps,
    warnings: safeguards.warnings,
    ...(hris && { hris }),
    ...(google && { google }),
    ...(devices && {
      devices,
      returnWay: wayFor(deps.policy.policy, countryOf(user, hris)),
      deviceFate: deps.policy.policy.returns.data,
    }),
    ...(apps.length > 0 && { apps }),
    ...(integrations && { integrations }),
    zone: zoneOf(deps.policy.policy, {
      okta: user.profile.timezone ?? null,
      slack: safeguards.slackZone,
      country: countryOf(user, hris),
    }),
    checkedAt: deps.clock.now(),
    channelId: deps.channelId,
  };
  return {
    kind: 'plan',
    plan: { ...plan, hash: hashDecisions(user.id, plan) },
    personId: user.id,
    ids: { okta: user.id, slack: safeguards.slackUserId, ...pinnedGoogle(google) },
    deactivatedAt: user.status === 'DEPROVISIONED' ? (user.statusChanged ?? null) : null,
  };
}

function inOrder(steps: readonly Step[], planned: readonly PlannedStep[]): readonly PlannedStep[] {
  return steps.flatMap((step) => planned.filter((one) => one.step === step.name));
}
