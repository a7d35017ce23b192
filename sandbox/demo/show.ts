// How the demo is told: in place on a terminal, as plain lines elsewhere, or as one JSON object a line.
import type { Verdict } from '../../judge/judge.ts';
import type { ShownMessage, ShownView, SlackPicture } from './control.ts';
import { createJsonShow } from './show-json.ts';
import { createPlainShow } from './show-plain.ts';
import { createTerminalShow } from './show-terminal.ts';

export interface Show {
  /** What somebody does, or what the demo does to the world. */
  say(sentence: string): void;
  /** The run's channel as it now stands; called again for every change. */
  channel(messages: readonly ShownMessage[], picture: SlackPicture): void;
  /** A window that `user` sees. */
  window(user: string, view: ShownView, picture: SlackPicture): void;
  /** A message that only `user` sees. */
  whisper(user: string, message: ShownMessage, picture: SlackPicture): void;
  verdict(verdict: Verdict): void;
  end(ended: { holds: boolean; seconds: number; problem?: string }): void;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export function createShow(out: Output, options: { json: boolean }): Show {
  if (options.json) return createJsonShow(out);
  const { TERM, NO_COLOR } = process.env;
  if (out.isTTY !== true || TERM === 'dumb') return createPlainShow(out);
  return createTerminalShow(out, { isColoured: !NO_COLOR });
}
