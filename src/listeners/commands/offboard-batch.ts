// `/offboard batch`: opens the window that takes the list. Nothing is kept, so that nothing could be lost.
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { buildBatchModal } from '../../blocks/modal-batch.ts';
import type { DoorDeps } from '../door.ts';

export function isBatch(text: string): boolean {
  return text.trim().toLowerCase() === 'batch';
}

export async function openBatchWindow(
  deps: DoorDeps,
  { command, ack }: SlackCommandMiddlewareArgs & AllMiddlewareArgs,
): Promise<void> {
  await ack();
  await deps
    .openView(command.trigger_id, buildBatchModal())
    .catch((error: unknown) => deps.log.error({ err: error }, 'the window for a batch could not be opened'));
}
