// How the intake tells the operator of a delivery what became of it: in the window they have open, or privately.
import type { ContextBlock, SectionBlock } from '@slack/types';
import type { Modal } from '../blocks/modal-parts.ts';
import type { Message } from '../blocks/parts.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import { answerAt, placeIn } from './click-place.ts';

interface TellDeps {
  readonly slack: Pick<Slack, 'updateView' | 'postEphemeral' | 'respond'>;
  readonly channelId: string;
  log: { warn(fields: object, message: string): void };
}

/** Into the window; where it was closed meanwhile, privately into the channel: nobody is left half told. */
export async function show(deps: TellDeps, inbound: Inbound, viewId: string, view: Modal): Promise<void> {
  try {
    await deps.slack.updateView(viewId, view);
  } catch (error) {
    deps.log.warn({ err: error }, 'the window could not be redrawn');
    if (!(error instanceof ConnectorError)) throw error;
    const { userId } = actorOf(inbound);
    const title = view.title.text;
    const blocks = view.blocks.filter(
      (block): block is SectionBlock | ContextBlock => block.type === 'section' || block.type === 'context',
    );
    await deps.slack
      .postEphemeral({ channel: deps.channelId, user: userId }, { text: title, blocks })
      .catch((late: unknown) => deps.log.warn({ err: late }, 'the operator could not be told'));
  }
}

export async function answerPrivately(deps: TellDeps, inbound: Inbound, message: Message): Promise<void> {
  try {
    await answerAt(deps.slack, placeIn(inbound.payload), message);
  } catch (error) {
    deps.log.warn({ err: error }, 'the private answer could not be sent');
  }
}

export function actorOf(inbound: Inbound): OperatorId {
  const [teamId = '', userId = ''] = inbound.actor.split('/');
  return { teamId, userId };
}

/** '' for what the delivery does not hold. */
export function text(inbound: Inbound, key: string): string {
  return String(inbound.payload[key] ?? '');
}
