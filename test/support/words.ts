// What a person reads on a screen, as plain text: of a modal, a message, an ephemeral. Knows no test.
import type { Json } from '../../sandbox/vendors/slack/workspace.ts';

/** Every text in these blocks, in reading order, a line each. Dates and marks stand as Slack gets them. */
export function wordsOf(blocks: unknown): string {
  return textsIn(blocks).join('\n');
}

/** Title, body and buttons of a modal. */
export function wordsOfView(content: Json): string {
  return [content.title, content.submit, content.blocks, content.close].map(wordsOf).filter(Boolean).join('\n');
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { text, ...rest } = value as Json;
  const own = typeof text === 'string' ? [text] : textsIn(text);
  return [...own, ...Object.values(rest).flatMap(textsIn)];
}

/** The elements with this action_id, wherever they stand. */
export function elementsWith(blocks: unknown, actionId: string): Json[] {
  if (Array.isArray(blocks)) return blocks.flatMap((one) => elementsWith(one, actionId));
  if (typeof blocks !== 'object' || blocks === null) return [];
  const found = blocks as Json;
  const own = found.action_id === actionId ? [found] : [];
  return [...own, ...Object.values(found).flatMap((one) => elementsWith(one, actionId))];
}
