// The app's Home tab, as the viewer sees it.
import { useEffect } from 'react';
import { Blocks } from './blocks.tsx';
import { BackButton } from './channel.tsx';
import { act } from './connection.ts';
import type { SeenView } from './shapes.ts';
import { useSandbox } from './store.ts';
import { SurfaceContext } from './surface.ts';
import { useForm } from './view-surface.ts';

export function Home() {
  const home = useSandbox((state) => state.snap?.home);
  const isRunning = useSandbox((state) => state.snap?.sandbox.app === 'running');
  const me = useSandbox((state) => state.snap?.me);
  // Slack tells the app each time that somebody opens it.
  useEffect(() => {
    if (isRunning && me !== undefined) void act('home', {});
  }, [isRunning, me]);
  return (
    <section className="channel home" aria-label="Sendoff Home">
      <header className="head">
        <BackButton />
        <h1>Sendoff</h1>
        <span className="quiet head-note">Home</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="messages home-body" tabIndex={0}>
        {home ? <HomeView view={home} /> : <p className="empty">Sendoff has drawn nothing here yet…</p>}
      </div>
    </section>
  );
}

function HomeView({ view }: { view: SeenView }) {
  const form = useForm(view);
  return (
    <SurfaceContext value={form.surface}>
      <Blocks blocks={view.blocks} />
    </SurfaceContext>
  );
}
