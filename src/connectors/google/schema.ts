// The fields of Google's answers that we use, checked at the border. Shapes: googleapis 188's types. An empty list is left out.
import { z } from 'zod';

const Id = z.union([z.string().min(1), z.number()]).transform(String);
const Text = z
  .string()
  .nullish()
  .transform((text) => text || null);
const Flag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? false);
const NextPage = z.string().nullish();
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** Whether somebody can sign in is never guessed: `suspended` and `archived` must be there. */
export const User = z
  .object({
    id: Id,
    primaryEmail: z.string().min(1),
    name: z.object({ fullName: Text }).nullish(),
    customerId: Text,
    aliases: list(z.string()),
    nonEditableAliases: list(z.string()),
    suspended: z.boolean(),
    suspensionReason: Text,
    archived: z.boolean(),
    isAdmin: z.boolean(),
    isDelegatedAdmin: Flag,
    isMailboxSetup: Flag,
    changePasswordAtNextLogin: Flag,
    includeInGlobalAddressList: z
      .boolean()
      .nullish()
      .transform((flag) => flag ?? true),
    recoveryEmail: Text,
    recoveryPhone: Text,
    orgUnitPath: Text,
  })
  .transform(({ name, recoveryEmail, recoveryPhone, nonEditableAliases, aliases, ...user }) => ({
    ...user,
    fullName: name?.fullName ?? null,
    /** Every other address that Google takes for this account. */
    aliases: [...aliases, ...nonEditableAliases],
    /** Somebody's private address and number: that they are there is all we need. */
    hasRecoveryEmail: recoveryEmail !== null,
    hasRecoveryPhone: recoveryPhone !== null,
  }));
export type User = z.infer<typeof User>;

export const AdminPage = z.object({
  users: list(z.object({ id: Id, suspended: z.boolean() })),
  nextPageToken: NextPage,
});

export const Tokens = z.object({
  items: list(z.object({ clientId: z.string().min(1), displayText: Text, nativeApp: Flag, scopes: list(z.string()) })),
});
export const AppPasswords = z.object({ items: list(z.object({ codeId: Id, name: Text })) });
/** The codes themselves are not kept. */
export const BackupCodes = z.object({ items: list(z.unknown()) }).transform(({ items }) => items.length);

export const GroupPage = z.object({
  groups: list(z.object({ id: Id, name: Text, email: Text })),
  nextPageToken: NextPage,
});
export const RolePage = z.object({
  items: list(
    z
      .object({ roleId: Id, roleName: Text, isSuperAdminRole: Flag })
      .transform((role) => ({ id: role.roleId, name: role.roleName, isSuperAdmin: role.isSuperAdminRole })),
  ),
  nextPageToken: NextPage,
});
export const RoleAssignmentPage = z.object({
  items: list(
    z
      .object({ roleAssignmentId: Id, roleId: Id, assignedTo: Id })
      .transform((one) => ({ id: one.roleAssignmentId, roleId: one.roleId, userId: one.assignedTo })),
  ),
  nextPageToken: NextPage,
});

export const MobileDevicePage = z.object({
  mobiledevices: list(
    z.object({ resourceId: z.string().min(1), email: list(z.string()), model: Text, os: Text, status: Text }),
  ),
  nextPageToken: NextPage,
});

export const Delegate = z
  .object({ delegateEmail: z.string().min(1), verificationStatus: Text })
  .transform((one) => ({ email: one.delegateEmail, status: one.verificationStatus }));
export const Delegates = z.object({ delegates: list(Delegate) });
export const ForwardingAddresses = z.object({
  forwardingAddresses: list(
    z
      .object({ forwardingEmail: z.string().min(1), verificationStatus: Text })
      .transform((one) => ({ email: one.forwardingEmail, status: one.verificationStatus })),
  ),
});
export const AutoForwarding = z
  .object({ enabled: Flag, emailAddress: Text })
  .transform((one) => ({ isOn: one.enabled, email: one.emailAddress }));
export const Filters = z.object({
  filter: list(z.object({ id: z.string().min(1), action: z.object({ forward: Text }).nullish() })),
});
export const Vacation = z
  .object({ enableAutoReply: Flag, responseSubject: Text, responseBodyPlainText: Text })
  .transform((one) => ({ isOn: one.enableAutoReply, subject: one.responseSubject, text: one.responseBodyPlainText }));

export const ApplicationPage = z.object({
  applications: list(z.object({ id: Id, name: Text })),
  nextPageToken: NextPage,
});
/** A free string; `new` and `inProgress` have been seen besides these, and whatever else comes is not an end. */
const TransferStatus = z
  .string()
  .nullish()
  .transform((said) => (said === 'completed' || said === 'failed' ? said : 'running'));
export const Transfer = z
  .object({
    id: z.string().min(1),
    oldOwnerUserId: Id,
    newOwnerUserId: Id,
    overallTransferStatusCode: TransferStatus,
    requestTime: z.coerce.date(),
    applicationDataTransfers: list(z.object({ applicationId: Id, applicationTransferStatus: TransferStatus })),
  })
  .transform((one) => ({
    id: one.id,
    oldOwnerId: one.oldOwnerUserId,
    newOwnerId: one.newOwnerUserId,
    status: one.overallTransferStatusCode,
    requestedAt: one.requestTime,
    applications: one.applicationDataTransfers.map((part) => ({
      id: part.applicationId,
      status: part.applicationTransferStatus,
    })),
  }));
export type Transfer = z.infer<typeof Transfer>;
export const TransferPage = z.object({ dataTransfers: list(Transfer), nextPageToken: NextPage });

export const LicencePage = z.object({
  items: list(
    z.object({ productId: z.string().min(1), skuId: z.string().min(1), skuName: Text, userId: z.string().min(1) }),
  ),
  nextPageToken: NextPage,
});

export const FilePage = z.object({ files: list(z.unknown()), nextPageToken: NextPage });
export const EventPage = z.object({
  items: list(
    z.object({
      visibility: Text,
      organizer: z.object({ self: Flag }).nullish(),
      attendees: list(z.object({ self: Flag })),
    }),
  ),
  nextPageToken: NextPage,
});
export const CalendarPage = z.object({ items: list(z.object({ primary: Flag })), nextPageToken: NextPage });
