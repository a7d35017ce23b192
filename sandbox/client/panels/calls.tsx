// Every call of the app's to a vendor, and of Slack's to the app, as the other side saw it.
import { useState } from 'react';
import type { ShownCall } from '../shapes.ts';
import { useSandbox } from '../store.ts';
import { useAnswer } from './use-vendor.ts';

export function Calls() {
  const vendors = useSandbox((state) => state.snap?.vendors) ?? [];
  const [vendor, setVendor] = useState('');
  const [isWritesOnly, setWritesOnly] = useState(false);
  const path = vendor === '' ? '/calls' : `/calls?vendor=${vendor}`;
  const calls = useAnswer<readonly ShownCall[]>(path)?.filter((one) => !isWritesOnly || one.write);
  return (
    <>
      <div className="calls-top">
        <select
          className="field"
          aria-label="Vendor"
          value={vendor}
          onChange={(event) => setVendor(event.target.value)}
        >
          <option value="">All</option>
          <option value="app">Slack to the app</option>
          {vendors.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <label className="tick">
          <input type="checkbox" checked={isWritesOnly} onChange={(event) => setWritesOnly(event.target.checked)} />
          Changes only
        </label>
      </div>
      {calls?.map((one) => (
        <details key={`${one.vendor} ${one.seq} ${one.at}`} className={`call ${isBad(one) ? 'call-bad' : ''}`}>
          <summary>
            <time>{new Date(one.at).toISOString().slice(11, 23)}</time> <span>{one.operation}</span>{' '}
            <b>{one.state === 'answered' ? (one.status ?? 'cut off') : one.state}</b>{' '}
            {one.applied && <em>changed something</em>}
          </summary>
          {one.detail.map((line) => (
            <pre key={line}>{line}</pre>
          ))}
        </details>
      ))}
      {calls?.length === 0 && <p className="quiet">No call yet.</p>}
    </>
  );
}

function isBad(call: ShownCall): boolean {
  return call.state === 'answered' && (call.status === null || call.status >= 400);
}
