// The simulated Google Workspace as a checker sees it: accounts, phones, and which writes reached whom, in order.
import type { GoogleSimulator } from '../../sandbox/vendors/google/server.ts';

export interface GoogleAccount {
  readonly id: string;
  readonly key: string;
  readonly primaryEmail: string;
  readonly suspended: boolean;
  readonly archived: boolean;
  readonly isAdmin: boolean;
  readonly isDelegatedAdmin: boolean;
  readonly usable: boolean;
  readonly changePasswordAtNextLogin: boolean;
  readonly passwordsSet: number;
  readonly sessions: number;
  readonly tokens: readonly unknown[];
  readonly appPasswords: readonly unknown[];
  readonly backupCodes: number;
  readonly recoveryEmail: string | null;
  readonly recoveryPhone: string | null;
  readonly includeInGlobalAddressList: boolean;
  readonly groups: readonly string[];
}

interface WorkspaceState {
  readonly users: readonly GoogleAccount[];
  readonly devices: readonly { readonly resourceId: string; readonly status: string; readonly actions: string[] }[];
}

export interface GoogleAccounts {
  of(key: string): GoogleAccount;
  everybody(): readonly GoogleAccount[];
  devices(): WorkspaceState['devices'];
  /** Directory's writes that were applied, in order, without the token requests: `users.patch suspended`, `tokens.delete`. */
  writes(): readonly string[];
  /** Ids, phones and addresses that applied writes were about. */
  touched(): readonly string[];
}

export function googleAccounts(google: GoogleSimulator): GoogleAccounts {
  const state = (): WorkspaceState => google.state() as WorkspaceState;
  const applied = () =>
    google.journal.calls.filter((call) => call.write && call.applied && call.operation !== 'google.token');
  return {
    of(key) {
      const found = state().users.find((one) => one.key === key);
      if (!found) throw new Error(`Google has no ${key}`);
      return found;
    },
    everybody: () => state().users,
    devices: () => state().devices,
    writes: () =>
      applied().map((call) =>
        [
          call.operation.replace('google.directory.', ''),
          ...Object.keys((call.detail.sent ?? {}) as object).sort(),
        ].join(' '),
      ),
    touched: () => [
      ...new Set(
        applied().map((call) => String(call.detail.subject ?? call.detail.resourceId ?? call.detail.roleAssignmentId)),
      ),
    ],
  };
}
