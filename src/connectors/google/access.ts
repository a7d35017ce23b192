// The ways into an account besides its password: sessions, apps, app passwords, backup codes, admin roles, phones. And its groups.
import { allPages, type Caller, type Mailbox } from './caller.ts';
import {
  AppPasswords,
  BackupCodes,
  GroupPage,
  MobileDevicePage,
  RoleAssignmentPage,
  RolePage,
  Tokens,
} from './schema.ts';

const SECURITY = 'admin.directory.user.security';

export interface MobileDevice {
  /** Of this account on the device. */
  readonly id: string;
  readonly model: string | null;
  readonly os: string | null;
  /** As Google words it, in lower case: `approved`, `account wiping`, `account wiped`. */
  readonly status: string;
}

export function accessOf({ read, write }: Caller) {
  return {
    /** Ends all web and device sessions, and resets the sign-in cookies; cannot be read back. */
    signOut: (userId: string) =>
      write({ operation: 'directory.users.signOut', subject: userId, scope: SECURITY }, (apis, { auth, options }) =>
        apis.directory.users.signOut({ auth, userKey: userId }, options),
      ),

    /** Apps that may act in the account's name. */
    listTokens: async (userId: string) => {
      const call = { operation: 'directory.tokens.list', subject: userId, scope: SECURITY } as const;
      const { items } = await read(call, Tokens, (apis, { auth, options }) =>
        apis.directory.tokens.list({ auth, userKey: userId }, options),
      );
      return items;
    },
    deleteToken: (userId: string, clientId: string) =>
      write(
        { operation: 'directory.tokens.delete', subject: `${userId}/${clientId}`, scope: SECURITY },
        (apis, { auth, options }) => apis.directory.tokens.delete({ auth, userKey: userId, clientId }, options),
      ),

    listAppPasswords: async (userId: string) => {
      const call = { operation: 'directory.asps.list', subject: userId, scope: SECURITY } as const;
      const { items } = await read(call, AppPasswords, (apis, { auth, options }) =>
        apis.directory.asps.list({ auth, userKey: userId }, options),
      );
      return items;
    },
    deleteAppPassword: (userId: string, codeId: string) =>
      write(
        { operation: 'directory.asps.delete', subject: `${userId}/${codeId}`, scope: SECURITY },
        (apis, { auth, options }) =>
          apis.directory.asps.delete({ auth, userKey: userId, codeId: Number(codeId) }, options),
      ),

    /** How many are unused; the codes themselves go no further. */
    countBackupCodes: (userId: string) =>
      read(
        { operation: 'directory.verificationCodes.list', subject: userId, scope: SECURITY },
        BackupCodes,
        (apis, { auth, options }) => apis.directory.verificationCodes.list({ auth, userKey: userId }, options),
      ),
    invalidateBackupCodes: (userId: string) =>
      write(
        { operation: 'directory.verificationCodes.invalidate', subject: userId, scope: SECURITY },
        (apis, { auth, options }) => apis.directory.verificationCodes.invalidate({ auth, userKey: userId }, options),
      ),

    /** Every admin role of the company. */
    listRoles: async () => {
      const { items } = await allPages(
        (page) =>
          read(
            { operation: 'directory.roles.list', scope: 'admin.directory.rolemanagement.readonly' },
            RolePage,
            (apis, { auth, options }) =>
              apis.directory.roles.list({ auth, customer: 'my_customer', maxResults: 100, ...page }, options),
          ),
        (page) => page.items,
      );
      return items;
    },
    /** Given to the account itself; a role that comes through a group is not in it. */
    listRoleAssignments: async (userId: string) => {
      const { items } = await allPages(
        (page) =>
          read(
            {
              operation: 'directory.roleAssignments.list',
              subject: userId,
              scope: 'admin.directory.rolemanagement.readonly',
            },
            RoleAssignmentPage,
            (apis, { auth, options }) =>
              apis.directory.roleAssignments.list(
                { auth, customer: 'my_customer', userKey: userId, maxResults: 200, ...page },
                options,
              ),
          ),
        (page) => page.items,
      );
      return items.filter((one) => one.userId === userId).map(({ id, roleId }) => ({ id, roleId }));
    },
    /** Whether Google keeps the last super admin is not documented: whoever calls must have looked. */
    deleteRoleAssignment: (assignmentId: string) =>
      write(
        {
          operation: 'directory.roleAssignments.delete',
          subject: assignmentId,
          scope: 'admin.directory.rolemanagement',
        },
        (apis, { auth, options }) =>
          apis.directory.roleAssignments.delete(
            { auth, customer: 'my_customer', roleAssignmentId: assignmentId },
            options,
          ),
      ),

    /** Phones and tablets that hold this account, and no look-alike's: Google's search takes parts of addresses. */
    listMobileDevices: async (account: Mailbox): Promise<MobileDevice[]> => {
      const { items } = await allPages(
        (page) =>
          read(
            {
              operation: 'directory.mobiledevices.list',
              subject: account.id,
              scope: 'admin.directory.device.mobile.readonly',
            },
            MobileDevicePage,
            (apis, { auth, options }) =>
              apis.directory.mobiledevices.list(
                { auth, customerId: 'my_customer', query: `email:${account.primaryEmail}`, maxResults: 100, ...page },
                options,
              ),
          ),
        (page) => page.mobiledevices,
      );
      const address = account.primaryEmail.toLowerCase();
      return items
        .filter((one) => one.email.some((email) => email.toLowerCase() === address))
        .map(({ resourceId, model, os, status }) => ({
          id: resourceId,
          model,
          os,
          status: (status ?? 'unknown').toLowerCase().replaceAll('_', ' '),
        }));
    },
    /** Takes the work account off the device, once it is online. There is no verb here that wipes a device. */
    wipeMobileAccount: (deviceId: string) =>
      write(
        {
          operation: 'directory.mobiledevices.action',
          subject: deviceId,
          scope: 'admin.directory.device.mobile.action',
        },
        (apis, { auth, options }) =>
          apis.directory.mobiledevices.action(
            {
              auth,
              customerId: 'my_customer',
              resourceId: deviceId,
              requestBody: { action: 'admin_account_wipe' },
            },
            options,
          ),
      ),

    /** Groups that the account is a direct member of. */
    listGroups: async (userId: string) => {
      const { items } = await allPages(
        (page) =>
          read(
            { operation: 'directory.groups.list', subject: userId, scope: 'admin.directory.group.readonly' },
            GroupPage,
            (apis, { auth, options }) =>
              apis.directory.groups.list({ auth, userKey: userId, maxResults: 200, ...page }, options),
          ),
        (page) => page.groups,
      );
      return items;
    },
  };
}
