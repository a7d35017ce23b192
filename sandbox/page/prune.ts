// Forgets what no page can show any more, so that a sandbox that runs for weeks stays as small as it was.
import { OldMessage, packed } from '../vendors/slack/old-message.ts';
import type { Message, Workspace } from '../vendors/slack/workspace.ts';

export const MOST_CALLS = 1_000;
const MOST_DELIVERIES = 300;
const MOST_CLOSED_VIEWS = 50;
const MOST_EPHEMERALS = 200;
const KEPT_EDITS = 2;
/** Of a channel's newest messages; of those before them only what they say now is kept, packed by so many. */
const WITH_HISTORY = 300;
const A_PACK = 100;
/** A page shows sixty at once. */
const WHOLE_ROOTS = 90;
/** Longer than any answer may take. */
const TRIGGER_MS = 60_000;
const RESPONSE_URL_MS = 30 * 60_000;

export function prune(workspace: Workspace): void {
  const now = Date.now();
  workspace.deliveries.splice(0, Math.max(0, workspace.deliveries.length - MOST_DELIVERIES));
  workspace.failures.splice(0, Math.max(0, workspace.failures.length - MOST_DELIVERIES));
  workspace.ephemerals.splice(0, Math.max(0, workspace.ephemerals.length - MOST_EPHEMERALS));
  const closed = [...workspace.views.values()].filter((view) => !view.open);
  for (const view of closed.slice(0, -MOST_CLOSED_VIEWS)) workspace.views.delete(view.id);
  for (const view of workspace.views.values()) view.shown.splice(0, view.shown.length - 1);
  for (const [id, { at }] of workspace.triggers) if (now - at > TRIGGER_MS) workspace.triggers.delete(id);
  for (const [id, one] of workspace.responseUrls)
    if (now - one.createdAt > RESPONSE_URL_MS) workspace.responseUrls.delete(id);
  for (const { messages } of workspace.channels.values()) {
    for (const { edits } of messages.slice(-WITH_HISTORY)) edits.splice(0, Math.max(0, edits.length - KEPT_EDITS));
    packOld(messages);
  }
}

/** The newest roots stay whole: whoever opens the page reads them. */
function packOld(messages: Message[]): void {
  const roots = new Set(messages.filter((one) => one.threadTs === undefined).slice(-WHOLE_ROOTS));
  const old = messages
    .slice(0, -WITH_HISTORY)
    .filter((one) => !(one instanceof OldMessage) && !roots.has(one))
    .slice(0, A_PACK);
  if (old.length < A_PACK) return;
  const now = new Map<Message, OldMessage>(packed(old).map((one, at) => [old[at] as Message, one]));
  for (const [at, message] of messages.entries()) messages[at] = now.get(message) ?? message;
  packOld(messages);
}
