// The vendors, one beside the other, as their administrators see them.
import { change, useSandbox } from '../store.ts';
import { Audit } from './audit.tsx';
import { Google } from './google.tsx';
import { Hr } from './hr.tsx';
import { Inventory } from './inventory.tsx';
import { Jira } from './jira.tsx';
import { Macs } from './macs.tsx';
import { Okta } from './okta.tsx';
import { Parcels } from './parcels.tsx';

const TABS = {
  okta: { label: 'Okta', Body: Okta },
  google: { label: 'Google', Body: Google },
  macs: { label: 'Macs', Body: Macs },
  parcels: { label: 'Parcels', Body: Parcels },
  inventory: { label: 'Inventory', Body: Inventory },
  jira: { label: 'Jira', Body: Jira },
  hr: { label: 'BambooHR', Body: Hr },
  audit: { label: 'Audit', Body: Audit },
} as const;

type Tab = keyof typeof TABS;

export function Vendors() {
  const chosen = useSandbox((state) => state.vendorTab);
  const tab: Tab = chosen in TABS ? (chosen as Tab) : 'okta';
  const setTab = (vendorTab: Tab): void => change({ vendorTab });
  const { Body } = TABS[tab];
  const names = Object.keys(TABS) as Tab[];
  const move = (by: number): void => {
    const next = names[(names.indexOf(tab) + by + names.length) % names.length] ?? 'okta';
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label="Vendors">
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === tab}
            aria-controls="tab-body"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => setTab(name)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(1);
              if (event.key === 'ArrowLeft') move(-1);
            }}
          >
            {TABS[name].label}
          </button>
        ))}
      </div>
      <div id="tab-body" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <Body />
      </div>
    </>
  );
}
