// The Events API side: what Slack tells the app without asking for more than an acknowledgement.
// @see https://docs.slack.dev/apis/events-api/, read 2026-11
import { type Delivered, deliver, type Forgery } from './deliver.ts';
import { showView } from './view-store.ts';
import { BOT, directChannel, type Json, nextId, nextTs, TEAM, type Workspace } from './workspace.ts';

export interface EventOf extends Forgery {
  readonly user: string;
  readonly event: Json;
  readonly eventId?: string;
  readonly retryNum?: number;
  readonly retryReason?: string;
}

export async function home(
  workspace: Workspace,
  act: Forgery & { readonly user: string; readonly tab?: 'home' | 'messages' },
): Promise<Delivered> {
  const view = workspace.views.get(workspace.homes.get(act.user) ?? '');
  const channel = directChannel(workspace, act.user).id;
  const event = {
    type: 'app_home_opened',
    user: act.user,
    channel,
    tab: act.tab ?? 'home',
    event_ts: nextTs(workspace),
    ...(view ? { view: showView(view) } : {}),
  };
  return sendEvent(workspace, { ...act, event });
}

/** An Events API envelope. Give `eventId` and `retryNum` to send the same event again. */
export async function sendEvent(workspace: Workspace, act: EventOf): Promise<Delivered> {
  const type = String(act.event.type);
  if (!act.force && !workspace.manifest.botEvents.includes(type))
    throw new Error(`manifest.json does not subscribe to ${type}`);
  const envelope = {
    token: 'simulator-verification-token',
    team_id: act.teamId ?? TEAM.id,
    api_app_id: BOT.appId,
    event: act.event,
    type: 'event_callback',
    event_id: act.eventId ?? nextId(workspace, 'Ev'),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: TEAM.id, user_id: BOT.userId, is_bot: true, is_enterprise_install: false },
    ],
  };
  const headers: Record<string, string> =
    act.retryNum === undefined
      ? {}
      : { 'x-slack-retry-num': String(act.retryNum), 'x-slack-retry-reason': act.retryReason ?? 'http_timeout' };
  const raw = JSON.stringify(envelope);
  return deliver(workspace, {
    kind: `event:${type}`,
    user: act.user,
    contentType: 'application/json',
    raw,
    forgery: act,
    headers,
  });
}
