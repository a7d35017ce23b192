// Acts on what a door has committed, after its ack, once; also when the process that took it has died.
import { buildApprovalUnsure } from '../blocks/approval-text.ts';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildPlanModal } from '../blocks/modal-plan.ts';
import { buildReturnModal } from '../blocks/modal-return.ts';
import type { Message } from '../blocks/parts.ts';
import type { Inbound } from '../store/inbound.ts';
import type { BoxAddresses } from '../workflow/box-address.ts';
import type { Workflow } from '../workflow/workflow.ts';
import { approveAsked, openDeclineWindow } from './approval.ts';
import { askShownBatch, judgeBatchAsked, showBatch } from './batch-window.ts';
import { openDecisionWindow } from './decision-window.ts';
import { openHoldWindow } from './hold.ts';
import { letAskedBegin } from './let-begin.ts';
import { startConfirmed } from './offboarding-window.ts';
import { openOwnerWindow } from './owner-window.ts';
import { type PlanWindowDeps, showPlan, unexpected } from './plan-window.ts';
import { startReturn } from './return-window.ts';
import { openRevealWindow } from './reveal.ts';
import { actorOf, answerPrivately, text } from './tell.ts';
import { createTurns } from './turns.ts';
import { showUndo, startUndo } from './undo-window.ts';

const ADOPT_AT_ONCE = 10;
const TRY_AGAIN_MS = 1_000;
/** Each is a dozen calls: a hundred at once would keep the acks of the last commands waiting, and all would miss their deadline. */
const PLANS_AT_ONCE = 10;

export interface IntakeDeps extends PlanWindowDeps {
  readonly workflow: Pick<
    Workflow,
    | 'preview'
    | 'open'
    | 'previewReturn'
    | 'openReturn'
    | 'mayDecide'
    | 'approve'
    | 'mayDecline'
    | 'mayHold'
    | 'mayReveal'
    | 'letBegin'
    | 'previewBatch'
    | 'askBatch'
    | 'judgeBatch'
    | 'previewUndo'
    | 'openUndo'
    | 'mayAnswerForApp'
  >;
  readonly boxAddresses: Pick<BoxAddresses, 'knownAddress'>;
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
  const previewReturn: typeof workflow.previewReturn = (operator, email) =>
    inTurn(() => workflow.previewReturn(operator, email));
  const deps: IntakeDeps = { ...given, workflow: { ...workflow, preview, previewReturn } };
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
      return showPlan(deps, inbound, {
        run: 'offboarding',
        look: () => deps.workflow.preview(actorOf(inbound), text(inbound, 'email')),
        draw: buildPlanModal,
      });
    case 'confirm':
      return startConfirmed(deps, inbound);
    case 'return_command':
      return showPlan(deps, inbound, {
        run: 'device_return',
        look: () => deps.workflow.previewReturn(actorOf(inbound), text(inbound, 'email')),
        draw: buildReturnModal,
      });
    case 'return_confirm':
      return startReturn(deps, inbound);
    case 'undo_open':
      return showUndo(deps, inbound);
    case 'undo_confirm':
      return startUndo(deps, inbound);
    case 'decision_open':
      return handleClick(deps, inbound, (click) => openDecisionWindow(click, actorOf(inbound), inbound.payload));
    case 'decline_open':
      return handleClick(deps, inbound, (click) => openDeclineWindow(click, actorOf(inbound), inbound.payload));
    case 'hold_open':
      return handleClick(deps, inbound, (click) => openHoldWindow(click, actorOf(inbound), inbound.payload));
    case 'reveal_open':
      return handleClick(deps, inbound, (click) => openRevealWindow(click, actorOf(inbound), inbound.payload));
    case 'owner_open':
      return handleClick(deps, inbound, (click) => openOwnerWindow(click, actorOf(inbound), inbound.payload));
    case 'approve':
      return handleClick(deps, inbound, (click) => approveAsked(click, actorOf(inbound), inbound));
    case 'batch':
      return showBatch(deps, inbound);
    case 'batch_confirm':
      return askShownBatch(deps, inbound);
    case 'batch_approve':
      return handleClick(deps, inbound, (click) => judgeBatchAsked(click, actorOf(inbound), inbound, 'approve'));
    case 'batch_decline':
      return handleClick(deps, inbound, (click) => judgeBatchAsked(click, actorOf(inbound), inbound, 'decline'));
    case 'let_begin':
      return handleClick(deps, inbound, (click) => letAskedBegin(click, actorOf(inbound), inbound));
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

/** What a button decided is gone on with after a crash. */
const GONE_ON_WITH: readonly string[] = ['approve', 'let_begin', 'batch_approve', 'batch_decline'];

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
    inbound.attempt > 1 && !GONE_ON_WITH.includes(inbound.kind)
      ? 'interrupted'
      : await act({ ...deps, answer, announce }).catch(async (error: unknown) => {
          const refusal = unexpected(deps, error);
          await answer(
            GONE_ON_WITH.includes(inbound.kind) ? buildApprovalUnsure(refusal) : buildRefusalMessage(refusal),
          );
          return 'not_shown';
        });
  await deps.inbound.finish(inbound, outcome, deps.clock.now());
}
