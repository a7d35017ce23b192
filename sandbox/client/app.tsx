// The whole page: bar, channels, what is open, and the pane beside it.
import { Channel } from './channel.tsx';
import { Home } from './home.tsx';
import { Modals } from './modal.tsx';
import { Pane } from './panels/pane.tsx';
import { Sidebar } from './sidebar.tsx';
import { useSandbox } from './store.ts';
import { Thread } from './thread.tsx';
import { Top } from './top.tsx';

export function App() {
  const front = useSandbox((state) => state.front);
  const panel = useSandbox((state) => state.panel);
  const thread = useSandbox((state) => state.thread);
  const toast = useSandbox((state) => state.toast);
  return (
    <div className={`page front-${front} ${panel || thread ? 'has-pane' : ''}`}>
      <Top />
      <Sidebar />
      <Main />
      {panel ? <Pane panel={panel} /> : <Thread />}
      <Modals />
      <p className={`toast ${toast === null ? 'toast-none' : ''}`} role="alert">
        {toast}
      </p>
    </div>
  );
}

function Main() {
  const place = useSandbox((state) => state.place);
  const info = useSandbox((state) =>
    place.kind === 'channel' ? state.snap?.channels.find((one) => one.id === place.id) : undefined,
  );
  const isThere = useSandbox((state) => state.snap !== null);
  if (!isThere) return <main className="channel loading">Acme is starting…</main>;
  return <main className="main">{info ? <Channel key={info.id} info={info} /> : <Home />}</main>;
}
