// What tests do to EasyPost from outside: what carriers see, how events arrive, a lost key; and its picture for checkers.
import { nowOf, pass } from '../clock.ts';
import type { EasyPost } from './operation.ts';
import { followRetriever } from './retriever-parcels.ts';
import { createTrackers, render, STATUSES, type Status, scan, type Tracker, track } from './trackers.ts';
import type { Event } from './webhooks.ts';

type Argument = Readonly<Record<string, unknown>>;

/** Each answers with what it changed. */
const COMMANDS: Readonly<Record<string, (easypost: EasyPost, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only. */
  advance: ({ trackers }, { ms }) => pass(trackers, ms),

  /** `{url}`: where events are sent from now on; null: nowhere. */
  webhook: ({ outbox }, { url }) => {
    outbox.url = url === null ? null : String(url);
    return { url: outbox.url };
  },
  /** `{url}`: control address of the Retriever simulator whose parcels move here too. */
  follow_retriever: (easypost, { url }) => {
    easypost.retrieverControlUrl = url === null ? null : String(url);
    return { url: easypost.retrieverControlUrl };
  },
  /** Asks Retriever now, and sends an event of each tracker with news. */
  look: async (easypost) => {
    const changed = await followRetriever(easypost);
    for (const tracker of changed) await easypost.outbox.tell(tracker);
    return { changed: changed.map((one) => one.code) };
  },
  /** `{code, status, detail?, at?, tell?}`: the carrier scans it; an event is sent unless `tell` is false. */
  scan: async (easypost, { code, status, detail, at, tell = true }) => {
    const tracker = wanted(easypost, code);
    if (!STATUSES.includes(status as Status)) throw new Error(`no status ${String(status)}`);
    scan(easypost.trackers, tracker, {
      status: status as Status,
      ...(detail === undefined ? {} : { detail: String(detail) }),
      ...(at === undefined ? {} : { at: new Date(String(at)) }),
    });
    return tell === false ? render(tracker) : easypost.outbox.tell(tracker);
  },
  /** `{code, deliveredAt}`: a number that a carrier uses again; what was delivered then is still told. */
  recycle: (easypost, { code, deliveredAt }) => {
    const tracker = track(easypost.trackers, String(code), null);
    scan(easypost.trackers, tracker, { status: 'delivered', at: new Date(String(deliveredAt)) });
    return render(tracker);
  },
  /** `{on}`: events wait for `release_events`. */
  hold_events: ({ outbox }, { on }) => {
    outbox.isHeld = on === true;
    return { on };
  },
  /** `{order?}`: `reverse`, or as they came. */
  release_events: ({ outbox }, { order }) => outbox.release((held) => (order === 'reverse' ? held.toReversed() : held)),
  /** `{event, times?}`: the same bytes again; the newest event if absent. */
  send_again: async ({ outbox }, { event, times = 1 }) => {
    const found = event === undefined ? outbox.events.at(-1) : outbox.events.find((one) => one.id === event);
    if (!found) throw new Error(`no event ${String(event)}`);
    for (let sent = 0; sent < Number(times); sent += 1) await outbox.send(found);
    return found;
  },
  /** `{description, result}`: an event about anything. */
  send_event: async ({ outbox }, { description, result }) => {
    const event: Event = outbox.make({ description: String(description), result });
    await outbox.send(event);
    return event;
  },
  /** `{on}`: weights are written as integers, though signed as floats. */
  write_integers: ({ outbox }, { on }) => {
    outbox.writesIntegers = on === true;
    return { on };
  },
  revoke_key: (easypost) => {
    easypost.isKeyRevoked = true;
    return { revoked: true };
  },
  restore_key: (easypost) => {
    easypost.isKeyRevoked = false;
    return { revoked: false };
  },
  /** The webhook's address and Retriever's stay. */
  reset: (easypost) => {
    easypost.trackers = createTrackers();
    easypost.isKeyRevoked = false;
    easypost.outbox.reset();
    return { trackers: 0 };
  },
};

export function runCommand(easypost: EasyPost, name: string, argument: unknown): unknown {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(easypost, argument as Argument) : undefined;
}

/** Everything that a checker needs, without the key and the secret. */
export function describeState({ trackers, outbox }: EasyPost): unknown {
  return {
    now: nowOf(trackers),
    trackers: trackers.all.map(render),
    webhookUrl: outbox.url,
    events: outbox.events.map(({ id, answers }) => ({ id, answers })),
  };
}

function wanted({ trackers }: EasyPost, code: unknown): Tracker {
  const found = trackers.all.findLast((one) => one.code === code || one.id === code);
  if (!found) throw new Error(`no tracker of ${String(code)}`);
  return found;
}
