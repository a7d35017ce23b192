// Values of inputs: from Slack's shape to what stands in a field. @see sandbox/vendors/slack/elements.ts
import type { Block, SeenView } from './shapes.ts';
import type { Element } from './surface.ts';

const STATE_FIELDS = [
  ...['value', 'selected_option', 'selected_options', 'selected_user', 'selected_users', 'selected_conversation'],
  ...['selected_conversations', 'selected_channel', 'selected_channels', 'selected_date', 'selected_time'],
  ...['selected_date_time', 'rich_text_value'],
];
const INITIAL_FIELDS = [
  ...['initial_value', 'initial_option', 'initial_options', 'initial_user', 'initial_users', 'initial_conversation'],
  ...['initial_conversations', 'initial_channel', 'initial_channels', 'initial_date', 'initial_time'],
  ...['initial_date_time'],
];

/** What the element begins with. */
export function valueIn(element: Element): unknown {
  return firstOf(element, INITIAL_FIELDS);
}

/** What Slack keeps of it. */
export function keptIn(view: SeenView, block: Block, element: Element): unknown {
  const state = view.values[String(block.block_id)]?.[String(element.action_id)];
  return state === undefined ? valueIn(element) : firstOf(state, STATE_FIELDS);
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function firstOf(from: Readonly<Record<string, unknown>>, fields: readonly string[]): unknown {
  const field = fields.find((name) => from[name] !== undefined && from[name] !== null);
  return field === undefined ? null : from[field];
}
