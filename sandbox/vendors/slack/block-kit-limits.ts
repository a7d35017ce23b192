// Slack's lengths and counts for blocks and their elements, and rules the types do not say. Assumes the shape is already right.
// @see https://docs.slack.dev/reference/block-kit (limits as in the JSDoc of @slack/types 3.2.0), read 2026-11
import { advice, error, isRecord, type Problem } from './block-kit-schema.ts';

type Part = Record<string, unknown>;

/** Longest text of each block's own fields; a text object counts by its `text`. */
const BLOCK_TEXT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  alert: { text: 200 }, // java-slack-sdk#1610
  card: { title: 150, subtitle: 150, body: 200 },
  container: { title: 150, subtitle: 150 },
  header: { text: 150 },
  image: { alt_text: 2000, title: 2000, image_url: 3000 },
  input: { label: 2000, hint: 2000 },
  markdown: { text: 12_000 },
  section: { text: 3000 },
  video: { author_name: 50 },
};

/** [fewest, most] entries of each block's own lists. */
const BLOCK_COUNT: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  actions: { elements: [1, 25] },
  card: { actions: [1, 3] },
  carousel: { elements: [1, 10] },
  container: { child_blocks: [1, 10] },
  context: { elements: [1, 10] },
  context_actions: { elements: [1, 5] },
  data_table: { rows: [2, 101] },
  section: { fields: [1, 10] },
  table: { rows: [1, 100], column_settings: [0, 20] },
};

const OPTION_COUNT: Readonly<Record<string, number>> = { overflow: 5, radio_buttons: 10, checkboxes: 10 };

/** All problems of one block beyond its shape, its elements included. */
export function checkLimits(block: Part, pointer: string): Problem[] {
  const type = String(block.type);
  const found = [
    ...texts(block, { block_id: 255, ...BLOCK_TEXT[type] }, pointer),
    ...counts(block, BLOCK_COUNT[type] ?? {}, pointer),
  ];
  if (type === 'section') {
    if (block.text === undefined && block.fields === undefined)
      found.push(error(pointer, 'missing required field: text or fields'));
    found.push(
      ...parts(block.fields).flatMap((field, at) => texts({ field }, { field: 2000 }, pointer, `/fields/${at}`)),
    );
    if (isRecord(block.accessory)) found.push(...checkElement(block.accessory, `${pointer}/accessory`));
  }
  if (type === 'input' && isRecord(block.element)) found.push(...checkElement(block.element, `${pointer}/element`));
  if (type === 'actions' || type === 'context_actions')
    found.push(...checkElements(parts(block.elements), `${pointer}/elements`));
  if (type === 'context')
    found.push(...parts(block.elements).flatMap((one, at) => checkEmpty(one, `${pointer}/elements/${at}`)));
  if (type === 'card') found.push(...checkElements(parts(block.actions), `${pointer}/actions`));
  if (type === 'carousel')
    found.push(...parts(block.elements).flatMap((card, at) => checkLimits(card, `${pointer}/elements/${at}`)));
  if (type === 'container')
    found.push(...parts(block.child_blocks).flatMap((one, at) => checkLimits(one, `${pointer}/child_blocks/${at}`)));
  if (type === 'table' || type === 'data_table') found.push(...checkRows(block, pointer));
  return found;
}

function checkRows(block: Part, pointer: string): Problem[] {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  return rows.flatMap((row, at) => {
    const cells = Array.isArray(row) ? row.length : 0;
    if (cells < 1 || cells > 20) return [error(`${pointer}/rows/${at}`, 'must have 1 to 20 cells')];
    return cells === width ? [] : [error(`${pointer}/rows/${at}`, `must have ${width} cells like the first row`)];
  });
}

function checkElements(elements: readonly Part[], pointer: string): Problem[] {
  const found = elements.flatMap((element, at) => checkElement(element, `${pointer}/${at}`));
  const ids = elements.map((element) => element.action_id).filter((id) => id !== undefined);
  if (new Set(ids).size < ids.length) found.push(error(pointer, 'action_id already exists in this block'));
  return found;
}

function checkElement(element: Part, pointer: string): Problem[] {
  const type = String(element.type);
  if (type === 'image') return [];
  const found = texts(
    element,
    { action_id: 255, placeholder: 150, value: 2000, url: 3000, accessibility_label: 75 },
    pointer,
  );
  if (element.action_id === undefined)
    found.push(advice(pointer, 'has no action_id: Slack makes one up and no listener matches it'));
  if (type === 'button') {
    found.push(...texts(element, { text: 75 }, pointer));
    if (textOf(element.text).length > 30) found.push(advice(`${pointer}/text`, 'may be cut after about 30 characters'));
    const spoken = element.accessibility_label;
    if (typeof spoken === 'string' && !spoken.startsWith(textOf(element.text)))
      found.push(
        advice(`${pointer}/accessibility_label`, 'does not begin with what stands on the button (WCAG 2.5.3)'),
      );
  }
  if (type === 'plain_text_input') found.push(...checkInput(element, pointer));
  if (isRecord(element.confirm))
    found.push(...texts(element.confirm, { title: 100, text: 300, confirm: 30, deny: 30 }, `${pointer}/confirm`));
  found.push(...checkOptions(element, pointer));
  return found;
}

function checkInput(element: Part, pointer: string): Problem[] {
  const least = Number(element.min_length ?? 0);
  const most = Number(element.max_length ?? 3000);
  if (least < 0 || least > 3000) return [error(`${pointer}/min_length`, 'must be between 0 and 3000')];
  if (most < 1 || most > 3000) return [error(`${pointer}/max_length`, 'must be between 1 and 3000')];
  return least > most ? [error(`${pointer}/min_length`, 'must not be more than max_length')] : [];
}

function checkOptions(element: Part, pointer: string): Problem[] {
  const type = String(element.type);
  const found = counts(element, { options: [1, OPTION_COUNT[type] ?? 100], option_groups: [1, 100] }, pointer);
  const options = parts(element.options);
  const groups = parts(element.option_groups);
  if (type.endsWith('static_select') && options.length === 0 && groups.length === 0)
    found.push(error(pointer, 'missing required field: options'));
  for (const [at, option] of options.entries()) found.push(...checkOption(option, `${pointer}/options/${at}`));
  for (const [at, group] of groups.entries()) {
    const inside = `${pointer}/option_groups/${at}`;
    found.push(...texts(group, { label: 75 }, inside), ...counts(group, { options: [1, 100] }, inside));
    for (const [n, option] of parts(group.options).entries())
      found.push(...checkOption(option, `${inside}/options/${n}`));
  }
  const offered = [...options, ...groups.flatMap((group) => parts(group.options))].map((option) =>
    JSON.stringify(option),
  );
  const chosen = isRecord(element.initial_option) ? [element.initial_option] : parts(element.initial_options);
  const strange = offered.length > 0 && chosen.some((option) => !offered.includes(JSON.stringify(option)));
  return strange ? [...found, error(pointer, 'initial option must be one of the options, field for field')] : found;
}

function checkOption(option: Part, pointer: string): Problem[] {
  return texts(option, { text: 75, value: 150, description: 75, url: 3000 }, pointer);
}

function checkEmpty(part: Part, pointer: string): Problem[] {
  return typeof part.text === 'string' && part.text === ''
    ? [error(`${pointer}/text`, 'must be more than 0 characters')]
    : [];
}

/** Each named field not longer than its limit, and not an empty text object. */
function texts(part: Part, limits: Readonly<Record<string, number>>, pointer: string, place?: string): Problem[] {
  return Object.entries(limits).flatMap(([field, most]) => {
    const value = part[field];
    const at = `${pointer}${place ?? `/${field}`}${isRecord(value) ? '/text' : ''}`;
    const { length } = textOf(value);
    if (length > most) return [error(at, `must be less than ${most + 1} characters`)];
    return isRecord(value) && length === 0 ? [error(at, 'must be more than 0 characters')] : [];
  });
}

function counts(part: Part, limits: Readonly<Record<string, readonly [number, number]>>, pointer: string): Problem[] {
  return Object.entries(limits).flatMap(([field, [fewest, most]]) => {
    const list = part[field];
    if (!Array.isArray(list)) return [];
    if (list.length > most) return [error(`${pointer}/${field}`, `no more than ${most} items allowed`)];
    return list.length < fewest ? [error(`${pointer}/${field}`, `no less than ${fewest} items allowed`)] : [];
  });
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) && typeof value.text === 'string' ? value.text : '';
}

function parts(value: unknown): Part[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
