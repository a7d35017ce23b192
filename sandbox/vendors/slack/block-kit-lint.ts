// Says whether Slack would take these blocks, this message or this view: shape, limits, and which surface a block may stand on.
// It is this simulator's judge and, through test/support/block-kit, the judge of the app's own screens.
import { checkLimits } from './block-kit-limits.ts';
import { advice, checkDefinition, error, isRecord, type Problem } from './block-kit-schema.ts';

export type Surface = 'message' | 'modal' | 'home';

/** @see https://docs.slack.dev/reference/block-kit/blocks, read 2026-11 */
const MOST_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

/** Undocumented sum over a message's blocks, seen near 13,200 characters. @see https://github.com/slackapi/bolt-js/issues/2509 */
const MOST_MESSAGE_CHARACTERS = 13_000;

/** Blocks a surface refuses; the types do not say so. @see design/VENDORS.md 1.3 */
const REFUSED: Readonly<Record<Surface, readonly string[]>> = {
  message: ['alert', 'file'],
  modal: [
    'card',
    'carousel',
    'container',
    'context_actions',
    'data_table',
    'file',
    'markdown',
    'plan',
    'table',
    'task_card',
  ],
  home: ['alert', 'container', 'context_actions', 'data_table', 'file', 'markdown', 'plan', 'table', 'task_card'],
};

/** Inputs that only a modal may hold. */
const MODAL_INPUTS: readonly string[] = ['email_text_input', 'file_input', 'number_input', 'url_text_input'];

const TABLES: readonly string[] = ['table', 'data_table'];

/** Every problem of `blocks` on that surface; pointers start at `pointer` (`/blocks`). */
export function lintBlocks(blocks: unknown, surface: Surface, pointer = '/blocks'): Problem[] {
  if (!Array.isArray(blocks)) return [error(pointer, 'must provide an array')];
  const most = MOST_BLOCKS[surface];
  const found = blocks.flatMap((block, at) => lintBlock(block, surface, `${pointer}/${at}`));
  if (blocks.length > most) found.push(error(pointer, `no more than ${most} items allowed`));
  const ids = blocks
    .map((block) => (isRecord(block) ? block.block_id : undefined))
    .filter((id) => typeof id === 'string');
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) found.push(error(pointer, `block_id ${JSON.stringify(twice)} already exists`));
  if (blocks.filter((block) => isRecord(block) && TABLES.includes(String(block.type))).length > 1) {
    found.push(error(pointer, 'only_one_table_allowed'));
  }
  return [...found, ...adviseOnMarkup(blocks, pointer)];
}

/** A message as given to chat.postMessage; `text` beside blocks is only advice for Slack, but screen readers need it. */
export function lintMessage(message: Record<string, unknown>): Problem[] {
  const found = message.blocks === undefined ? [] : lintBlocks(message.blocks, 'message');
  if (typeof message.text !== 'string' || message.text === '')
    found.push(advice('/text', 'no fallback text for notifications and screen readers'));
  if (isTooLong(message.blocks))
    found.push(error('/blocks', `msg_blocks_too_long: more than ${MOST_MESSAGE_CHARACTERS} characters`));
  return found;
}

export function isTooLong(blocks: unknown): boolean {
  return JSON.stringify(blocks ?? []).length > MOST_MESSAGE_CHARACTERS;
}

/** A modal or Home view as given to views.open or views.publish; pointers start at `/view`. */
export function lintView(view: unknown): Problem[] {
  if (!isRecord(view)) return [error('/view', 'must provide an object')];
  if (view.type !== 'modal' && view.type !== 'home')
    return [error('/view/type', `unsupported type: ${String(view.type)}`)];
  const { blocks, response_url_enabled: _ignored, ...envelope } = view;
  const name = view.type === 'modal' ? 'ModalView' : 'HomeView';
  const found = checkDefinition(name, { ...envelope, blocks: [] }, '/view');
  found.push(...lintBlocks(blocks, view.type, '/view/blocks'));
  for (const field of ['title', 'submit', 'close']) {
    const text = isRecord(view[field]) ? view[field].text : undefined;
    if (typeof text !== 'string') continue;
    if (text.length > 24) found.push(error(`/view/${field}/text`, 'must be less than 25 characters'));
    if (text === '') found.push(error(`/view/${field}/text`, 'must be more than 0 characters'));
  }
  for (const [field, most] of Object.entries({ private_metadata: 3000, callback_id: 255, external_id: 255 })) {
    if (String(view[field] ?? '').length > most)
      found.push(error(`/view/${field}`, `must be less than ${most + 1} characters`));
  }
  const hasInput = Array.isArray(blocks) && blocks.some((block) => isRecord(block) && block.type === 'input');
  if (view.type === 'modal' && hasInput && view.submit === undefined)
    found.push(error('/view', 'missing required field: submit'));
  return found;
}

/** Only what Slack itself would refuse. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter((problem) => problem.severity === 'error');
}

/** As Slack writes it into `response_metadata.messages`. */
export function describe(problem: Problem): string {
  return `[${problem.severity === 'error' ? 'ERROR' : 'WARN'}] ${problem.message} [json-pointer:${problem.pointer}]`;
}

function lintBlock(block: unknown, surface: Surface, pointer: string): Problem[] {
  const shape = checkDefinition('KnownBlock', block, pointer);
  if (shape.length > 0 || !isRecord(block)) return shape;
  const found = checkLimits(block, pointer);
  if (REFUSED[surface].includes(String(block.type)))
    found.push(error(`${pointer}/type`, `unsupported type: ${String(block.type)} in a ${surface}`));
  const element = isRecord(block.element) ? String(block.element.type) : '';
  if (surface !== 'modal' && MODAL_INPUTS.includes(element)) {
    found.push(error(`${pointer}/element/type`, `unsupported type: ${element} in a ${surface}`));
  }
  return found;
}

/** Dates and mentions are printed as they stand where the text is plain_text. */
function adviseOnMarkup(value: unknown, pointer: string): Problem[] {
  if (Array.isArray(value)) return value.flatMap((inner, at) => adviseOnMarkup(inner, `${pointer}/${at}`));
  if (!isRecord(value)) return [];
  if (value.type === 'plain_text' && typeof value.text === 'string' && /<[@!#]/.test(value.text)) {
    return [advice(`${pointer}/text`, 'markup in plain_text is shown as it stands')];
  }
  return Object.entries(value).flatMap(([field, inner]) => adviseOnMarkup(inner, `${pointer}/${field}`));
}
