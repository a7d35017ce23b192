// Jira's tickets with their comments.
import { Badge } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface Issue {
  readonly key: string;
  readonly summary: string;
  readonly status: string;
  readonly comments: readonly { readonly id: string; readonly text: string }[];
}

export function Jira() {
  const state = useVendor<{ issues: readonly Issue[] }>('jira');
  if (state && state.issues.length === 0) return <p className="quiet">No ticket yet.</p>;
  return (
    <>
      {state?.issues.toReversed().map((one) => (
        <details key={one.key} className="card">
          <summary>
            <strong>{one.key}</strong> {one.summary}{' '}
            <Badge tone={one.status === 'Done' ? 'good' : 'warn'}>{one.status}</Badge>{' '}
            <span className="quiet">{one.comments.length} comments</span>
          </summary>
          {one.comments.map((comment) => (
            <p key={comment.id} className="comment">
              {comment.text}
            </p>
          ))}
        </details>
      ))}
    </>
  );
}
