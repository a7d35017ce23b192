// The app's audit log, newest first, and whether each line still holds the hash of the one before.
import type { AuditLine } from '../shapes.ts';
import { Badge, clockText } from './parts.tsx';
import { useAnswer } from './use-vendor.ts';

export function Audit() {
  const lines = useAnswer<readonly AuditLine[]>('/audit');
  const isBroken = lines?.some((one) => one.isLinked === false) ?? false;
  if (!lines) return null;
  return (
    <>
      <p className="line">
        <Badge tone={isBroken ? 'bad' : 'good'}>{isBroken ? 'The chain is broken' : 'The chain holds'}</Badge>{' '}
        <span className="quiet">the newest {lines.length} lines</span>
      </p>
      {lines.map((one) => (
        <details key={`${one.chain} ${one.seq}`} className="audit-line">
          <summary>
            <strong>{one.action}</strong> <span className="quiet">{one.actor}</span>{' '}
            <span className="quiet">
              {one.chain.slice(0, 12)} {one.seq} · {clockText(one.at)}
            </span>
          </summary>
          <pre>{one.detail}</pre>
          <p className="hash">{one.hash}</p>
          <p className="hash">after {one.previousHash}</p>
        </details>
      ))}
    </>
  );
}
