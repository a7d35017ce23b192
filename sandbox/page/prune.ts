// Forgets what no page can show any more, so that a sandbox that runs for weeks stays as small as it was.
import type { Edit, Workspace } from '../vendors/slack/workspace.ts';

export const MOST_CALLS = 1_000;
const MOST_DELIVERIES = 300;
const MOST_CLOSED_VIEWS = 50;
const MOST_EPHEMERALS = 200;
const KEPT_EDITS = 2;
/** Of a channel's newest messages; of those before them only what they say now. */
const WITH_HISTORY = 300;
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
    for (const { edits } of messages) edits.splice(0, Math.max(0, edits.length - KEPT_EDITS));
    for (const message of messages.slice(0, -WITH_HISTORY)) {
      const { original, edits } = message;
      message.original = forgotten(original);
      // That it was edited is shown, and when.
      edits.splice(0, edits.length, ...edits.slice(-1).map(forgotten));
    }
  }
}

function forgotten({ at }: Edit): Edit {
  return { text: '', blocks: [], at };
}
