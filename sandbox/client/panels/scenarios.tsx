// Stories by one click: Acme is made ready for each, and the first acts are done.
import { post } from '../connection.ts';
import { useSandbox } from '../store.ts';
import { useAnswer } from './use-vendor.ts';

interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly what: string;
}

export function Scenarios() {
  const scenarios = useAnswer<readonly Scenario[]>('/scenarios', []);
  const playing = useSandbox((state) => state.snap?.sandbox.scenario);
  const isBusy = playing !== null && playing !== undefined && !playing.isOver;
  return (
    <>
      {playing && (
        <div className="playing" role="status">
          <strong>{scenarios?.find((one) => one.name === playing.name)?.title ?? playing.name}</strong>
          <p>
            {playing.step} {!playing.isOver && <span className="spinner" />}
          </p>
        </div>
      )}
      {scenarios?.map((one) => (
        <article key={one.name} className="card">
          <header>
            <h3>{one.title}</h3>
            <button
              type="button"
              className="button button-default"
              aria-label={`Play: ${one.title}`}
              disabled={isBusy}
              onClick={() => void post('/outside/play', { scenario: one.name })}
            >
              Play
            </button>
          </header>
          <p>{one.what}</p>
        </article>
      ))}
    </>
  );
}
