// What a person does on the page, handed to the simulated Slack, which signs it and sends it to the app.
import type { Delivered } from '../vendors/slack/deliver.ts';
import type { SlackSimulator } from '../vendors/slack/server.ts';

const ACTS: readonly string[] = ['slash', 'shortcut', 'click', 'submit', 'close_view', 'suggest', 'home', 'say'];
/** No forgery from the page: only what Slack's own client could send. */
const FIELDS: readonly string[] = [
  ...['command', 'text', 'channel', 'threadTs', 'callbackId', 'messageTs', 'viewId', 'actionId', 'blockId'],
  ...['value', 'values', 'all', 'query', 'tab'],
];

export function isAct(name: string): boolean {
  return ACTS.includes(name);
}

/** `problem` is what Slack would show the person; `body` the app's answer, for options of a menu. Throws where Slack's client would not let it through. */
export async function doAct(
  slack: SlackSimulator,
  name: string,
  user: string,
  given: Readonly<Record<string, unknown>>,
): Promise<{ problem: string | null; body: string }> {
  const argument = Object.fromEntries(Object.entries(given).filter(([field]) => FIELDS.includes(field)));
  const delivered = (await slack.command(name, { ...argument, user })) as Partial<Delivered> | null;
  return { problem: delivered?.problem ?? null, body: delivered?.body ?? '' };
}
