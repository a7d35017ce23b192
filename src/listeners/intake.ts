// Acts on what a door has committed, after its ack, once; also when the process that took it has died.
import { buildApprovalUnsure } from '../blocks/approval-text.ts';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildInterrupted } from '../blocks/interrupted.ts';
import { buildLoadingModal } from '../blocks/modal-loading.ts';
import { buildPlanModal } from '../blocks/modal-plan.ts';
import { buildRefusalModal } from '../blocks/modal-refusal.ts';
import { buildAskedModal, buildStartedModal } from '../blocks/modal-started.ts';
import type { Message } from '../blocks/parts.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { BoxAddresses } from '../workflow/box-address.ts';
import { containsFirst, isTypedRight, type Refusal, revivePlan } from '../workflow/model/plan.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { Workflow } from '../workflow/workflow.ts';
import { approveAsked, openDeclineWindow } from './approval.ts';
import { openDecisionWindow } from './decision-window.ts';
import { openHoldWindow } from './hold.ts';
import { actorOf, answerPrivately, show, text } from './tell.ts';
import { createTurns } from './turns.ts';
import { reviveDeviceChoice } from './views/device-choice.ts';

const ADOPT_AT_ONCE = 10;
const TRY_AGAIN_MS = 1_000;
/** Each is a dozen calls: a hundred at once would keep the acks of the last commands waiting, and all would miss their deadline. */
const PLANS_AT_ONCE = 10;

export interface IntakeDeps {
  readonly workflow: Pick<Workflow, 'preview' | 'open' | 'mayDecide' | 'approve' | 'mayDecline' | 'mayHold'>;
  readonly boxAddresses: Pick<BoxAddresses, 'knownAddress'>;
  readonly inbound: InboundStore;
  readonly slack: Slack;
  readonly channelId: string;
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  reference(): string;
  /** Where the run's thread stands, if it is known yet. */
  threadUrl(runId: string): Promise<string | null>;
  /** Of deliveries that come from no door of Slack's, by kind; each answers how it ended. */
  readonly others: Readonly<Record<string, (inbound: Inbound) => Promise<string>>>;
}

export interface Intake {
  begin(inbound: Inbound): void;
  /** Takes over deliveries whose handler is gone. */
  adopt(): void;
  isBusy(): boolean;
  stop(): Promise<void>;
}

export function createIntake(given: IntakeDeps): Intake {
  const inTurn = createTurns(PLANS_AT_ONCE);
  const { workflow } = given;
  const preview: typeof workflow.preview = (operator, email) => inTurn(() => workflow.preview(operator, email));
  const deps: IntakeDeps = { ...given, workflow: { ...workflow, preview } };
  const inHand = new Set<Promise<void>>();
  let stopped = false;

  const begin = (inbound: Inbound): void => {
    const handling = handle(deps, inbound)
      .catch((error: unknown) =>
        deps.log.error({ err: error, delivery: inbound.id }, 'a delivery could not be handled'),
      )
      .finally(() => inHand.delete(handling));
    inHand.add(handling);
  };
  const adopt = (): void => {
    if (stopped) return;
    deps.inbound.adopt(ADOPT_AT_ONCE).then(
      (orphans) => orphans.forEach(begin),
      (error: unknown) => {
        deps.log.error({ err: error }, 'orphaned deliveries could not be read; it is tried again');
        setTimeout(adopt, TRY_AGAIN_MS).unref();
      },
    );
  };
  return {
    begin,
    adopt,
    isBusy: () => inHand.size > 0,
    async stop() {
      stopped = true;
      await Promise.allSettled([...inHand]);
    },
  };
}

async function handle(deps: IntakeDeps, inbound: Inbound): Promise<void> {
  switch (inbound.kind) {
    case 'command':
      // A window that is open already can be filled at any time.
      return inbound.attempt > 1 && text(inbound, 'viewId') === ''
        ? tellInterrupted(deps, inbound)
        : showPlan(deps, inbound);
    case 'confirm':
      return startConfirmed(deps, inbound);
    case 'decision_open':
      return handleClick(deps, inbound, (click) => openDecisionWindow(click, actorOf(inbound), inbound.payload));
    case 'decline_open':
      return handleClick(deps, inbound, (click) => openDeclineWindow(click, actorOf(inbound), inbound.payload));
    case 'hold_open':
      return handleClick(deps, inbound, (click) => openHoldWindow(click, actorOf(inbound), inbound.payload));
    case 'approve':
      return handleClick(deps, inbound, (click) => approveAsked(click, actorOf(inbound), inbound));
    default:
      return deps.inbound.finish(inbound, await handleOther(deps, inbound), deps.clock.now());
  }
}

async function handleOther(deps: IntakeDeps, inbound: Inbound): Promise<string> {
  const other = Object.hasOwn(deps.others, inbound.kind) ? deps.others[inbound.kind] : undefined;
  return other ? other(inbound) : 'unknown_kind';
}

type Click = Pick<IntakeDeps, 'workflow' | 'slack' | 'boxAddresses'> & {
  answer(message: Message): Promise<void>;
  announce(why: string): Promise<void>;
};

/** A window that cannot be opened any more changes nothing: the button is still there. An approval is gone on with. */
async function handleClick(deps: IntakeDeps, inbound: Inbound, act: (click: Click) => Promise<string>): Promise<void> {
  const answer = (message: Message): Promise<void> => answerPrivately(deps, inbound, message);
  const announce = async (why: string): Promise<void> => {
    const payload = { door: text(inbound, 'door'), why };
    await deps.inbound.receive(
      {
        ...inbound,
        source: 'slack',
        key: `refused:${inbound.id}`,
        kind: 'refused',
        payload,
        announce: true,
        handled: true,
      },
      deps.clock.now(),
    );
  };
  const outcome =
    inbound.attempt > 1 && inbound.kind !== 'approve'
      ? 'interrupted'
      : await act({ ...deps, answer, announce }).catch(async (error: unknown) => {
          const refusal = unexpected(deps, error);
          await answer(inbound.kind === 'approve' ? buildApprovalUnsure(refusal) : buildRefusalMessage(refusal));
          return 'not_shown';
        });
  await deps.inbound.finish(inbound, outcome, deps.clock.now());
}

/** The window could only be opened within 3 s of the command: what a dead process left is answered in words. */
async function tellInterrupted(deps: IntakeDeps, inbound: Inbound): Promise<void> {
  await answerPrivately(deps, inbound, buildInterrupted({ email: text(inbound, 'email') }));
  await deps.inbound.finish(inbound, 'interrupted', deps.clock.now());
}

async function showPlan(deps: IntakeDeps, inbound: Inbound): Promise<void> {
  const email = text(inbound, 'email');
  const viewId = text(inbound, 'viewId');
  const opening =
    viewId === '' ? deps.slack.openView(text(inbound, 'triggerId'), buildLoadingModal({ email })) : { id: viewId };
  const [opened, preview] = await Promise.allSettled([opening, deps.workflow.preview(actorOf(inbound), email)]);
  const seen =
    preview.status === 'fulfilled'
      ? preview.value
      : { kind: 'refused' as const, refusal: unexpected(deps, preview.reason) };
  const refusal = seen.kind === 'refused' ? await withThread(deps, seen.refusal) : null;

  if (opened.status === 'rejected') {
    deps.log.warn({ err: opened.reason }, 'the window could not be opened');
    const message = refusal ? buildRefusalMessage(refusal) : buildInterrupted({ email });
    await answerPrivately(deps, inbound, message);
  } else if (seen.kind === 'plan') {
    // Kept before it is shown: a submit names it, and nothing else.
    await deps.inbound.finish(inbound, 'planned', deps.clock.now(), { personId: seen.personId, plan: seen.plan });
    await show(deps, inbound, opened.value.id, buildPlanModal(seen.plan, { privateMetadata: planReference(inbound) }));
    return;
  } else if (refusal) {
    await show(deps, inbound, opened.value.id, buildRefusalModal(refusal));
  }
  await deps.inbound.finish(inbound, refusal?.why ?? 'not_shown', deps.clock.now());
}

async function startConfirmed(deps: IntakeDeps, inbound: Inbound): Promise<void> {
  const viewId = text(inbound, 'viewId');
  const shown = await deps.inbound.find(text(inbound, 'plan'));
  // A plan that this operator was not shown confirms nothing.
  if (!shown?.result || shown.actor !== inbound.actor) {
    await show(
      deps,
      inbound,
      viewId,
      buildRefusalModal(unexpected(deps, new Error('the confirmation names no plan of this operator'))),
    );
    return deps.inbound.finish(inbound, 'no_such_plan', deps.clock.now());
  }
  const confirmed = {
    personId: String(shown.result.personId),
    plan: revivePlan(shown.result.plan),
    chosen: typeof inbound.payload.chosen === 'string' ? inbound.payload.chosen : null,
    devices: reviveDeviceChoice(inbound.payload.devices),
  };
  // The door has asked already; a window without the input must not be a way around it.
  if (!isTypedRight(confirmed.plan, typeof inbound.payload.typed === 'string' ? inbound.payload.typed : null)) {
    const refusal = unexpected(deps, new Error('a protected person’s address was not typed'));
    await show(deps, inbound, viewId, buildRefusalModal(refusal));
    return deps.inbound.finish(inbound, 'not_typed', deps.clock.now());
  }
  const reason = typeof inbound.payload.reason === 'string' ? inbound.payload.reason : null;
  const opened = await deps.workflow.open(actorOf(inbound), confirmed, {
    at: inbound.receivedAt,
    reason,
    trigger: 'slack_command',
  });
  switch (opened.kind) {
    case 'started':
      await deps.inbound.finish(inbound, 'started', deps.clock.now());
      return show(
        deps,
        inbound,
        viewId,
        buildStartedModal({
          person: opened.plan.person,
          code: opened.code,
          channelId: deps.channelId,
          threadUrl: null,
        }),
      );
    case 'awaiting_approval':
      await deps.inbound.finish(inbound, opened.kind, deps.clock.now());
      return show(
        deps,
        inbound,
        viewId,
        buildAskedModal({
          person: opened.plan.person,
          code: opened.code,
          channelId: deps.channelId,
          containsFirst: containsFirst(opened.plan),
        }),
      );
    case 'changed':
      // The new plan is kept under this delivery, so that it can be confirmed in turn.
      await deps.inbound.finish(inbound, 'changed', deps.clock.now(), { personId: opened.personId, plan: opened.plan });
      return show(
        deps,
        inbound,
        viewId,
        buildPlanModal(opened.plan, { privateMetadata: planReference(inbound), changedFrom: confirmed.plan }),
      );
    case 'refused':
      await deps.inbound.finish(inbound, opened.refusal.why, deps.clock.now());
      return show(deps, inbound, viewId, buildRefusalModal(await withThread(deps, opened.refusal)));
    default:
      return opened satisfies never;
  }
}

async function withThread(deps: IntakeDeps, refusal: Refusal): Promise<Refusal> {
  if (refusal.why !== 'already_running') return refusal;
  return { ...refusal, threadUrl: await deps.threadUrl(refusal.runId).catch(() => null) };
}

function unexpected(deps: IntakeDeps, error: unknown): Extract<Refusal, { why: 'unexpected' }> {
  const reference = deps.reference();
  deps.log.error({ err: error, reference }, 'a verb failed unexpectedly');
  return { why: 'unexpected', reference };
}

/** Opaque: what the plan says is looked up on our side. */
function planReference(inbound: Inbound): string {
  return JSON.stringify({ plan: inbound.id });
}
