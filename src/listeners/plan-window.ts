// What the intake does with a committed command or confirmation, whichever kind of run is asked for: the window it shows, and who is
// told where there is none.
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildInterrupted } from '../blocks/interrupted.ts';
import { buildLoadingModal } from '../blocks/modal-loading.ts';
import type { Modal } from '../blocks/modal-parts.ts';
import { buildRefusalModal } from '../blocks/modal-refusal.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { Refusal } from '../workflow/model/plan.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { RunKind } from '../workflow/model/run.ts';
import { answerPrivately, show, text } from './tell.ts';

export interface PlanWindowDeps {
  readonly inbound: InboundStore;
  readonly slack: Slack;
  readonly channelId: string;
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  reference(): string;
  /** Where the run's thread stands, if it is known yet. */
  threadUrl(runId: string): Promise<string | null>;
}

type Refused = { readonly kind: 'refused'; readonly refusal: Refusal };

export interface PlanScreens<Plan> {
  readonly run: RunKind;
  look(): Promise<{ readonly kind: 'plan'; readonly plan: Plan; readonly personId: string } | Refused>;
  draw(plan: Plan, given: { privateMetadata: string }): Modal;
}

export async function showPlan<Plan>(
  deps: PlanWindowDeps,
  inbound: Inbound,
  screens: PlanScreens<Plan>,
): Promise<void> {
  const email = text(inbound, 'email');
  const viewId = text(inbound, 'viewId');
  const kind = screens.run;
  // A window that is open already can be filled at any time.
  if (inbound.attempt > 1 && viewId === '') {
    // It could only be opened within 3 s of the command: what a dead process left is answered in words.
    await answerPrivately(deps, inbound, buildInterrupted({ email, kind }));
    return deps.inbound.finish(inbound, 'interrupted', deps.clock.now());
  }
  const opening =
    viewId === ''
      ? deps.slack.openView(text(inbound, 'triggerId'), buildLoadingModal({ email, kind }))
      : { id: viewId };
  const [opened, looked] = await Promise.allSettled([opening, screens.look()]);
  const seen =
    looked.status === 'fulfilled'
      ? looked.value
      : ({ kind: 'refused', refusal: unexpected(deps, looked.reason) } as const);
  const refusal = seen.kind === 'refused' ? await withThread(deps, seen.refusal) : null;

  if (opened.status === 'rejected') {
    deps.log.warn({ err: opened.reason }, 'the window could not be opened');
    const message = refusal ? buildRefusalMessage(refusal) : buildInterrupted({ email, kind });
    await answerPrivately(deps, inbound, message);
  } else if (seen.kind === 'plan') {
    // Kept before it is shown: a submit names it, and nothing else.
    await deps.inbound.finish(inbound, 'planned', deps.clock.now(), { personId: seen.personId, plan: seen.plan });
    const privateMetadata = planReference(inbound);
    return show(deps, inbound, opened.value.id, screens.draw(seen.plan, { privateMetadata }));
  } else if (refusal) {
    await show(deps, inbound, opened.value.id, buildRefusalModal(refusal));
  }
  await deps.inbound.finish(inbound, refusal?.why ?? 'not_shown', deps.clock.now());
}

/** The plan that a confirmation names; null: none that this operator was shown for such a run, which is told. */
export async function shownPlan(
  deps: PlanWindowDeps,
  inbound: Inbound,
  kinds: readonly string[],
): Promise<{ readonly personId: string; readonly plan: unknown } | null> {
  const shown = await deps.inbound.find(text(inbound, 'plan'));
  if (shown?.result && shown.actor === inbound.actor && kinds.includes(shown.kind))
    return { personId: String(shown.result.personId), plan: shown.result.plan };
  const refusal = unexpected(deps, new Error('the confirmation names no plan of this operator'));
  await showRefused(deps, inbound, refusal, 'no_such_plan');
  return null;
}

/** Ends the delivery with what was refused, and shows why. */
export async function showRefused(
  deps: PlanWindowDeps,
  inbound: Inbound,
  refusal: Refusal,
  outcome: string = refusal.why,
): Promise<void> {
  await deps.inbound.finish(inbound, outcome, deps.clock.now());
  return show(deps, inbound, text(inbound, 'viewId'), buildRefusalModal(await withThread(deps, refusal)));
}

async function withThread(deps: PlanWindowDeps, refusal: Refusal): Promise<Refusal> {
  if (refusal.why !== 'already_running') return refusal;
  return { ...refusal, threadUrl: await deps.threadUrl(refusal.runId).catch(() => null) };
}

export function unexpected(deps: PlanWindowDeps, error: unknown): Extract<Refusal, { why: 'unexpected' }> {
  const reference = deps.reference();
  deps.log.error({ err: error, reference }, 'a verb failed unexpectedly');
  return { why: 'unexpected', reference };
}

/** Opaque: what the plan says is looked up on our side. */
export function planReference(inbound: Inbound): string {
  return JSON.stringify({ plan: inbound.id });
}
