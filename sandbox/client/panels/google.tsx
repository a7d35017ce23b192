// Google Workspace's admin console: accounts, who reads whose mail, and the transfers.
import { useState } from 'react';
import { Badge, clockText, Do, Facts, Filter } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface User {
  readonly id: string;
  readonly key: string;
  readonly primaryEmail: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly suspended: boolean;
  readonly suspensionReason: string | null;
  readonly archived: boolean;
  readonly sessions: number;
  readonly tokens: readonly unknown[];
  readonly appPasswords: readonly unknown[];
  readonly backupCodes: number;
  readonly passwordsSet: number;
  readonly mailbox: {
    readonly delegates: readonly {
      readonly email: string;
      readonly status: string;
      readonly hiddenFrom: number | null;
    }[];
    readonly vacation: { readonly enableAutoReply: boolean };
    readonly autoForwarding: { readonly enabled: boolean };
  };
  readonly files: { readonly private: number; readonly shared: number };
}

interface Transfer {
  readonly id: string;
  readonly oldOwner: string;
  readonly newOwner: string;
  readonly status: string;
  readonly requestedAt: string;
}

export function Google() {
  const state = useVendor<{ users: readonly User[]; transfers: readonly Transfer[] }>('google');
  const [wanted, setWanted] = useState('');
  const isTouched = (one: User): number => one.passwordsSet + one.mailbox.delegates.length + (one.suspended ? 1 : 0);
  const users = [...(state?.users ?? [])]
    .filter((one) =>
      `${one.givenName} ${one.familyName} ${one.primaryEmail}`.toLowerCase().includes(wanted.toLowerCase()),
    )
    .sort((a, b) => isTouched(b) - isTouched(a));
  return (
    <>
      {(state?.transfers.length ?? 0) > 0 && <h3 className="panel-title">Transfers</h3>}
      {state?.transfers.map((one) => (
        <p key={one.id} className="line">
          {one.oldOwner} → {one.newOwner}{' '}
          <Badge tone={one.status === 'completed' ? 'good' : 'warn'}>{one.status}</Badge>{' '}
          <span className="quiet">{clockText(one.requestedAt)}</span>
        </p>
      ))}
      <Filter label="Find a person in Google" value={wanted} onChange={setWanted} />
      {users.slice(0, 25).map((user) => (
        <UserCard key={user.id} user={user} />
      ))}
    </>
  );
}

function UserCard({ user }: { user: User }) {
  const delegates = user.mailbox.delegates.filter((one) => one.hiddenFrom === null).map((one) => one.email);
  const command = user.suspended ? 'unsuspend' : 'suspend';
  return (
    <article className="card">
      <header>
        <h3>
          {user.givenName} {user.familyName}
        </h3>
        {user.archived && <Badge tone="bad">archived</Badge>}
        <Badge tone={user.suspended ? 'warn' : 'good'}>{user.suspended ? 'suspended' : 'active'}</Badge>
      </header>
      <p className="quiet">{user.primaryEmail}</p>
      <Facts
        facts={[
          ['Signed in', user.sessions],
          ['App grants', user.tokens.length],
          ['App passwords', user.appPasswords.length],
          ['Backup codes', user.backupCodes],
          ['Files', user.files.private + user.files.shared],
          ['Auto-reply', user.mailbox.vacation.enableAutoReply ? 'on' : 'off'],
          ['Mail is read by', delegates.length === 0 ? 'nobody else' : delegates.join(', ')],
        ]}
      />
      <Do path="hands" body={{ vendor: 'google', command, argument: { user: user.id } }}>
        {user.suspended ? 'Make active' : 'Suspend'}
      </Do>
    </article>
  );
}
