// The simulated Okta as a checker sees it: accounts and devices, and which writes reached whom, in order.
import { person } from '../../sandbox/people.ts';
import type { OktaSimulator } from '../../sandbox/vendors/okta/server.ts';

export interface Account {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly sessions: number;
  readonly clientTokens: Readonly<Record<string, number>>;
  readonly factors: readonly { readonly id: string }[];
  readonly deviceIds: readonly string[];
  readonly groups: readonly string[];
}

interface OrgState {
  readonly users: readonly Account[];
  readonly devices: readonly { readonly id: string; readonly status: string }[];
  readonly deletedDevices: readonly string[];
}

export interface OktaAccounts {
  of(key: string): Account;
  everybody(): readonly Account[];
  devices(): OrgState['devices'];
  deletedDevices(): readonly string[];
  /** Writes that were applied, in order: `suspendUser`, `unenrollFactor opfDana…`. */
  writes(): readonly string[];
  /** Ids of the people and devices that applied writes were about. */
  touched(): readonly string[];
  /** How often each operation was asked, answered or not. */
  asked(operation: string): number;
}

export function oktaAccounts(okta: OktaSimulator): OktaAccounts {
  const state = (): OrgState => okta.state() as OrgState;
  const applied = () => okta.journal.calls.filter((call) => call.write && call.applied);
  return {
    of(key) {
      const { id } = person(key).okta;
      const found = state().users.find((one) => one.id === id);
      if (!found) throw new Error(`Okta has no ${key}`);
      return found;
    },
    everybody: () => state().users,
    devices: () => state().devices,
    deletedDevices: () => state().deletedDevices,
    writes: () =>
      applied().map((call) => [call.operation.replace('okta.', ''), call.detail.factorId].filter(Boolean).join(' ')),
    touched: () => [...new Set(applied().map((call) => String(call.detail.subject)))],
    asked: (operation) => okta.journal.calls.filter((call) => call.operation === `okta.${operation}`).length,
  };
}
