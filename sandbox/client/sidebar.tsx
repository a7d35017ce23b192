// The team's channels, the viewer's messages from the app, and the app itself.
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import type { ChannelInfo } from './shapes.ts';
import { change, type Place, useSandbox } from './store.ts';

const NONE: readonly ChannelInfo[] = [];

export function Sidebar() {
  const channels = useSandbox((state) => state.snap?.channels) ?? NONE;
  const place = useSandbox((state) => state.place);
  return (
    <nav className="side" aria-label="Channels">
      <h2 className="side-team">Acme</h2>
      <h3>Channels</h3>
      {channels
        .filter((one) => one.kind !== 'im')
        .map((one) => (
          <Entry key={one.id} to={{ kind: 'channel', id: one.id }} place={place}>
            <span className="side-sign">{one.kind === 'private' ? <Icon name="lock" /> : '#'}</span> {one.name}
          </Entry>
        ))}
      <h3>Apps</h3>
      <Entry to={{ kind: 'home' }} place={place}>
        <span className="avatar avatar-app avatar-small">
          <Icon name="tick" />
        </span>{' '}
        Sendoff
      </Entry>
      {channels.some((one) => one.kind === 'im') && <h3>Direct messages</h3>}
      {channels
        .filter((one) => one.kind === 'im')
        .map((one) => (
          <Entry key={one.id} to={{ kind: 'channel', id: one.id }} place={place}>
            <span className="side-sign">
              <Icon name="letter" />
            </span>{' '}
            Sendoff
          </Entry>
        ))}
    </nav>
  );
}

function Entry({ to, place, children }: { to: Place; place: Place; children: ReactNode }) {
  const isHere = to.kind === place.kind && (to.kind === 'home' || (place.kind === 'channel' && to.id === place.id));
  const id = to.kind === 'channel' ? to.id : '';
  const newest = useSandbox((state) => state.snap?.roots[id]?.at(-1)?.ts ?? '');
  const read = useSandbox((state) => state.read[id] ?? '');
  const isNew = id !== '' && !isHere && newest > read;
  return (
    <button
      type="button"
      className={`side-entry ${isHere ? 'side-entry-here' : ''} ${isNew ? 'side-entry-new' : ''}`}
      aria-current={isHere ? 'page' : undefined}
      onClick={() => change({ place: to, wanted: to, front: 'main', toast: null, ...(!isHere && { thread: null }) })}
    >
      {children}
      {isNew && <span className="sr-only">, new messages</span>}
    </button>
  );
}
