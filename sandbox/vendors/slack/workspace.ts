// The state of the simulated Slack team: channels, messages, views, triggers, and what each user saw. Knows no HTTP.
import { randomBytes } from 'node:crypto';
import { Clock } from '../clock.ts';
import { Changes } from './changes.ts';
import { readManifest, type SlackManifest } from './manifest.ts';
import { seedChannels, seedUsers } from './seed.ts';
import { newSocketState, type SocketState } from './socket-envelopes.ts';

export type Json = Record<string, unknown>;

export const TEAM = { id: 'T0ACME', name: 'Acme', domain: 'acme', url: 'https://acme.slack.com/' } as const;
export const BOT = { appId: 'A0SENDOFF', userId: 'U0BOT', botId: 'B0BOT', name: 'sendoff' } as const;

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  email: string;
  readonly title: string;
  timezone: string;
  /** As users.info gives it with include_locale. */
  locale: string;
  deleted: boolean;
  readonly isBot: boolean;
}

export interface Edit {
  readonly text: string;
  readonly blocks: readonly Json[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Message {
  readonly ts: string;
  readonly user: string;
  text: string;
  blocks: Json[];
  readonly threadTs?: string;
  readonly broadcast: boolean;
  metadata?: Json;
  readonly unfurlLinks?: boolean;
  readonly unfurlMedia?: boolean;
  /** What it said when it was posted; of an old one in a sandbox it is forgotten. */
  readonly original: Edit;
  /** What it was changed to, in order; empty if never edited. */
  readonly edits: Edit[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: string[];
  archived: boolean;
  readonly messages: Message[];
}

export interface Ephemeral extends Message {
  readonly channel: string;
  /** The only person who sees it. */
  readonly recipient: string;
  readonly via: 'chat.postEphemeral' | 'response_url' | 'ack';
  deleted: boolean;
}

export interface View {
  readonly id: string;
  readonly user: string;
  readonly type: 'modal' | 'home';
  readonly rootId: string;
  readonly previousId: string | null;
  /** As the app sent it, block ids filled in. */
  content: Json;
  hash: string;
  /** Typed values by block id and action id, in Slack's shape. */
  values: Record<string, Record<string, Json>>;
  /** Shown under inputs after a response_action `errors`. */
  errors: Record<string, string>;
  open: boolean;
  /** Every content it has shown, oldest first. */
  readonly shown: { readonly content: Json; readonly at: number }[];
}

export interface ResponseUrl {
  readonly user: string;
  readonly channel: string;
  readonly createdAt: number;
  /** The message whose button was pressed; null for a slash command. */
  readonly sourceTs: string | null;
  used: number;
}

/** What Slack shows the user when the app did not do its part. */
export interface Failure {
  readonly at: number;
  readonly user: string;
  readonly kind: string;
  readonly problem: 'operation_timeout' | 'dispatch_failed' | 'bad_answer';
  readonly detail: string;
  readonly ackMs: number;
}

/** One raw request from Slack to the app, for the demo's drawer. */
export interface Delivery {
  readonly at: number;
  readonly kind: string;
  readonly user: string;
  readonly raw: string;
  readonly forged: boolean;
  status: number;
  body: string;
  ackMs: number;
}

export interface Workspace {
  readonly token: string;
  /** For Socket Mode. */
  readonly appToken: string;
  readonly signingSecret: string;
  readonly manifest: SlackManifest;
  scopes: readonly string[];
  /** The simulator's own address, for response_urls. */
  url: string;
  /** Where the app listens; null until connected. */
  eventsUrl: string | null;
  readonly socket: SocketState;
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, Channel>;
  readonly ephemerals: Ephemeral[];
  readonly views: Map<string, View>;
  /** Ids of each user's open modals, lowest first. */
  readonly stacks: Map<string, string[]>;
  readonly homes: Map<string, string>;
  readonly triggers: Map<string, { readonly user: string; readonly at: number; used: boolean }>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly failures: Failure[];
  readonly deliveries: Delivery[];
  /** Slack's limit of one message a second and channel, off by default. */
  readonly rateLimit: { on: boolean; readonly lastPostAt: Map<string, number> };
  counter: number;
  lastTs: number;
  /** What messages are dated by; signatures and triggers keep the real time. */
  readonly clock: Clock;
  readonly changes: Changes;
}

export function createWorkspace(
  options: { readonly manifestPath?: string; readonly eventsUrl?: string } = {},
): Workspace {
  const manifest = readManifest(options.manifestPath);
  const users = seedUsers();
  return {
    token: `xoxb-simulator-${randomBytes(12).toString('hex')}`,
    appToken: `xapp-1-simulator-${randomBytes(12).toString('hex')}`,
    signingSecret: `simulator-signing-secret-${randomBytes(12).toString('hex')}`,
    manifest,
    scopes: manifest.botScopes,
    url: '',
    eventsUrl: options.eventsUrl ?? null,
    socket: newSocketState(),
    users,
    channels: seedChannels(users),
    ephemerals: [],
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    failures: [],
    deliveries: [],
    rateLimit: { on: false, lastPostAt: new Map() },
    counter: 0,
    lastTs: 0,
    clock: new Clock(),
    changes: new Changes(),
  };
}

export function nextId(workspace: Workspace, prefix: string): string {
  workspace.counter += 1;
  return `${prefix}${workspace.counter.toString(36).toUpperCase().padStart(8, '0')}`;
}

/** A message's ts: seconds with six decimals, never twice in one workspace. */
export function nextTs(workspace: Workspace): string {
  workspace.lastTs = Math.max(workspace.clock.now() * 1000, workspace.lastTs + 1);
  return (workspace.lastTs / 1_000_000).toFixed(6);
}

/** The user or a thrown Error: a test with a wrong id must not go on. */
export function userOf(workspace: Workspace, id: string): SlackUser {
  const user = workspace.users.get(id);
  if (!user) throw new Error(`no Slack user ${id}`);
  return user;
}

/** The direct channel between the bot and a user, made on first use. */
export function directChannel(workspace: Workspace, user: string): Channel {
  const id = `D${user.slice(1)}`;
  const found = workspace.channels.get(id);
  if (found) return found;
  const made: Channel = {
    id,
    name: 'directmessage',
    kind: 'im',
    members: [BOT.userId, user],
    archived: false,
    messages: [],
  };
  workspace.channels.set(id, made);
  workspace.changes.tell({ what: 'people' });
  return made;
}
