// What one may look at and do from outside of Slack, one panel at a time.
import { change, type Panel } from '../store.ts';
import { Calls } from './calls.tsx';
import { Faults } from './faults.tsx';
import { Scenarios } from './scenarios.tsx';
import { Vendors } from './vendors.tsx';

const PANELS = {
  scenarios: { title: 'Scenarios', Body: Scenarios },
  faults: { title: 'Break things', Body: Faults },
  vendors: { title: 'What the vendors’ admins see', Body: Vendors },
  calls: { title: 'Journal of calls', Body: Calls },
} as const;

export function Pane({ panel }: { panel: Panel }) {
  const { title, Body } = PANELS[panel];
  return (
    <aside className="pane" aria-label={title}>
      <header className="head">
        <h2>{title}</h2>
        <button
          type="button"
          className="close"
          aria-label="Close panel"
          onClick={() => change({ panel: null, front: 'main' })}
        >
          ×
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="panel" tabIndex={0}>
        <Body />
      </div>
    </aside>
  );
}
