// Fails a test when a screen of the app is one that Slack would refuse, or that Slack takes but a reader suffers from.
import {
  describe as describeProblem,
  lintBlocks,
  lintMessage,
  lintView,
  type Surface,
} from '../../../sandbox/vendors/slack/block-kit-lint.ts';
import type { Problem } from '../../../sandbox/vendors/slack/block-kit-schema.ts';

/** Throws with every problem, errors and advice alike. `payload` is a message (`{text, blocks}`) or a whole view. */
export function assertBlockKit(surface: Surface, payload: object): void {
  const problems = findBlockKitProblems(surface, payload);
  if (problems.length > 0) throw new Error(`Block Kit problems on a ${surface}:\n  ${problems.join('\n  ')}`);
}

/** The same problems as lines in Slack's wording; empty means good. */
export function findBlockKitProblems(surface: Surface, payload: object): readonly string[] {
  const given = { ...payload };
  const problems: Problem[] = surface === 'message' ? lintMessage(given) : lintView(given);
  return problems.map(describeProblem);
}

/** For a list of blocks that stands on its own. */
export function findBlockProblems(surface: Surface, blocks: readonly object[]): readonly string[] {
  return lintBlocks(blocks, surface).map(describeProblem);
}
