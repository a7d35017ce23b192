// A conversation: its messages by day, and what only the viewer sees among them.
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { Composer } from './composer.tsx';
import { loadOlder } from './connection.ts';
import { Icon } from './icons.tsx';
import { Message } from './message.tsx';
import type { ChannelInfo, SeenMessage } from './shapes.ts';
import { change, current, useSandbox } from './store.ts';
import { dayOf, zoneOf } from './text.tsx';

const NONE: readonly SeenMessage[] = [];
/** So near to the end counts as at the end. */
const NEAR_PX = 80;

export function Channel({ info }: { info: ChannelInfo }) {
  const people = useSandbox((state) => state.snap?.people) ?? [];
  const me = useSandbox((state) => state.snap?.me) ?? '';
  const roots = useSandbox((state) => state.snap?.roots[info.id]) ?? NONE;
  const ephemerals = useSandbox((state) => state.snap?.ephemerals) ?? NONE;
  const dismissed = useSandbox((state) => state.dismissed);
  const hasMore = useSandbox((state) => state.snap?.more.includes(info.id) ?? false);
  const aheadMs = useSandbox((state) => state.snap?.sandbox.aheadMs ?? 0);
  const zone = zoneOf(people, me);
  const messages = useMemo(() => {
    const own = ephemerals.filter((one) => one.channel === info.id && one.threadTs === null && !dismissed.has(one.ts));
    return [...roots, ...own].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  }, [roots, ephemerals, dismissed, info.id]);
  const list = useStickToEnd(messages, info.id, tellReadsBack);
  useRead(info.id, messages.at(-1)?.ts);
  const title = info.kind === 'im' ? 'Sendoff' : `#${info.name}`;
  const now = new Date(Date.now() + aheadMs);
  return (
    <section className="channel" aria-label={title}>
      <header className="head">
        <BackButton />
        <h1>
          {info.kind === 'private' && <Icon name="lock" />}
          {info.kind === 'private' ? info.name : title}
        </h1>
        <span className="quiet head-note">{info.kind === 'im' ? 'Messages' : `${info.members.length} members`}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="messages" ref={list} role="log" aria-label={`Messages in ${title}`} tabIndex={0}>
        <div>
          {hasMore && (
            <button type="button" className="button button-default older" onClick={() => void loadOlder(info.id)}>
              Show older messages
            </button>
          )}
          {messages.length === 0 && <Empty info={info} />}
          {messages.map((message, at) => {
            const day = dayOf(message.ts, zone, now);
            const before = messages[at - 1];
            const isNewDay = !before || dayOf(before.ts, zone, now) !== day;
            return (
              <Fragment key={message.ts}>
                {isNewDay && (
                  <div className="day">
                    <span>{day}</span>
                  </div>
                )}
                <Message message={message} />
              </Fragment>
            );
          })}
        </div>
      </div>
      <Composer channel={info.id} label={`Message ${info.kind === 'im' ? 'Sendoff' : `#${info.name}`}`} />
    </section>
  );
}

function Empty({ info }: { info: ChannelInfo }) {
  if (info.id !== 'C0ITOPS') return <p className="empty">Nothing here yet. Commands can be typed here as well.</p>;
  return (
    <div className="empty">
      <h2>Welcome to Acme</h2>
      <p>This is the private channel of Acme’s IT. Sendoff is in it. Type one of these below:</p>
      <ul>
        <li>
          <code>/offboard dana@acme.test</code> shows the plan for Dana and, once confirmed, carries it out
        </li>
        <li>
          <code>/return-device ada@acme.test</code> gets a laptop back from somebody who stays
        </li>
        <li>
          <code>/offboard help</code> says what else there is
        </li>
      </ul>
      <p>Then press “Break things” above, kill the app, or come back in sixty days.</p>
    </div>
  );
}

export function BackButton() {
  return (
    <button type="button" className="back" aria-label="Back to channels" onClick={() => change({ front: 'side' })}>
      ←
    </button>
  );
}

/** Stays at the newest message while the reader is there; elsewhere nothing moves. The list's one child grows with it. */
export function useStickToEnd(messages: readonly SeenMessage[], key: string, onLeave?: (isAway: boolean) => void) {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const box = list.current;
    if (!box?.firstElementChild) return;
    const look = (): void => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      onLeave?.(!isAtEnd.current);
    };
    // Messages grow when they are redrawn.
    const watcher = new ResizeObserver(() => {
      if (isAtEnd.current) box.scrollTop = box.scrollHeight;
    });
    watcher.observe(box.firstElementChild);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      watcher.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [onLeave]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another channel begins at its end
  useLayoutEffect(() => {
    isAtEnd.current = true;
    onLeave?.(false);
  }, [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: at every change of the messages
  useLayoutEffect(() => {
    const box = list.current;
    if (box && isAtEnd.current) box.scrollTop = box.scrollHeight;
  }, [messages, key]);
  return list;
}

function tellReadsBack(readsBack: boolean): void {
  if (current().readsBack !== readsBack) change({ readsBack });
}

function useRead(channel: string, ts: string | undefined): void {
  useEffect(() => {
    const { read } = current();
    if (ts !== undefined && (read[channel] ?? '') < ts) change({ read: { ...read, [channel]: ts } });
  }, [channel, ts]);
}
