// What a plan’s hash covers: decisions only, so that what an operator confirmed is what is begun.
import { createHash } from 'node:crypto';
import { decisionsOnApps } from './model/app-plan.ts';
import type { DevicesView, RunDevice } from './model/device.ts';
import { type PlanView, pinnedGoogle } from './model/plan.ts';
import type { Effect, Step } from './model/step.ts';
import { SLACK_ACCOUNT } from './steps/slack-account.ts';

/** What is left to decide once containment has begun: our own cut changes statuses, and must not look like somebody else's change. */
export function hashOfTheRest(personId: string, plan: PlanView, steps: readonly Step[]): string {
  const isContainment = new Set([
    ...steps.filter((step) => step.stage === 'contain').map((step) => step.name),
    // Okta's deactivation suspends the Google account: whether it is active is our own change too.
    'google.active',
    'google.keep',
  ]);
  return hashDecisions(personId, {
    ...plan,
    status: '',
    apps: [],
    // Tokens end with the account: that is our own cut.
    integrations: { found: [], gaps: [], haveTokensEnded: false },
    steps: plan.steps.filter(({ step }) => !isContainment.has(step)),
  });
}

/** Decisions only: who, whether they can sign in, whether they are protected, which devices and apps, what cannot be undone, whose
 * HR record and Google accounts with what a run keeps of them. Counts may change under an open modal. */
export function hashDecisions(
  personId: string,
  {
    status,
    steps,
    warnings,
    hris,
    google,
    devices,
    apps,
    integrations,
  }: Pick<PlanView, 'status' | 'steps' | 'warnings' | 'hris' | 'google' | 'devices' | 'apps' | 'integrations'>,
): string {
  // Whether Slack still has them nobody decides: Okta's provisioning closes that account at any moment.
  const decided = steps.filter(({ step }) => step !== SLACK_ACCOUNT);
  const decisions = decided.map(({ step, subject, seen }) => {
    if (seen.is === 'under_way') return [step, subject, seen.is, seen.facts.deviceIds ?? []];
    if (seen.is !== 'unsatisfied') return [step, subject, seen.is];
    return [step, subject, 'unsatisfied', [...new Set(seen.would.map(decisionOf))].sort()];
  });
  return `sha256:${createHash('sha256')
    .update(
      JSON.stringify([
        personId,
        status,
        decisions,
        warnings.filter((one) => one.kind === 'protected'),
        hris?.is === 'not_read' ? 'not_read' : hris,
        google && [google.is, pinnedGoogle(google), google.is === 'account' ? google.doubts : []],
        ...(devices ? [decisionsOn(devices)] : []),
        ...(apps && apps.length > 0 ? [{ apps: decisionsOnApps(apps) }] : []),
        ...(integrations && integrations.found.length > 0
          ? [{ integrations: integrations.found.map(({ id }) => id).sort() }]
          : []),
      ]),
    )
    .digest('hex')}`;
}

/** Which computers, whose, and whether they take commands; not when they were last heard of. */
export function decisionsOn(devices: DevicesView): unknown {
  if (devices.is === 'not_read') return devices.is;
  return devices.devices.map(({ id, serial, managementId, isTheirs, fetchedBy, boxOf }) => [
    ...[id, serial, managementId, isTheirs],
    ...[fetchedBy, boxOf].filter((one) => one !== undefined),
  ]);
}

/** Over a plan and what was chosen with it: what a run says it was started with. */
export function hashConfirmed(plan: PlanView, chosen: string | null, devices: readonly RunDevice[] = []): string {
  if (chosen === null && devices.length === 0) return plan.hash;
  return `sha256:${createHash('sha256')
    .update(JSON.stringify([plan.hash, chosen, ...(devices.length > 0 ? [devices] : [])]))
    .digest('hex')}`;
}

function decisionOf(effect: Effect): string {
  const isDevice = effect.name.endsWith('_device');
  return `${effect.name}${isDevice ? ` ${effect.target}` : ''}${effect.irreversible ? '!' : ''}`;
}
