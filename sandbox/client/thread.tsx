// A message and its answers, in the pane at the right.
import { useMemo } from 'react';
import { useStickToEnd } from './channel.tsx';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { change, type PageState, useSandbox } from './store.ts';

export function Thread() {
  const thread = useSandbox((state) => state.thread);
  return thread ? <Open key={thread.ts} thread={thread} /> : null;
}

function Open({ thread }: { thread: NonNullable<PageState['thread']> }) {
  const ephemerals = useSandbox((state) => state.snap?.ephemerals);
  const dismissed = useSandbox((state) => state.dismissed);
  const messages = useMemo(() => {
    const own = (ephemerals ?? []).filter((one) => one.threadTs === thread.ts && !dismissed.has(one.ts));
    return [...thread.messages, ...own].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  }, [thread, ephemerals, dismissed]);
  const list = useStickToEnd(messages, thread.ts);
  const replies = thread.messages.length - 1;
  return (
    <aside className="pane" aria-label="Thread">
      <header className="head">
        <h2>Thread</h2>
        <button
          type="button"
          className="close"
          aria-label="Close thread"
          onClick={() => change({ thread: null, front: 'main' })}
        >
          ×
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="messages" ref={list} role="log" aria-label="Messages of the thread" tabIndex={0}>
        <div>
          {messages.map((message, at) => (
            <div key={message.ts}>
              <Message message={message} isInThread={true} />
              {at === 0 && replies > 0 && (
                <div className="thread-line">
                  <span>
                    {replies} {replies === 1 ? 'reply' : 'replies'}
                  </span>
                </div>
              )}
            </div>
          ))}
        </div>
      </div>
      <Composer channel={thread.channel} threadTs={thread.ts} label="Reply" />
    </aside>
  );
}
