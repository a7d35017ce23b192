// The simulators' control addresses as functions: what people do in Slack, what goes wrong in Okta, and what anyone can see.

export interface ShownMessage {
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly thread_ts: string | null;
}

export interface ShownView {
  readonly id: string;
  readonly submit: unknown;
  readonly blocks: readonly unknown[];
  readonly [field: string]: unknown;
}

export interface SlackPicture {
  readonly users: readonly { readonly id: string; readonly realName: string }[];
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly members: readonly string[];
    readonly messages: readonly ShownMessage[];
  }[];
  readonly ephemerals: Readonly<Record<string, readonly ShownMessage[]>>;
  /** Open windows of each user, lowest first. */
  readonly views: Readonly<Record<string, readonly ShownView[]>>;
}

/** What anyone sees in Jira. */
export interface JiraPicture {
  readonly issues: readonly { readonly key: string; readonly status: string; readonly comments: readonly unknown[] }[];
}

/** A Slack act's outcome: `problem` is what the user saw go wrong. */
export interface Delivered {
  readonly status: number;
  readonly problem?: string;
}

export interface Control {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  delete(path: string): Promise<unknown>;
}

export function createControl(url: string): Control {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, ...sent });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
    return JSON.parse(answer);
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    delete: (path) => call('DELETE', path),
  };
}

/** Does what a person does; throws where Slack would have shown them an error. */
export async function act(slack: Control, command: 'slash' | 'submit' | 'click', argument: object): Promise<void> {
  const delivered = (await slack.post(`/command/${command}`, argument)) as Delivered;
  if (delivered.problem)
    throw new Error(`Slack would show ${delivered.problem} for ${command} (HTTP ${delivered.status})`);
}

/** Whether a button with this action_id stands in the message. */
export function hasButton(message: ShownMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks).includes(`"action_id":"${actionId}"`);
}

/** All that people read in it. */
export function wordsIn(message: ShownMessage | undefined): string {
  return message === undefined ? '' : JSON.stringify(message.blocks);
}
