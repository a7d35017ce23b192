// Posts a message at least once and never visibly twice: the intent is committed first, and an answer that was lost is
// looked for by the message's own marker before anything is posted again.
import { createHash } from 'node:crypto';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message, Slack } from '../connectors/slack/client.ts';
import type { DeliveryRow, ReportStore } from '../store/reports.ts';
import type { SlackPace } from './slack-pace.ts';

/** A post that was sent can arrive until its call's deadline; only after that does "not found" mean not posted. */
const IN_FLIGHT_MS = 9_000;
/** Clock skew between Slack's `ts` and our database. */
const LOOK_BACK_MS = 60_000;
/** Looked for twice before it is posted again. */
const SEARCHES = 2;
/** Until whoever draws the same picture has posted it. */
const OTHERS_MS = 1_000;

export interface PostOnceDeps {
  readonly slack: Slack;
  readonly reports: ReportStore;
  readonly channelId: string;
  /** Waits for Slack's rate: about one post a second a channel, fifty edits a minute. */
  readonly pace: SlackPace;
}

/** `later`: it is not known yet whether the message stands; look again in `ms`. */
export type Shown = { readonly ts: string } | { readonly later: number };

interface Where {
  readonly reportKey: string;
  readonly message: string;
  readonly threadTs?: string;
  /** The row whose place it takes, where that is no row of its own: `known` is undefined then. */
  readonly over?: DeliveryRow | undefined;
}

export async function showMessage(
  deps: PostOnceDeps,
  where: Where,
  known: DeliveryRow | undefined,
  content: Message,
): Promise<Shown> {
  const hash = hashOf(content);
  if (known?.ts) {
    if (known.hash === hash) return { ts: known.ts };
    if (await edit(deps, known.ts, content)) {
      await deps.reports.posted(where.reportKey, where.message, known.ts, hash);
      return { ts: known.ts };
    }
    // Somebody deleted it: it is posted anew.
  } else if (known) {
    const found = await lookFor(deps, where, known);
    if (found !== null && 'later' in found) return found;
    if (found !== null) {
      await deps.reports.posted(where.reportKey, where.message, found.ts, 'found again');
      return showMessage(deps, where, { ...known, ts: found.ts, hash: null }, content);
    }
  }
  await deps.pace.wait('post');
  const ts = await post(deps, where, known ?? where.over ?? null, content);
  if (ts === null) return { later: OTHERS_MS };
  await deps.reports.posted(where.reportKey, where.message, ts, hash);
  return { ts };
}

/** Null: somebody else posts it. */
async function post(
  deps: PostOnceDeps,
  where: Where,
  over: DeliveryRow | null,
  content: Message,
): Promise<string | null> {
  const intent = await deps.reports.intendOver(where.reportKey, where.message, over);
  if (intent === null) return null;
  const { marker } = intent;
  try {
    const thread = where.threadTs ? { threadTs: where.threadTs } : {};
    return await deps.slack.post({ channel: deps.channelId, marker, ...thread }, content);
  } catch (error) {
    // Refused is not posted: only what may have arrived has to be looked for.
    if (error instanceof ConnectorError && error.kind !== 'ambiguous') {
      if (error.retryAfterMs) deps.pace.slowDown('post', error.retryAfterMs);
      await deps.reports.withdraw(where.reportKey, where.message);
    }
    throw error;
  }
}

/** Null: surely not posted. */
async function lookFor(deps: PostOnceDeps, where: Where, known: DeliveryRow): Promise<Shown | null> {
  const since = new Date(known.intendedAt.getTime() - LOOK_BACK_MS);
  const ts = await deps.slack.findMarker(
    { channel: deps.channelId, since, ...(where.threadTs ? { threadTs: where.threadTs } : {}) },
    known.marker,
  );
  if (ts) return { ts };
  if (known.ageMs < IN_FLIGHT_MS) return { later: IN_FLIGHT_MS - known.ageMs };
  await deps.reports.searched(where.reportKey, where.message);
  return known.searches + 1 >= SEARCHES ? null : { later: 1_000 };
}

async function edit(deps: PostOnceDeps, ts: string, content: Message): Promise<boolean> {
  await deps.pace.wait('update');
  try {
    await deps.slack.update(deps.channelId, ts, content);
    return true;
  } catch (error) {
    if (error instanceof ConnectorError && error.vendorCode === 'message_not_found') return false;
    throw error;
  }
}

/** Identical pictures are not sent. */
export function hashOf(content: Message): string {
  return createHash('sha256')
    .update(JSON.stringify([content.text, content.blocks]))
    .digest('hex')
    .slice(0, 32);
}
