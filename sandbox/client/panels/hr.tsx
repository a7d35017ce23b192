// BambooHR's people, and HR who enters somebody's last day.
import { useState } from 'react';
import { useSandbox } from '../store.ts';
import { Badge, Do, Facts, Filter } from './parts.tsx';
import { useVendor } from './use-vendor.ts';

interface Employee {
  readonly id: string;
  readonly displayName: string;
  readonly workEmail: string;
  readonly jobTitle: string;
  readonly country: string;
  readonly status: string;
  readonly endsOn: string | null;
}

export function Hr() {
  const state = useVendor<{ employees: readonly Employee[] }>('bamboohr');
  const aheadMs = useSandbox(({ snap }) => snap?.sandbox.aheadMs ?? 0);
  const [wanted, setWanted] = useState('');
  const day = (days: number): string => new Date(Date.now() + aheadMs + days * 86_400_000).toISOString().slice(0, 10);
  const body = (one: Employee, endsOn: string | null) => ({
    vendor: 'bamboohr',
    command: 'set_employee',
    argument: { employee: one.id, patch: { endsOn } },
  });
  const people = (state?.employees ?? []).filter((one) =>
    `${one.displayName} ${one.workEmail}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <>
      <p className="quiet">Sendoff hears of a last day by a signed webhook, and begins by itself.</p>
      <Filter label="Find a person in BambooHR" value={wanted} onChange={setWanted} />
      {people.slice(0, 25).map((one) => (
        <article key={one.id} className="card">
          <header>
            <h3>{one.displayName}</h3>
            <Badge tone={one.status === 'Active' ? 'good' : 'bad'}>{one.status}</Badge>
          </header>
          <Facts
            facts={[
              ['Address', one.workEmail],
              ['Title', one.jobTitle],
              ['Country', one.country],
              ['Last day', one.endsOn ?? 'none entered'],
            ]}
          />
          <div className="actions">
            <Do path="hands" body={body(one, day(0))}>
              Last day is today
            </Do>
            <Do path="hands" body={body(one, day(3))}>
              … in three days
            </Do>
            {one.endsOn !== null && (
              <Do path="hands" body={body(one, null)}>
                Take it back
              </Do>
            )}
          </div>
        </article>
      ))}
    </>
  );
}
