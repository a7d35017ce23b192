// Okta's directory: who may still sign in, and with what.
import { useState } from 'react';
import { Badge, clockText, Facts, Filter } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface User {
  readonly id: string;
  readonly key: string;
  readonly profile: { readonly email: string; readonly displayName?: string; readonly title?: string };
  readonly status: string;
  readonly statusChanged: string;
  readonly sessions: number;
  readonly clientTokens: Readonly<Record<string, number>>;
  readonly factors: readonly unknown[];
  readonly groups: readonly string[];
  readonly apps: readonly string[];
  readonly deviceIds: readonly string[];
  readonly roles: readonly string[];
}

interface State {
  readonly users: readonly User[];
}

export function Okta() {
  const state = useVendor<State>('okta');
  const [wanted, setWanted] = useState('');
  const users = [...(state?.users ?? [])]
    .filter((one) => `${one.profile.displayName} ${one.profile.email}`.toLowerCase().includes(wanted.toLowerCase()))
    .sort((a, b) => b.statusChanged.localeCompare(a.statusChanged));
  return (
    <>
      <Filter label="Find a person in Okta" value={wanted} onChange={setWanted} />
      {users.slice(0, 30).map((user) => (
        <UserCard key={user.id} user={user} />
      ))}
    </>
  );
}

function UserCard({ user }: { user: User }) {
  const tokens = Object.values(user.clientTokens).reduce((sum, one) => sum + one, 0);
  const tone = { ACTIVE: 'good', DEPROVISIONED: 'bad', SUSPENDED: 'warn' }[user.status] ?? 'plain';
  return (
    <article className="card">
      <header>
        <h3>{user.profile.displayName ?? user.profile.email}</h3>
        <Badge tone={tone as 'good'}>{user.status}</Badge>
      </header>
      <p className="quiet">
        {user.profile.email}
        {user.profile.title ? ` · ${user.profile.title}` : ''} · since {clockText(user.statusChanged)}
      </p>
      <Facts
        facts={[
          ['Sessions', user.sessions],
          ['OAuth tokens', tokens],
          ['Factors', user.factors.length],
          ['Devices', user.deviceIds.length],
          ['Groups', user.groups.length],
          ['Apps', user.apps.length],
          ...(user.roles.length > 0 ? [['Admin', user.roles.join(', ')] as const] : []),
        ]}
      />
    </article>
  );
}
