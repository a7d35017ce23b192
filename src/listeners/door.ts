// What every door from Slack shares: who knocked, the one committed insert before the ack, and what is said when even that fails.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import type { Modal } from '../blocks/modal-parts.ts';
import type { Message } from '../blocks/parts.ts';
import type { Inbound, InboundStore, NewInbound } from '../store/inbound.ts';
import type { OperatorStore } from '../store/operators.ts';
import type { RunStore } from '../store/runs.ts';
import type { BoxAddresses } from '../workflow/box-address.ts';
import type { FindPeople } from '../workflow/find-people.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { type OperatorId, operatorKey } from '../workflow/model/run.ts';
import type { SweepRows } from '../workflow/model/sweep.ts';
import type { Workflow } from '../workflow/workflow.ts';
import type { ClickPlace } from './click-place.ts';
import type { Intake } from './intake.ts';

/** Slack gives up 3 s after it sent a request: by then something true must have been said, however many questions were asked. */
const REQUEST_DEADLINE_MS = 2_000;
/** When the request that is being handled came in, by the process's own clock. */
const arrivals = new AsyncLocalStorage<number>();

export interface DoorDeps {
  readonly sweepRows: Pick<SweepRows, 'find'>;
  readonly workflow: Pick<
    Workflow,
    'refusalOf' | 'decide' | 'cancel' | 'decline' | 'hold' | 'reveal' | 'cutAgain' | 'answerForApp'
  >;
  readonly boxAddresses: Pick<BoxAddresses, 'giveAddress'>;
  readonly findPeople: FindPeople;
  readonly inbound: InboundStore;
  readonly runs: Pick<RunStore, 'running' | 'view'>;
  readonly channelId: string;
  readonly operators: Pick<OperatorStore, 'role' | 'list' | 'change'>;
  readonly intake: Intake;
  readonly clock: Clock;
  /** The only workspace this app serves. */
  readonly teamId: string;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  reference(): string;
  /** A private answer where a click came from. */
  respond(place: ClickPlace, message: Message): Promise<void>;
  /** Within 3 s of the trigger. */
  openView(triggerId: string, view: Modal): Promise<void>;
  onHomeOpened(viewer: OperatorId): Promise<void>;
  /** Something new stands in the channel's outbox. */
  onAnnounced(): void;
}

/** The database did not answer while Slack waits. */
export class NotCommitted extends Error {}

/** Commits, or throws NotCommitted in time to say so; what commits later is closed unhandled, as was said. */
export async function commitInbound(deps: DoorDeps, delivery: NewInbound): Promise<Inbound | null> {
  const now = deps.clock.now();
  const commit = deps.inbound.receive(delivery, now);
  const inbound = await beforeSlackGivesUp(commit, (late) => {
    if (late)
      void deps.inbound
        .finish(late, 'too_late', now)
        .catch((error: unknown) => deps.log.error({ err: error }, 'a late delivery could not be closed'));
  });
  if (delivery.announce) deps.onAnnounced();
  return inbound;
}

/** First of all listeners: from here on everything that Slack waits for shares one deadline. */
export const countFromHere: Middleware<AnyMiddlewareArgs> = ({ next }) => arrivals.run(performance.now(), next);

export async function beforeSlackGivesUp<T>(
  promise: Promise<T>,
  onLate: (value: T) => void = () => undefined,
): Promise<T> {
  const leftMs = REQUEST_DEADLINE_MS - (performance.now() - (arrivals.getStore() ?? performance.now()));
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      isLate = true;
      fail(new NotCommitted(`no answer in time: ${Math.round(leftMs)} ms were left`));
    }, leftMs);
  });
  promise.then((value) => isLate && onLate(value)).catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Announces a refused attempt in the channel; who was refused is told by the door itself. */
export async function announceRefusal(
  deps: DoorDeps,
  refused: { operator: OperatorId; door: string; why: string; key: string },
): Promise<void> {
  await commitInbound(deps, {
    source: 'slack',
    key: `refused:${refused.key}`,
    kind: 'refused',
    actor: operatorKey(refused.operator),
    payload: { door: refused.door, why: refused.why },
    announce: true,
    handled: true,
  });
}
