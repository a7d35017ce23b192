// What blocks say, as lines of raw text for a terminal: the same words as on the screen, without what only a screen can do.
import type { KnownBlock } from '@slack/types';
import { plainOf } from './parts.ts';

/** Inputs are what is asked on a screen: here they are named, and nothing is asked. */
export function asLines(blocks: readonly KnownBlock[]): readonly string[] {
  return blocks.flatMap((block): readonly string[] => {
    switch (block.type) {
      case 'section':
        return [...linesOf(block.text?.text ?? ''), ''];
      case 'alert':
        return [...linesOf(block.text.text).map((line) => `! ${line}`), ''];
      case 'context':
        return [...block.elements.flatMap((one) => ('text' in one ? linesOf(one.text) : [])), ''];
      default:
        return [];
    }
  });
}

function linesOf(markup: string): readonly string[] {
  // A channel's and a person's id is all there is without Slack.
  return markup.split('\n').map((line) => plainOf(line.replace(/<[#@]([A-Z0-9]+)>/g, '$1')));
}
