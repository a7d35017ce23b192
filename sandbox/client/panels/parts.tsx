// Small pieces that the panels share.
import { type ReactNode, useState } from 'react';
import { post, say } from '../connection.ts';

export function Badge({ tone, children }: { tone: 'good' | 'bad' | 'plain' | 'warn'; children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Does something from outside; what it said when it could not be done is shown. */
export function Do(props: {
  readonly path: string;
  readonly body: object;
  readonly done?: string;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  return (
    <button
      type="button"
      className={`button ${props.isDanger ? 'button-danger' : 'button-default'}`}
      aria-disabled={isBusy}
      disabled={props.isDisabled}
      onClick={async () => {
        if (isBusy) return;
        setBusy(true);
        const answer = await post(`/outside/${props.path}`, props.body);
        setBusy(false);
        if (answer !== null && props.done !== undefined) say(props.done);
      }}
    >
      {props.children}
      {isBusy && <span className="spinner" />}
    </button>
  );
}

export function Filter({ value, onChange, label }: { value: string; onChange(text: string): void; label: string }) {
  return (
    <input
      className="field filter"
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function clockText(at: number | string): string {
  return new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
