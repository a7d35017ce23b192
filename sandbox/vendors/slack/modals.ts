// What a person does in a modal: types, submits, closes, searches. Applies the app's response_action to the stored view.
// @see https://docs.slack.dev/surfaces/modals#responding, read 2026-11
import { isRecord } from './block-kit-schema.ts';
import { type Delivered, deliverPayload, type Forgery, noteBadAnswer, payloadBase } from './deliver.ts';
import { elementsIn, findElement, isEmpty } from './elements.ts';
import { openView } from './interactions.ts';
import { Refusal } from './refusal.ts';
import {
  blocksOf,
  closeAll,
  closeTop,
  makeTrigger,
  readView,
  replaceContent,
  showModal,
  showView,
  typeInto,
} from './view-store.ts';
import type { Json, View, Workspace } from './workspace.ts';

export interface Submit extends Forgery {
  readonly user: string;
  readonly viewId: string;
  /** By block id: one value for the block's input, or values by action id. An option is named by its value. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Types `values` into the view and presses its submit button. Throws where Slack's client would not let it through. */
export async function submit(workspace: Workspace, act: Submit): Promise<Delivered> {
  const view = openView(workspace, act, act.viewId);
  const top = workspace.stacks.get(view.user)?.at(-1);
  if (top !== view.id && !act.force) throw new Error(`view ${view.id} is not on top; ${top ?? 'nothing'} is`);
  for (const [blockId, given] of Object.entries(act.values ?? {})) typeInto(view, blockId, given, act.force ?? false);
  if (!act.force) refuseIncomplete(view);
  view.errors = {};
  const base = payloadBase(workspace, act.user, act);
  const payload = {
    ...base,
    type: 'view_submission',
    trigger_id: makeTrigger(workspace, act.user),
    view: showView(view),
    response_urls: [],
  };
  const delivered = await deliverPayload(workspace, act.user, payload, act);
  if (delivered.problem || delivered.status !== 200) return delivered;
  try {
    applyResponseAction(workspace, view, delivered.body);
    return delivered;
  } catch (thrown) {
    const why = thrown instanceof Refusal ? `${thrown.code} ${JSON.stringify(thrown.extra)}` : String(thrown);
    return noteBadAnswer(workspace, { kind: 'view_submission', user: act.user }, delivered, why);
  }
}

/** Presses the close button (or `all`: the cross). The app hears of it only if it asked to. */
export async function closeView(
  workspace: Workspace,
  act: Forgery & { readonly user: string; readonly viewId: string; readonly all?: boolean },
): Promise<Delivered | null> {
  const view = openView(workspace, act, act.viewId);
  const shown = showView(view);
  const cleared = act.all === true || view.content.clear_on_close === true;
  if (cleared) closeAll(workspace, act.user);
  else closeTop(workspace, act.user);
  if (view.content.notify_on_close !== true) return null;
  return deliverPayload(
    workspace,
    act.user,
    { ...payloadBase(workspace, act.user, act), type: 'view_closed', view: shown, is_cleared: cleared },
    act,
  );
}

/** Types `query` into an external_select; the app's options are in the answer's body. */
export async function suggest(
  workspace: Workspace,
  act: Forgery & { readonly user: string; readonly viewId: string; readonly actionId: string; readonly query: string },
): Promise<Delivered> {
  const view = openView(workspace, act, act.viewId);
  const { block, element } = findElement(blocksOf(view.content), act.actionId);
  if (!String(element.type).endsWith('external_select')) throw new Error(`${act.actionId} asks nobody for options`);
  const payload = {
    ...payloadBase(workspace, act.user, act),
    type: 'block_suggestion',
    action_id: act.actionId,
    block_id: block.block_id,
    value: act.query,
    container: { type: 'view', view_id: view.id },
    view: showView(view),
  };
  const delivered = await deliverPayload(workspace, act.user, payload, act);
  if (delivered.problem || delivered.status !== 200) return delivered;
  const bad = findBadOptions(delivered.body);
  return bad === null
    ? delivered
    : noteBadAnswer(workspace, { kind: 'block_suggestion', user: act.user }, delivered, bad);
}

/** Slack's client keeps the modal open for these; the app never hears of it. */
function refuseIncomplete(view: View): void {
  for (const { block, element } of elementsIn(blocksOf(view.content))) {
    if (block.type !== 'input') continue;
    const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
    const state = view.values[blockId]?.[actionId];
    if (isEmpty(state)) {
      if (block.optional !== true) throw new Error(`Slack's client asks for ${blockId} first`);
      continue;
    }
    const text = typeof state?.value === 'string' ? state.value : null;
    if (text !== null && text.length < Number(element.min_length ?? 0))
      throw new Error(`${blockId} is shorter than ${String(element.min_length)}`);
    if (text !== null && text.length > Number(element.max_length ?? 3000))
      throw new Error(`${blockId} is longer than ${String(element.max_length)}`);
  }
}

function applyResponseAction(workspace: Workspace, view: View, body: string): void {
  const answer: unknown = body === '' ? {} : JSON.parse(body);
  if (!isRecord(answer)) throw new Refusal('invalid_response_action');
  if (Object.keys(answer).length === 0) {
    closeTop(workspace, view.user);
  } else if (answer.response_action === 'clear') {
    closeAll(workspace, view.user);
  } else if (answer.response_action === 'errors') {
    view.errors = readErrors(view, answer.errors);
    workspace.changes.tell({ what: 'windows', user: view.user });
  } else if (answer.response_action === 'update') {
    replaceContent(workspace, view, readView(answer.view, 'modal', 'invalid_view'));
  } else if (answer.response_action === 'push') {
    showModal(workspace, view.user, readView(answer.view, 'modal', 'invalid_view'), 'push');
  } else {
    throw new Refusal('invalid_response_action');
  }
}

/** Errors may only stand under inputs; anything else shows the user a generic failure. */
function readErrors(view: View, given: unknown): Record<string, string> {
  if (!isRecord(given) || Object.keys(given).length === 0) throw new Refusal('invalid_errors');
  const inputs = blocksOf(view.content)
    .filter((block) => block.type === 'input')
    .map((block) => block.block_id);
  for (const [blockId, message] of Object.entries(given)) {
    if (!inputs.includes(blockId)) throw new Refusal('errors_for_unknown_block', { block_id: blockId });
    if (typeof message !== 'string' || message === '') throw new Refusal('invalid_errors', { block_id: blockId });
  }
  return given as Record<string, string>;
}

function findBadOptions(body: string): string | null {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return 'options are not JSON';
  }
  const groups =
    isRecord(answer) && Array.isArray(answer.option_groups)
      ? answer.option_groups.filter(isRecord)
      : [{ options: (answer as Json | null)?.options }];
  for (const group of groups) {
    if (!Array.isArray(group.options) || group.options.length > 100) return 'options must be a list of at most 100';
    const bad = group.options.find((option) => !isGoodOption(option));
    if (bad !== undefined) return `bad option ${JSON.stringify(bad)}`;
  }
  return null;
}

function isGoodOption(option: unknown): boolean {
  if (!isRecord(option) || !isRecord(option.text) || option.text.type !== 'plain_text') return false;
  const { length } = String(option.text.text ?? '');
  return length > 0 && length <= 75 && typeof option.value === 'string' && option.value.length <= 150;
}
