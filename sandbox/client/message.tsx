// One message: who, when, what, and how many have answered it.
import { memo } from 'react';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { openThread } from './connection.ts';
import { Icon } from './icons.tsx';
import { useMessageSurface } from './message-surface.ts';
import type { Block, Person, SeenMessage } from './shapes.ts';
import { change, current, useSandbox } from './store.ts';
import { SurfaceContext } from './surface.ts';
import { longTimeOf, nameOf, timeOf, zoneOf } from './text.tsx';

const NOBODY: readonly Person[] = [];

export const Message = memo(function Message(props: { readonly message: SeenMessage; readonly isInThread?: boolean }) {
  const { message } = props;
  const people = useSandbox((state) => state.snap?.people) ?? NOBODY;
  const me = useSandbox((state) => state.snap?.me) ?? '';
  const surface = useMessageSurface(message);
  const author = people.find((one) => one.id === message.user);
  const zone = zoneOf(people, me);
  const now = new Date(Date.now() + (current().snap?.sandbox.aheadMs ?? 0));
  const at = props.isInThread ? longTimeOf(message.ts, zone, now) : timeOf(message.ts, zone);
  return (
    <article
      className={`message ${message.ephemeral ? 'message-private' : ''}`}
      data-ts={message.ts}
      aria-label={`${nameOf(people, message.user)}, ${timeOf(message.ts, zone)}`}
    >
      <Avatar person={author} />
      <div className="message-body">
        {message.ephemeral && <PrivateLine message={message} />}
        <div className="message-head">
          <strong>{nameOf(people, message.user)}</strong>
          {author?.isBot && <span className="app-badge">APP</span>}
          <time className="quiet">{at}</time>
        </div>
        <SurfaceContext value={surface}>
          <Blocks blocks={blocksOf(message)} />
        </SurfaceContext>
        {message.edited && !message.blocks.length && <span className="quiet"> (edited)</span>}
        {message.replies && !props.isInThread && <Replies message={message} people={people} zone={zone} />}
      </div>
      {!message.ephemeral && !props.isInThread && (
        <button
          type="button"
          className="message-thread-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => void openThread(message.channel, message.ts)}
        >
          <Icon name="reply" />
        </button>
      )}
    </article>
  );
});

/** Slack's rule: where there are blocks, the text is for notifications only. */
function blocksOf(message: SeenMessage): readonly Block[] {
  if (message.blocks.length > 0) return message.blocks;
  return [{ type: 'section', text: { type: 'mrkdwn', text: message.text || ' ' } }];
}

function PrivateLine({ message }: { message: SeenMessage }) {
  const dismiss = (): void => change({ dismissed: new Set([...current().dismissed, message.ts]) });
  return (
    <div className="private-line">
      <span>
        <Icon name="eye" /> Only visible to you
      </span>
      <button type="button" className="link-button" onClick={dismiss}>
        Dismiss message
      </button>
    </div>
  );
}

function Replies({ message, people, zone }: { message: SeenMessage; people: readonly Person[]; zone: string }) {
  const { replies } = message;
  if (!replies) return null;
  const now = new Date(Date.now() + (current().snap?.sandbox.aheadMs ?? 0));
  const lastAt = longTimeOf(replies.latest, zone, now);
  return (
    <button type="button" className="replies" onClick={() => void openThread(message.channel, message.ts)}>
      {replies.users.slice(0, 4).map((id) => (
        <Avatar key={id} size={22} person={people.find((one) => one.id === id)} />
      ))}
      <span className="replies-count">
        {replies.count} {replies.count === 1 ? 'reply' : 'replies'}
      </span>
      <span className="quiet">Last reply {lastAt}</span>
    </button>
  );
}
