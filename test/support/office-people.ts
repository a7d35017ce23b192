// Somebody in the simulated Slack: types commands, presses buttons, and reads what is on their screen.
import type { Delivered, Forgery } from '../../sandbox/vendors/slack/deliver.ts';
import type { SlackSimulator } from '../../sandbox/vendors/slack/server.ts';
import type { Channel, Json, Message, View } from '../../sandbox/vendors/slack/workspace.ts';
import { elementsWith, wordsOf, wordsOfView } from './words.ts';

type Extra = Forgery & { readonly channel?: string };

export interface Actor {
  readonly userId: string;
  /** `/offboard dana@acme.test` */
  types(line: string, extra?: Extra): Promise<Delivered>;
  /** Presses the submit button of the modal on top. */
  submits(values?: Readonly<Record<string, unknown>>, extra?: Forgery): Promise<Delivered>;
  /** Presses the newest button of this kind in a channel, or that of one message. */
  clicks(
    actionId: string,
    where?: Forgery & { readonly messageTs?: string; readonly value?: string },
  ): Promise<Delivered>;
  closes(): Promise<unknown>;
  /** The modal on top. */
  view(): View | null;
  /** Its words; '' if no modal is open. */
  screen(): string;
  /** What only they were told, newest last. */
  told(): readonly string[];
}

export function actorIn(slack: SlackSimulator, userId: string): Actor {
  const { workspace } = slack;
  const view = (): View | null => workspace.views.get(workspace.stacks.get(userId)?.at(-1) ?? '') ?? null;
  const topmost = (): View => {
    const found = view();
    if (!found) throw new Error(`${userId} has no modal open`);
    return found;
  };
  return {
    userId,
    types(line, extra = {}) {
      const [command = '', ...text] = line.split(' ');
      return slack.slash({ user: userId, command, text: text.join(' '), ...extra });
    },
    submits: (values, extra = {}) =>
      slack.submit({ user: userId, viewId: topmost().id, ...(values ? { values } : {}), ...extra }),
    clicks(actionId, where = {}) {
      const messageTs = where.messageTs ?? newestWith(workspace.channels.values(), actionId).ts;
      return slack.click({ user: userId, actionId, ...where, messageTs });
    },
    closes: () => slack.closeView({ user: userId, viewId: topmost().id }),
    view,
    screen: () => (view() ? wordsOfView(topmost().content) : ''),
    told: () =>
      workspace.ephemerals.filter((one) => one.recipient === userId).map((one) => wordsOf(one.blocks) || one.text),
  };
}

function newestWith(channels: Iterable<Channel>, actionId: string): Message {
  const found = [...channels]
    .flatMap((channel) => channel.messages)
    .filter((one) => elementsWith(one.blocks, actionId).length > 0);
  const newest = found.at(-1);
  if (!newest) throw new Error(`no message has a button ${actionId}`);
  return newest;
}

/** A button's value as the app drew it. */
export function buttonValue(message: { readonly blocks: readonly Json[] }, actionId: string): string {
  const [found] = elementsWith(message.blocks, actionId);
  if (!found) throw new Error(`no button ${actionId}`);
  return String(found.value);
}
