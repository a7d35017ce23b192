// The bar above all: that nothing here is real, who one is, and what one may do to Acme from outside.
import { become } from './connection.ts';
import { change, type Panel, useSandbox } from './store.ts';
import { nameOf } from './text.tsx';
import { switchTheme, useTheme } from './theme.ts';

const PANELS: readonly { readonly panel: Panel; readonly label: string }[] = [
  { panel: 'scenarios', label: 'Scenarios' },
  { panel: 'faults', label: 'Break things' },
  { panel: 'vendors', label: 'Vendors' },
  { panel: 'calls', label: 'Calls' },
];

export function Top() {
  const snap = useSandbox((state) => state.snap);
  const open = useSandbox((state) => state.panel);
  const theme = useTheme();
  return (
    <header className="bar">
      <p className="banner" role="note">
        <strong>Sandbox:</strong> nothing here is real. The app is; Acme, its people and its vendors are made up, on
        this computer only.
        <AppState />
      </p>
      <div className="top">
        <label className="you">
          <span>You are:</span>
          <select value={snap?.me ?? ''} onChange={(event) => become(event.target.value)}>
            {!snap && <option value="">…</option>}
            {snap?.actors.map(({ id, part }) => (
              <option key={id} value={id}>
                {nameOf(snap.people, id)} ({snap.sandbox.roles[id] ?? part})
              </option>
            ))}
          </select>
        </label>
        <div className="top-panels">
          {PANELS.map(({ panel, label }) => (
            <button
              key={panel}
              type="button"
              className={`top-button ${open === panel ? 'top-button-on' : ''}`}
              aria-pressed={open === panel}
              onClick={() => change(open === panel ? { panel: null, front: 'main' } : { panel, front: 'pane' })}
            >
              {label}
            </button>
          ))}
          <button
            type="button"
            className="top-button"
            aria-label="Dark mode"
            aria-pressed={theme === 'dark'}
            onClick={switchTheme}
          >
            {theme === 'dark' ? '☀' : '☾'}
          </button>
        </div>
      </div>
    </header>
  );
}

function AppState() {
  const isConnected = useSandbox((state) => state.isConnected);
  const app = useSandbox((state) => state.snap?.sandbox.app);
  const aheadMs = useSandbox((state) => state.snap?.sandbox.aheadMs ?? 0);
  const words = { starting: 'The app is starting…', running: '', stopped: 'The app has stopped.' }[app ?? 'starting'];
  return (
    <span className="banner-state" role="status">
      {isConnected ? words : 'Connecting…'}
      {aheadMs > 0 && ` Time is ${aheadText(aheadMs)} ahead.`}
    </span>
  );
}

export function aheadText(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  if (hours < 48) return `${Math.max(1, hours)} h`;
  return `${Math.round(hours / 24)} days`;
}
