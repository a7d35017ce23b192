// The plan: what read-only calls say of one person, and what each step would do. Writes nothing anywhere.
import { createHash } from 'node:crypto';
import { ConnectorError } from '../connectors/connector-error.ts';
import { rememberReads } from '../connectors/okta/remembered-reads.ts';
import type { User } from '../connectors/okta/schema.ts';
import { countryOf } from './country.ts';
import { type DevicesDeps, lookAtDevices } from './devices.ts';
import { addressesOf, type GoogleDeps, lookAtGoogle } from './google-account.ts';
import { type HrisDeps, lookAtHris } from './hris.ts';
import { confirmedDevices, type DevicesView, type RunDevice } from './model/device.ts';
import { type GoogleView, type PlanView, pinnedGoogle, type Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type { Clock, PlannedStep } from './model/ports.ts';
import { wayFor } from './model/return-policy.ts';
import type { OperatorId, Person, PinnedIds } from './model/run.ts';
import type { Effect, ReadContext, Step, Subject } from './model/step.ts';
import { checkSafeguards, type SafeguardDeps } from './safeguards.ts';
import { subjectsOf } from './steps/plan-rows.ts';

/** The operator waits for this at most; what has not answered by then says "couldn't check". */
export const PREVIEW_DEADLINE_MS = 8_000;

export interface PreviewDeps extends SafeguardDeps, HrisDeps, GoogleDeps, DevicesDeps {
  readonly steps: readonly Step[];
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void };
  /** A short word that an operator can quote and the log contains. */
  reference(): string;
}

export type Preview =
  | { readonly kind: 'plan'; readonly plan: PlanView; readonly personId: string; readonly ids: PinnedIds }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** `who`: an exact address at first, the pinned Okta id once it was confirmed. */
export function previewOffboarding(
  deps: PreviewDeps,
  operator: OperatorId,
  who: { email: string; oktaId?: string },
): Promise<Preview> {
  return rememberReads(() => look(deps, operator, who));
}

async function look(
  deps: PreviewDeps,
  operator: OperatorId,
  who: { email: string; oktaId?: string },
): Promise<Preview> {
  const deadline = AbortSignal.timeout(PREVIEW_DEADLINE_MS);
  const ofRun = deps.steps.filter((step) => !step.subjects);
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

  const [safeguards, hris, google, devices, locks, ...planned] = await Promise.all([
    within(deadline, checkSafeguards(deps, operator, user, person)).catch((error: unknown) =>
      unreadable(deps, error, 'safeguards'),
    ),
    hrisSeen,
    googleSeen,
    devicesSeen,
    devicesSeen.then((view) => planDevices(deps, view, user.id, deadline)),
    begun ?? planAll(false, { okta: user.id }),
    googlesPlanned,
  ]);
  if ('why' in safeguards) return { kind: 'refused', refusal: safeguards };
  if (safeguards.refusal) return { kind: 'refused', refusal: safeguards.refusal };
  const ours = [...addressesOf(user), ...(google?.is === 'account' ? [google.address] : [])];
  if (deps.google && ours.some(deps.google.isOwnAddress))
    return { kind: 'refused', refusal: { why: 'own_credentials', vendor: 'google', person } };
  const steps = inOrder(deps.steps, [...planned.flat(), ...locks]);
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
    checkedAt: deps.clock.now(),
    channelId: deps.channelId,
  };
  return {
    kind: 'plan',
    plan: { ...plan, hash: hashDecisions(user.id, plan) },
    personId: user.id,
    ids: { okta: user.id, slack: safeguards.slackUserId, ...pinnedGoogle(google) },
  };
}

export async function findPerson(
  deps: PreviewDeps,
  who: { email: string; oktaId?: string },
  deadline: AbortSignal,
): Promise<{ user: User } | { refusal: Refusal }> {
  try {
    const nobody = { refusal: { why: 'nobody_found', email: who.email } } as const;
    if (who.oktaId !== undefined) {
      const user = await within(deadline, deps.okta.getUser(who.oktaId));
      return user ? { user } : nobody;
    }
    const hits = (await within(deadline, deps.okta.findUsers(who.email))).filter((user) => hasAddress(user, who.email));
    const [hit, ...others] = hits;
    if (!hit) return nobody;
    if (others.length > 0) {
      const people = hits.map((user) => ({ name: nameOf(user), login: user.profile.login, status: user.status }));
      return { refusal: { why: 'several_found', email: who.email, people } };
    }
    // The search is an index that lags: somebody may have given the address up. The user itself does not lag.
    const user = await within(deadline, deps.okta.getUser(hit.id));
    return user && hasAddress(user, who.email) ? { user } : nobody;
  } catch (error) {
    return { refusal: unreadable(deps, error, 'person') };
  }
}

function hasAddress(user: User, address: string): boolean {
  return [user.profile.login, user.profile.email].some((one) => one?.toLowerCase() === address.toLowerCase());
}

function notChecked({ name }: Step, why: string): PlannedStep {
  return { step: name, subject: '', seen: { is: 'not_checked', why } };
}

function inOrder(steps: readonly Step[], planned: readonly PlannedStep[]): readonly PlannedStep[] {
  return steps.flatMap((step) => planned.filter((one) => one.step === step.name));
}

/** What containment would do to each computer that was found; whether it is done to it the operator ticks. */
async function planDevices(
  deps: PreviewDeps,
  view: DevicesView | null,
  oktaId: string,
  deadline: AbortSignal,
): Promise<readonly PlannedStep[]> {
  if (view?.is !== 'read') return [];
  const devices = confirmedDevices(view, { ids: view.devices.map((one) => one.id), fate: 'collect', way: 'none' });
  const planned = deps.steps
    .filter((step) => step.stage === 'contain' && step.subjects)
    .flatMap((step) => subjectsOf(step, { devices, isUnread: false }).map((subject) => ({ step, subject })));
  return Promise.all(planned.map(({ step, subject }) => planStep(deps, step, { okta: oktaId }, deadline, subject)));
}

async function planStep(
  deps: PreviewDeps,
  step: Step,
  ids: PinnedIds,
  deadline: AbortSignal,
  subject: Subject = { id: '', facts: {} },
): Promise<PlannedStep> {
  const about = { step: step.name, subject: subject.id, ...(subject.id !== '' && { facts: subject.facts }) };
  const context: ReadContext = {
    run: { id: '', code: '', ids, policy: policyFacts(deps.policy.policy) },
    subject: subject.id,
    subjectFacts: subject.facts,
    decisions: [],
    now: deps.clock.now(),
    since: deps.clock.now(),
    signal: deadline,
    receipt: () => null,
    answer: () => null,
    asked: () => [],
    askedAt: () => null,
    refused: () => [],
    sealed: async () => null,
  };
  try {
    return { ...about, seen: await within(deadline, step.observe(context)) };
  } catch (error) {
    deps.log.warn({ step: step.name, err: error }, 'a line of the plan could not be checked');
    return { ...about, seen: { is: 'not_checked', why: reasonOf(error) } };
  }
}

export function unreadable(deps: PreviewDeps, error: unknown, what: 'person' | 'safeguards'): Refusal {
  const reference = deps.reference();
  deps.log.warn({ reference, err: error }, 'the plan could not be made');
  if (error instanceof ConnectorError && error.kind === 'unauthorized')
    return { why: 'vendor_refused_us', vendor: error.vendor, reason: error.reason, reference };
  if (!(error instanceof ConnectorError) && !(error instanceof TooLate)) return { why: 'unexpected', reference };
  if (what === 'safeguards') return { why: 'safeguard_not_checked', what: reasonOf(error), reference };
  return {
    why: 'vendor_unreachable',
    vendor: error instanceof ConnectorError ? error.vendor : 'okta',
    reason: reasonOf(error),
    reference,
  };
}

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
    steps: plan.steps.filter(({ step }) => !isContainment.has(step)),
  });
}

/** Decisions only: who, whether they can sign in, whether they are protected, which devices, what cannot be undone, whose
 * HR record and Google accounts with what a run keeps of them. Counts may change under an open modal. */
function hashDecisions(
  personId: string,
  {
    status,
    steps,
    warnings,
    hris,
    google,
    devices,
  }: Pick<PlanView, 'status' | 'steps' | 'warnings' | 'hris' | 'google' | 'devices'>,
): string {
  const decisions = steps.map(({ step, subject, seen }) => {
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

export class TooLate extends Error {
  constructor() {
    super(`no answer within ${PREVIEW_DEADLINE_MS / 1000} s`);
  }
}

export async function within<T>(deadline: AbortSignal, promise: Promise<T>): Promise<T> {
  if (deadline.aborted) throw new TooLate();
  let give: (() => void) | undefined;
  const late = new Promise<never>((_, fail) => {
    give = () => fail(new TooLate());
    deadline.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    if (give) deadline.removeEventListener('abort', give);
  }
}

export function personOf(user: User): Person {
  const { email, login, title } = user.profile;
  return { name: nameOf(user), email: email ?? login, title: title ?? null };
}

function nameOf(user: User): string {
  const { displayName, firstName, lastName, login } = user.profile;
  return displayName || [firstName, lastName].filter(Boolean).join(' ') || login;
}

export function reasonOf(error: unknown): string {
  if (error instanceof ConnectorError) return `${error.vendor}: ${error.status ?? 'no answer'} ${error.reason}`;
  return error instanceof Error ? error.message : String(error);
}
