// Whatever can go wrong, by one press: vendors, Slack, the app itself, and time.
import { useState } from 'react';
import { useSandbox } from '../store.ts';
import { aheadText } from '../top.tsx';
import { Badge, Do } from './parts.tsx';

const KINDS = [
  { kind: 'down', label: 'is down', said: 'connections break' },
  { kind: 'error', label: 'answers 503', said: 'server errors' },
  { kind: 'slow', label: 'takes 5 s longer', said: 'slow' },
  { kind: 'busy', label: 'answers 429, come back in 2 s', said: 'rate limited' },
  { kind: 'lost_answer', label: 'does it, and the answer is lost', said: 'answers to changes get lost' },
] as const;
const COUNTS = ['1', '2', '5', '20', ''] as const;
const HOUR_MS = 3_600_000;

export function Faults() {
  return (
    <>
      <BreakVendor />
      <Broken />
      <Slack />
      <App />
      <Time />
      <h3 className="panel-title">Acme</h3>
      <p className="quiet">Everything back to the first day: no runs, no messages, everybody employed.</p>
      <Do path="reset" body={{}} isDanger={true} done="Acme is as on its first day.">
        Start Acme over
      </Do>
    </>
  );
}

function BreakVendor() {
  const vendors = useSandbox((state) => state.snap?.vendors) ?? [];
  const [vendor, setVendor] = useState('okta');
  const [kind, setKind] = useState<string>('down');
  const [times, setTimes] = useState<string>('5');
  return (
    <>
      <h3 className="panel-title">A vendor</h3>
      <div className="break">
        <select
          className="field"
          aria-label="Vendor"
          value={vendor}
          onChange={(event) => setVendor(event.target.value)}
        >
          {vendors.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select className="field" aria-label="Fault" value={kind} onChange={(event) => setKind(event.target.value)}>
          {KINDS.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.label}
            </option>
          ))}
        </select>
        <select
          className="field"
          aria-label="How often"
          value={times}
          onChange={(event) => setTimes(event.target.value)}
        >
          {COUNTS.map((one) => (
            <option key={one} value={one}>
              {one === '' ? 'until mended' : `for ${one} ${one === '1' ? 'call' : 'calls'}`}
            </option>
          ))}
        </select>
        <Do path="break" body={{ vendor, kind, times: times === '' ? null : Number(times) }} isDanger={true}>
          Break it
        </Do>
      </div>
    </>
  );
}

function Broken() {
  const faults = useSandbox((state) => state.snap?.sandbox.faults) ?? {};
  const broken = Object.entries(faults);
  if (broken.length === 0) return <p className="quiet">Nothing is broken.</p>;
  return (
    <ul className="broken">
      {broken.map(([vendor, list]) => (
        <li key={vendor}>
          <strong>{vendor}</strong>{' '}
          {list.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they come and go in order
            <Badge key={at} tone="bad">
              {KINDS.find(({ kind }) => kind === one.kind)?.said ?? one.kind}
              {one.left === null ? ', until mended' : `, ${one.left} more`}
            </Badge>
          ))}{' '}
          <Do path="mend" body={{ vendor }}>
            Mend
          </Do>
        </li>
      ))}
    </ul>
  );
}

function Slack() {
  const isDown = useSandbox((state) => (state.snap?.sandbox.faults.slack?.length ?? 0) > 0);
  return (
    <>
      <h3 className="panel-title">Slack</h3>
      <p className="quiet">The app can neither post nor redraw; what it does meanwhile is told once Slack is back.</p>
      {isDown ? (
        <Do path="mend" body={{ vendor: 'slack' }}>
          Slack is back
        </Do>
      ) : (
        <Do path="break" body={{ vendor: 'slack', kind: 'error', times: null }} isDanger={true}>
          Slack down
        </Do>
      )}
    </>
  );
}

function App() {
  const sandbox = useSandbox((state) => state.snap?.sandbox);
  return (
    <>
      <h3 className="panel-title">The app</h3>
      <p className="line">
        <Badge tone={sandbox?.app === 'running' ? 'good' : 'warn'}>{sandbox?.app ?? '…'}</Badge>{' '}
        <span className="quiet">killed {sandbox?.kills ?? 0} times</span>
      </p>
      {sandbox?.lastWords.map((line) => (
        <pre key={line} className="last-words">
          {line}
        </pre>
      ))}
      {sandbox?.app === 'stopped' ? (
        <Do path="start" body={{}}>
          Start it again
        </Do>
      ) : (
        <Do path="kill" body={{}} isDanger={true} isDisabled={sandbox?.app !== 'running'}>
          Kill the app now
        </Do>
      )}
    </>
  );
}

function Time() {
  const aheadMs = useSandbox((state) => state.snap?.sandbox.aheadMs ?? 0);
  return (
    <>
      <h3 className="panel-title">Time</h3>
      <p className="quiet">
        The app’s clock and the vendors’ together.{' '}
        {aheadMs === 0 ? 'It is now.' : `It is ${aheadText(aheadMs)} later than now.`}
      </p>
      <div className="actions">
        <Do path="advance" body={{ ms: HOUR_MS }}>
          Skip 1 h
        </Do>
        <Do path="advance" body={{ ms: 24 * HOUR_MS }}>
          Skip 1 day
        </Do>
        <Do path="advance" body={{ ms: 60 * 24 * HOUR_MS }}>
          Skip 60 days
        </Do>
      </div>
    </>
  );
}
