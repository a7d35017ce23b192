// Interactive elements inside blocks: finding them, giving them ids, and the shape in which Slack reports a person's choice.
// @see https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload, read 2026-11
import { isRecord } from './block-kit-schema.ts';
import { type Json, nextId, type Workspace } from './workspace.ts';

export interface Placed {
  readonly block: Json;
  readonly element: Json;
}

interface Kind {
  /** Field of the state object that holds the value. */
  readonly field: string;
  /** Field of the element that holds the first value. */
  readonly initial: string;
  readonly many: boolean;
  /** The value is an option object, not a plain string. */
  readonly option: boolean;
}

const TEXT: Kind = { field: 'value', initial: 'initial_value', many: false, option: false };
const OPTION: Kind = { field: 'selected_option', initial: 'initial_option', many: false, option: true };
const OPTIONS: Kind = { field: 'selected_options', initial: 'initial_options', many: true, option: true };

const KINDS: Readonly<Record<string, Kind>> = {
  plain_text_input: TEXT,
  email_text_input: TEXT,
  url_text_input: TEXT,
  number_input: TEXT,
  static_select: OPTION,
  external_select: OPTION,
  radio_buttons: OPTION,
  multi_static_select: OPTIONS,
  multi_external_select: OPTIONS,
  checkboxes: OPTIONS,
  users_select: plain('user'),
  conversations_select: plain('conversation'),
  channels_select: plain('channel'),
  multi_users_select: plain('users', true),
  multi_conversations_select: plain('conversations', true),
  multi_channels_select: plain('channels', true),
  datepicker: plain('date'),
  timepicker: plain('time'),
  datetimepicker: plain('date_time'),
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value', many: false, option: false },
  file_input: { field: 'files', initial: '', many: true, option: false },
};

/** Elements that keep a value; buttons and overflow menus do not. */
export function keepsValue(element: Json): boolean {
  return KINDS[String(element.type)] !== undefined;
}

export function elementsIn(blocks: readonly Json[]): Placed[] {
  return blocks.flatMap((block) => {
    if (Array.isArray(block.child_blocks)) return elementsIn(block.child_blocks.filter(isRecord));
    const listed =
      block.type === 'actions' || block.type === 'context_actions' ? block.elements : [block.accessory, block.element];
    const elements = Array.isArray(listed) ? listed.filter(isRecord) : [];
    return elements.filter((element) => element.type !== 'image').map((element) => ({ block, element }));
  });
}

/** A copy in which each block has a block_id and each element an action_id, as Slack fills them in. */
export function withIds(workspace: Workspace, blocks: readonly Json[]): Json[] {
  const copy = structuredClone(blocks) as Json[];
  for (const block of copy) block.block_id ??= nextId(workspace, 'b');
  for (const { block, element } of elementsIn(copy)) {
    block.block_id ??= nextId(workspace, 'b');
    element.action_id ??= nextId(workspace, 'a');
  }
  return copy;
}

/** The element with that action_id (and block_id, if given); throws if the person could not see one. */
export function findElement(blocks: readonly Json[], actionId: string, blockId?: string): Placed {
  const all = elementsIn(blocks);
  const found = all.find(
    ({ block, element }) => element.action_id === actionId && (blockId === undefined || block.block_id === blockId),
  );
  if (found) return found;
  const seen = all.map(({ element }) => String(element.action_id)).join(', ') || 'none';
  throw new Error(`no element ${actionId}${blockId === undefined ? '' : ` in block ${blockId}`}; there are: ${seen}`);
}

/** What the element holds before anyone touches it. */
export function firstValue(element: Json): Json {
  const type = String(element.type);
  const kind = KINDS[type];
  return kind ? { type, [kind.field]: element[kind.initial] ?? (kind.many ? [] : null) } : { type };
}

/**
 * What Slack reports after a person chose `given` (a string, a list, or an option's value).
 * Throws if a static element offers no such option, unless `forged`.
 */
export function chosenValue(element: Json, given: unknown, forged = false): Json {
  const type = String(element.type);
  const kind = type === 'overflow' ? OPTION : KINDS[type];
  if (!kind) return { type };
  if (!kind.option) return { type, [kind.field]: given ?? null };
  if (kind.many) return { type, [kind.field]: listOf(given).map((one) => optionOf(element, one, forged)) };
  return { type, [kind.field]: given === null || given === undefined ? null : optionOf(element, given, forged) };
}

/** True if nothing was typed or chosen. */
export function isEmpty(state: Json | undefined): boolean {
  const { type: _type, ...rest } = state ?? {};
  const [value] = Object.values(rest);
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function optionOf(element: Json, given: unknown, forged: boolean): Json {
  if (isRecord(given)) return given;
  const groups = listOf(element.option_groups).filter(isRecord);
  const options = [...listOf(element.options), ...groups.flatMap((group) => listOf(group.options))].filter(isRecord);
  const found = options.find((option) => option.value === given);
  if (found) return found;
  if (!forged && !String(element.type).endsWith('external_select')) {
    throw new Error(`${String(element.action_id)} offers no option ${String(given)}`);
  }
  return { text: { type: 'plain_text', text: String(given), emoji: true }, value: given };
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function plain(name: string, many = false): Kind {
  return { field: `selected_${name}`, initial: `initial_${name}`, many, option: false };
}
