// Modals and Home tabs as Slack keeps them: stacks, hashes, typed values that survive an update, and triggers.
// @see https://docs.slack.dev/surfaces/modals, read 2026-11
import { randomBytes } from 'node:crypto';
import { lintView } from './block-kit-lint.ts';
import { isRecord } from './block-kit-schema.ts';
import { chosenValue, elementsIn, findElement, firstValue, keepsValue, withIds } from './elements.ts';
import { Refusal, refuseProblems } from './refusal.ts';
import { BOT, type Json, nextId, TEAM, type View, type Workspace } from './workspace.ts';

/** A trigger_id opens one view within three seconds of the person's act. */
const TRIGGER_MS = 3000;
const MOST_VIEWS = 3;
const MOST_VIEW_BYTES = 250_000;

export function makeTrigger(workspace: Workspace, user: string): string {
  const id = `${nextId(workspace, 'trigger.')}.${randomBytes(8).toString('hex')}`;
  workspace.triggers.set(id, { user, at: Date.now(), used: false });
  return id;
}

/** The user who made the trigger; using it up. */
export function takeTrigger(workspace: Workspace, id: string): string {
  const trigger = workspace.triggers.get(id);
  if (!trigger) throw new Refusal('invalid_trigger_id');
  if (trigger.used) throw new Refusal('exchanged_trigger_id');
  if (Date.now() - trigger.at > TRIGGER_MS) throw new Refusal('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

/** A view Slack would take, else `code` with the reasons. */
export function readView(given: unknown, type: View['type'], code = 'invalid_arguments'): Json {
  refuseProblems(code, lintView(given));
  if (!isRecord(given) || given.type !== type)
    throw new Refusal(code, {
      response_metadata: { messages: [`[ERROR] must be a ${type} view [json-pointer:/view/type]`] },
    });
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_VIEW_BYTES) throw new Refusal('view_too_large');
  return given;
}

/** Puts a new modal on the user's screen: alone (`open`) or on top of those there (`push`). */
export function showModal(workspace: Workspace, user: string, content: Json, how: 'open' | 'push'): View {
  const stack = how === 'push' ? (workspace.stacks.get(user) ?? []) : [];
  if (how === 'push' && stack.length === 0) throw new Refusal('not_found');
  if (stack.length >= MOST_VIEWS) throw new Refusal('push_limit_reached');
  if (how === 'open') closeAll(workspace, user);
  const view = addView(workspace, user, content, stack);
  workspace.stacks.set(user, [...stack, view.id]);
  workspace.changes.tell({ what: 'windows', user });
  return view;
}

/** Makes a user's Home tab or replaces it. */
export function showHome(workspace: Workspace, user: string, content: Json): View {
  const current = workspace.views.get(workspace.homes.get(user) ?? '');
  if (current) return replaceContent(workspace, current, content);
  const view = addView(workspace, user, content, []);
  workspace.homes.set(user, view.id);
  workspace.changes.tell({ what: 'home', user });
  return view;
}

/** New content under the same id, a new hash; values of inputs with the same block_id and action_id stay. */
export function replaceContent(workspace: Workspace, view: View, content: Json): View {
  refuseTakenExternalId(workspace, content, view.id);
  const before = view.values;
  view.content = { ...content, blocks: withIds(workspace, blocksOf(content)) };
  view.values = valuesFor(view.content, before);
  view.errors = {};
  view.hash = makeHash();
  view.shown.push({ content: view.content, at: workspace.clock.now() });
  workspace.changes.tell({ what: view.type === 'home' ? 'home' : 'windows', user: view.user });
  return view;
}

export function closeTop(workspace: Workspace, user: string): void {
  const stack = workspace.stacks.get(user) ?? [];
  const view = workspace.views.get(stack.at(-1) ?? '');
  if (view) view.open = false;
  workspace.stacks.set(user, stack.slice(0, -1));
  workspace.changes.tell({ what: 'windows', user });
}

export function closeAll(workspace: Workspace, user: string): void {
  for (const id of workspace.stacks.get(user) ?? []) {
    const view = workspace.views.get(id);
    if (view) view.open = false;
  }
  workspace.stacks.set(user, []);
  workspace.changes.tell({ what: 'windows', user });
}

export function blocksOf(content: Json): Json[] {
  return Array.isArray(content.blocks) ? content.blocks.filter(isRecord) : [];
}

/** What a person typed or chose in one block. Throws where the view has no such input. */
export function typeInto(view: View, blockId: string, given: unknown, forged: boolean): void {
  const placed = elementsIn(blocksOf(view.content)).filter(({ block }) => block.block_id === blockId);
  const [first] = placed;
  if (!first) throw new Error(`view ${view.id} has no input in block ${blockId}`);
  const byAction =
    isRecord(given) && Object.keys(given).every((key) => placed.some(({ element }) => element.action_id === key));
  const pairs = byAction ? Object.entries(given) : [[String(first.element.action_id), given] as const];
  for (const [actionId, value] of pairs) {
    const { element } = findElement(blocksOf(view.content), actionId, blockId);
    view.values[blockId] = { ...view.values[blockId], [actionId]: chosenValue(element, value, forged) };
  }
}

/** A view in the Web API's and the payloads' words. */
export function showView(view: View): Json {
  return {
    close: null,
    submit: null,
    ...view.content,
    id: view.id,
    team_id: TEAM.id,
    app_id: BOT.appId,
    bot_id: BOT.botId,
    app_installed_team_id: TEAM.id,
    private_metadata: view.content.private_metadata ?? '',
    callback_id: view.content.callback_id ?? '',
    external_id: view.content.external_id ?? '',
    notify_on_close: view.content.notify_on_close ?? false,
    clear_on_close: view.content.clear_on_close ?? false,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    hash: view.hash,
    state: { values: view.values },
  };
}

function addView(workspace: Workspace, user: string, content: Json, below: readonly string[]): View {
  refuseTakenExternalId(workspace, content);
  const id = nextId(workspace, 'V');
  const filled = { ...content, blocks: withIds(workspace, blocksOf(content)) };
  const view: View = {
    id,
    user,
    type: content.type === 'home' ? 'home' : 'modal',
    rootId: below[0] ?? id,
    previousId: below.at(-1) ?? null,
    content: filled,
    hash: makeHash(),
    values: valuesFor(filled, {}),
    errors: {},
    open: true,
    shown: [{ content: filled, at: workspace.clock.now() }],
  };
  workspace.views.set(id, view);
  return view;
}

function valuesFor(content: Json, before: View['values']): View['values'] {
  const values: View['values'] = {};
  for (const { block, element } of elementsIn(blocksOf(content))) {
    if (!keepsValue(element)) continue;
    const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
    const kept = before[blockId]?.[actionId];
    values[blockId] = {
      ...values[blockId],
      [actionId]: kept && kept.type === element.type ? kept : firstValue(element),
    };
  }
  return values;
}

function refuseTakenExternalId(workspace: Workspace, content: Json, exceptId?: string): void {
  const id = content.external_id;
  if (typeof id !== 'string' || id === '') return;
  const taken = [...workspace.views.values()].some(
    (view) => view.open && view.id !== exceptId && view.content.external_id === id,
  );
  if (taken) throw new Refusal('duplicate_external_id');
}

function makeHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${randomBytes(6).toString('hex')}`;
}
