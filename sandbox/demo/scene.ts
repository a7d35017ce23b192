// What the demo sees of Slack: the channel as anyone there sees it, looked at until what the story waits for has come.
import { setTimeout as pause } from 'node:timers/promises';
import type { ShownMessage, SlackPicture } from './control.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';

export const CHANNEL = 'C0ITOPS';
const LOOK_MS = 100;
/** Whatever is waited for comes within this, or the demo has failed. */
export const PATIENCE_MS = 20_000;
/** Nothing is drawn any more when nothing has changed for so long: longer than the app coalesces. */
const QUIET_MS = 1_300;

export interface Scene {
  picture(): SlackPicture;
  messages(): readonly ShownMessage[];
  /** The run's own message: the one with a thread, or with more than one line. */
  root(): ShownMessage | undefined;
  replies(): readonly ShownMessage[];
  /** Looks until it is there, showing every change on the way. `runFastMs`: moves the app's clock so far at every look. */
  until<T>(
    what: string,
    find: (picture: SlackPicture) => T | undefined,
    options?: { readonly runFastMs?: number },
  ): Promise<T>;
  /** Until nothing changes any more. */
  quiet(): Promise<void>;
}

export function createScene(stage: Stage, show: Show): Scene {
  let picture: SlackPicture = { users: [], channels: [], ephemerals: {}, views: {} };
  const messages = (): readonly ShownMessage[] =>
    picture.channels.find((channel) => channel.id === CHANNEL)?.messages ?? [];
  const look = async (): Promise<boolean> => {
    const before = JSON.stringify(messages());
    picture = (await stage.slack.get('/state')) as SlackPicture;
    const isChanged = JSON.stringify(messages()) !== before;
    if (isChanged) show.channel(messages(), picture);
    return isChanged;
  };
  return {
    picture: () => picture,
    messages,
    root: () => messages().find((message) => message.thread_ts === null && message.blocks.length > 1),
    replies: () => messages().filter((message) => message.thread_ts !== null),
    async until(what, find, { runFastMs = 0 } = {}) {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        await look();
        const found = find(picture);
        if (found !== undefined) return found;
        if (performance.now() > deadline)
          throw new Error(`Waited ${PATIENCE_MS / 1_000} s for ${what}, and it did not come.`);
        if (runFastMs > 0) await stage.advance(runFastMs);
        await pause(LOOK_MS);
      }
    },
    async quiet() {
      const deadline = performance.now() + PATIENCE_MS;
      let since = performance.now();
      while (performance.now() - since < QUIET_MS && performance.now() < deadline) {
        await pause(LOOK_MS);
        if (await look()) since = performance.now();
      }
    },
  };
}
