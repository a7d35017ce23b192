// What the page's server tells the page: the words both sides share. Types only.

export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly [field: string]: unknown;
}

export interface SeenMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Null: it stands in the channel itself. */
  readonly threadTs: string | null;
  readonly edited: boolean;
  /** Only the viewer sees it. */
  readonly ephemeral: boolean;
  readonly replies: { readonly count: number; readonly users: readonly string[]; readonly latest: string } | null;
}

export type Values = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

export interface SeenView {
  readonly id: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  /** By block id. */
  readonly errors: Readonly<Record<string, string>>;
  /** By block id and action id, in Slack's shape. */
  readonly values: Values;
  readonly hash: string;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
  readonly title: string;
  readonly timezone: string;
  readonly isBot: boolean;
  readonly deleted: boolean;
}

export interface ChannelInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: readonly string[];
}

export interface Command {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

export interface Shortcut {
  readonly name: string;
  readonly callbackId: string;
}

/** Of the sandbox, not of Slack. */
export interface SandboxState {
  readonly app: 'starting' | 'running' | 'stopped';
  readonly lastWords: readonly string[];
  readonly kills: number;
  readonly aheadMs: number;
  /** By Slack user id: operator, approver, admin. */
  readonly roles: Readonly<Record<string, string>>;
  /** What is broken now, by vendor. */
  readonly faults: Readonly<Record<string, readonly FaultShown[]>>;
  /** The scenario that was chosen last, and where it stands. */
  readonly scenario: { readonly name: string; readonly step: string; readonly isOver: boolean } | null;
}

export interface FaultShown {
  readonly kind: string;
  /** Calls it will still hit; null: all. */
  readonly left: number | null;
}

export interface AuditLine {
  readonly chain: string;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  /** JSON. */
  readonly detail: string;
  readonly hash: string;
  readonly previousHash: string;
  /** Whether it holds the hash of the line before; null: that line is not shown. */
  readonly isLinked: boolean | null;
}

export interface Snapshot {
  readonly type: 'snapshot';
  readonly team: string;
  readonly me: string;
  readonly actors: readonly { readonly id: string; readonly part: string }[];
  readonly people: readonly Person[];
  readonly channels: readonly ChannelInfo[];
  readonly commands: readonly Command[];
  readonly shortcuts: readonly Shortcut[];
  /** Of each channel the newest, oldest first; without replies. */
  readonly roots: Readonly<Record<string, readonly SeenMessage[]>>;
  /** Channels that have older ones. */
  readonly more: readonly string[];
  readonly ephemerals: readonly SeenMessage[];
  readonly views: readonly SeenView[];
  readonly home: SeenView | null;
  readonly sandbox: SandboxState;
  readonly vendors: readonly string[];
}

export type Live =
  | Snapshot
  | { readonly type: 'message'; readonly channel: string; readonly ts: string; readonly message: SeenMessage | null }
  | { readonly type: 'ephemeral'; readonly ts: string; readonly message: SeenMessage | null }
  | { readonly type: 'views'; readonly views: readonly SeenView[] }
  | { readonly type: 'home'; readonly home: SeenView | null }
  | { readonly type: 'people'; readonly people: readonly Person[]; readonly channels: readonly ChannelInfo[] }
  | { readonly type: 'sandbox'; readonly sandbox: SandboxState }
  | { readonly type: 'called'; readonly vendors: readonly string[] };

/** One call of the app's to a vendor, or of Slack's to the app. */
export interface ShownCall {
  readonly vendor: string;
  readonly seq: number;
  readonly at: number;
  readonly operation: string;
  readonly write: boolean;
  readonly applied: boolean;
  readonly state: string;
  readonly status: number | null;
  readonly detail: readonly string[];
}
