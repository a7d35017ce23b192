// What an operator in a hurry fills in: the least that lets a window through.
import { elementsIn, isEmpty } from '../../vendors/slack/elements.ts';
import { blocksOf } from '../../vendors/slack/view-store.ts';
import type { Json, View } from '../../vendors/slack/workspace.ts';

const REASON = 'Played in the sandbox';

/** By block id, of required inputs that are empty. */
export function fill(view: View): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { block, element } of elementsIn(blocksOf(view.content))) {
    const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
    if (block.type !== 'input' || block.optional === true || !isEmpty(view.values[blockId]?.[actionId])) continue;
    values[blockId] = firstOf(block, element);
  }
  return values;
}

function firstOf(block: Json, element: Json): unknown {
  const [option] = (element.options as { value: string }[] | undefined) ?? [];
  const type = String(element.type);
  if (option) return type === 'checkboxes' || type.startsWith('multi_') ? [option.value] : option.value;
  if (type === 'users_select') return 'U0GRACE';
  // What is to be typed stands in the label: “Type dana@acme.test to confirm”.
  const label = (block.label as { text?: string } | undefined)?.text ?? '';
  return /\S+@acme\.test/.exec(label)?.[0] ?? REASON;
}
