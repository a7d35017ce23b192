// Accounts in the Workspace directory: read, and changed in one thing at a time.
import { orNull } from '../connector-error.ts';
import { allPages, type Caller } from './caller.ts';
import { unknownPassword } from './password.ts';
import { AdminPage, User } from './schema.ts';

/** What `users.patch` is asked to change. */
interface Change {
  readonly suspended?: boolean;
  readonly archived?: boolean;
  readonly password?: string;
  readonly changePasswordAtNextLogin?: false;
  readonly recoveryEmail?: '';
  readonly recoveryPhone?: '';
  readonly includeInGlobalAddressList?: false;
}

export function accountsOf({ read, write }: Caller, adminEmail: string) {
  const change = (userId: string, requestBody: Change): Promise<void> =>
    write(
      { operation: 'directory.users.patch', subject: userId, scope: 'admin.directory.user' },
      (apis, { auth, options }) => apis.directory.users.patch({ auth, userKey: userId, requestBody }, options),
    );
  const getBy = (key: string, subject: { subject?: string }): Promise<User | null> =>
    orNull(
      read(
        { operation: 'directory.users.get', ...subject, scope: 'admin.directory.user.readonly' },
        User,
        (apis, { auth, options }) => apis.directory.users.get({ auth, userKey: key, projection: 'full' }, options),
      ),
    );

  return {
    /** The account with this id; null if Google has none (deleted). */
    getUser: (userId: string) => getBy(userId, { subject: userId }),

    /**
     * The account that this address means; null: none. It may be an alias of somebody's: compare `primaryEmail`. An
     * address of a domain that is not the company's is refused as `unauthorized` ("Not Authorized to access this resource"),
     * as is every address where the admin has lost their rights: `getOwnAdmin` tells the two apart.
     */
    findUser: (address: string) => getBy(address, {}),
    /** The account in whose name we act; refused where it may not read accounts. */
    getOwnAdmin: () => getBy(adminEmail, {}),

    /** Ids of all super admins, suspended ones too. */
    listSuperAdmins: async () => {
      const { items } = await allPages(
        (page) =>
          read(
            { operation: 'directory.users.list', scope: 'admin.directory.user.readonly' },
            AdminPage,
            (apis, { auth, options }) =>
              apis.directory.users.list(
                { auth, customer: 'my_customer', query: 'isAdmin=true', maxResults: 500, ...page },
                options,
              ),
          ),
        (page) => page.users,
      );
      return items;
    },

    /** A new password that nobody knows. Without forced change: delegation of the mailbox would fail with it. */
    setUnknownPassword: (userId: string) =>
      change(userId, { password: unknownPassword(), changePasswordAtNextLogin: false }),
    /** A suspended account becomes active with a new password nobody knows, in one change: never active with the old one. */
    activate: (userId: string) =>
      change(userId, { suspended: false, password: unknownPassword(), changePasswordAtNextLogin: false }),
    /** As `activate`, from archived: takes a licence of the account's edition. */
    unarchive: (userId: string) =>
      change(userId, {
        archived: false,
        suspended: false,
        password: unknownPassword(),
        changePasswordAtNextLogin: false,
      }),
    clearRecovery: (userId: string) => change(userId, { recoveryEmail: '', recoveryPhone: '' }),
    hideFromAddressList: (userId: string) => change(userId, { includeInGlobalAddressList: false }),
    suspend: (userId: string) => change(userId, { suspended: true }),
    /** Needs a free Archived User licence. */
    archive: (userId: string) => change(userId, { archived: true }),
  };
}
