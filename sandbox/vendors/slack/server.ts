// Starts the simulated Slack: the Web API, response_urls, and the acts of its people as functions. Shares nothing with src/.
import type { Memory } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { type ApiMethod, callMethod, ignoredArguments } from './api.ts';
import { isRecord } from './block-kit-schema.ts';
import { chatMethods } from './chat.ts';
import { runCommand } from './commands.ts';
import { conversationMethods } from './conversations.ts';
import type { Delivered } from './deliver.ts';
import { type EventOf, home, sendEvent } from './events.ts';
import { type Click, click, type Slash, shortcut, slash } from './interactions.ts';
import { closeView, type Submit, submit, suggest } from './modals.ts';
import { picture } from './picture.ts';
import { answerResponseUrl } from './response-url.ts';
import { connectionsRoute, takeSocket } from './socket-mode.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';
import { createWorkspace, type Workspace } from './workspace.ts';
import { workspaceMemory } from './workspace-memory.ts';

export interface SlackOptions {
  readonly port?: number;
  readonly controlPort?: number;
  /** Where the app listens, `http://127.0.0.1:3000/slack/events`; may be given later with `connect`. */
  readonly eventsUrl?: string;
  readonly manifestPath?: string;
}

export interface SlackSimulator extends Running {
  /** Environment variables that point the app here. */
  readonly settings: Readonly<Record<string, string>>;
  readonly workspace: Workspace;
  readonly memory: Memory;
  connect(eventsUrl: string): void;
  slash(act: Slash): Promise<Delivered>;
  shortcut(act: Parameters<typeof shortcut>[1]): Promise<Delivered>;
  click(act: Click): Promise<Delivered>;
  submit(act: Submit): Promise<Delivered>;
  closeView(act: Parameters<typeof closeView>[1]): Promise<Delivered | null>;
  suggest(act: Parameters<typeof suggest>[1]): Promise<Delivered>;
  home(act: Parameters<typeof home>[1]): Promise<Delivered>;
  sendEvent(act: EventOf): Promise<Delivered>;
  command(name: string, argument: unknown): Promise<unknown>;
  state(): unknown;
}

/** Every Web API method it answers; all others are `unknown_method`. */
export const slackMethods: readonly ApiMethod[] = [
  ...userMethods,
  ...chatMethods,
  ...viewMethods,
  ...conversationMethods,
];

export async function startSlackSimulator(options: SlackOptions = {}): Promise<SlackSimulator> {
  const workspace = createWorkspace(options);
  const running = await startSimulator(slackVendor(workspace), options);
  workspace.url = running.url;
  return {
    ...running,
    memory: workspaceMemory(workspace),
    workspace,
    settings: {
      SLACK_BOT_TOKEN: workspace.token,
      SLACK_SIGNING_SECRET: workspace.signingSecret,
      SLACK_CHANNEL_ID: 'C0ITOPS',
      SLACK_API_URL: `${running.url}/api/`,
    },
    connect: (eventsUrl) => {
      workspace.eventsUrl = eventsUrl;
    },
    slash: (act) => slash(workspace, act),
    shortcut: (act) => shortcut(workspace, act),
    click: (act) => click(workspace, act),
    submit: (act) => submit(workspace, act),
    closeView: (act) => closeView(workspace, act),
    suggest: (act) => suggest(workspace, act),
    home: (act) => home(workspace, act),
    sendEvent: (act) => sendEvent(workspace, act),
    command: (name, argument) => runCommand(workspace, name, argument),
    state: () => picture(workspace),
  };
}

function slackVendor(workspace: Workspace): Vendor {
  return {
    name: 'slack',
    routes: [
      ...slackMethods.map((method) => apiRoute(workspace, method)),
      connectionsRoute(workspace),
      responseRoute(workspace),
    ],
    upgrade: (request, socket, head) => takeSocket(workspace, request, socket, head),
    unknown: (request) =>
      request.path.startsWith('/api/')
        ? { status: 200, body: { ok: false, error: 'unknown_method', req_method: request.path.slice('/api/'.length) } }
        : { status: 404, body: 'not found' },
    error: slackError,
    state: () => picture(workspace),
    command: (name, argument) => runCommand(workspace, name, argument),
    note: (route, request, reply) => noteCall(route, request, reply),
  };
}

function apiRoute(workspace: Workspace, method: ApiMethod): Route {
  return {
    operation: `slack.${method.name}`,
    method: 'POST',
    pattern: new RegExp(`^/api/${method.name.replaceAll('.', '\\.')}$`),
    write: method.write,
    handle: (request) => callMethod(workspace, method, request),
  };
}

function responseRoute(workspace: Workspace): Route {
  return {
    operation: 'slack.response_url',
    method: 'POST',
    pattern: /^\/response\/(?<id>[0-9a-f]+)$/,
    write: true,
    handle: (request) => answerResponseUrl(workspace, request),
  };
}

/** Slack's own bodies; 5xx come from its edge and are not JSON. */
function slackError(status: number, retryAfterSeconds = 30): Reply {
  if (status === 429)
    return { status, headers: { 'retry-after': String(retryAfterSeconds) }, body: { ok: false, error: 'ratelimited' } };
  return {
    status,
    body:
      status >= 500
        ? 'upstream connect error or disconnect/reset before headers'
        : { ok: false, error: 'internal_error' },
  };
}

/** What happened to whom, and misspelt arguments; never the token, never the content. */
function noteCall(route: Route, request: Request, reply: Reply): Record<string, unknown> {
  const method = slackMethods.find((one) => `slack.${one.name}` === route.operation);
  const given = isRecord(request.body) ? request.body : {};
  const answer = isRecord(reply.body) ? reply.body : {};
  const view = isRecord(answer.view) ? answer.view.id : undefined;
  const ignored = method ? ignoredArguments(method, request) : [];
  return dropUndefined({
    ok: answer.ok,
    error: answer.error,
    channel: given.channel,
    ts: answer.ts ?? answer.message_ts ?? given.ts,
    thread_ts: given.thread_ts,
    user: given.user ?? given.user_id,
    view_id: view ?? given.view_id,
    ignoredArguments: ignored.length > 0 ? ignored : undefined,
  });
}

function dropUndefined(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
