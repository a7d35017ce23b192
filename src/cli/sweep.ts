// `sendoff sweep`: what the nightly sweep would find now. Reads only; tells nobody, keeps nothing.

import { plainOf } from '../blocks/parts.ts';
import { leftoverWords } from '../blocks/sweep.ts';
import type { Swept } from '../workflow/sweep.ts';
import type { CommandContext } from './command.ts';

/** 0: nothing found, 1: something. */
export async function sweepCommand(
  context: Pick<CommandContext, 'print'> & { sweep(): Promise<Swept> },
): Promise<number> {
  const { found, people } = await context.sweep();
  for (const leftover of found) context.print(`${plainOf(leftoverWords(leftover))}\n`);
  context.print(
    found.length === 0
      ? `Nothing found. ${people} people who have left were looked at.\n`
      : `${found.length} found. ${people} people who have left were looked at. Nothing was changed.\n`,
  );
  return found.length === 0 ? 0 : 1;
}
