// The fields of Okta's answers that we use, checked at the border. Shapes: Okta Management API 5.1 (SDK 8.1).
import { z } from 'zod';

export const UserStatus = z.enum([
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
  'DEPROVISIONED',
]);
export type UserStatus = z.infer<typeof UserStatus>;

export const User = z.object({
  id: z.string().min(1),
  status: UserStatus,
  transitioningToStatus: z.string().nullish(),
  /** When the account last became what it is. */
  statusChanged: z.coerce.date().nullish(),
  profile: z.object({
    login: z.string(),
    email: z.string().nullish(),
    firstName: z.string().nullish(),
    lastName: z.string().nullish(),
    displayName: z.string().nullish(),
    title: z.string().nullish(),
    department: z.string().nullish(),
    employeeNumber: z.string().nullish(),
    /** An IANA name, as the org fills it. */
    timezone: z.string().nullish(),
    /** ISO 3166-1 alpha-2. */
    countryCode: z.string().nullish(),
    /** Free text: a name in some orgs. */
    manager: z.string().nullish(),
    /** A login, an address or a number, as the org fills it. */
    managerId: z.string().nullish(),
  }),
});
export type User = z.infer<typeof User>;

export const Factor = z.object({ id: z.string().min(1), factorType: z.string(), provider: z.string().nullish() });
export type Factor = z.infer<typeof Factor>;

export const UserDevice = z.object({
  device: z.object({
    id: z.string().min(1),
    status: z.string(),
    profile: z.object({ displayName: z.string().nullish(), platform: z.string().nullish() }).nullish(),
  }),
});
export type UserDevice = z.infer<typeof UserDevice>;

export const DeviceUser = z.object({ user: z.object({ id: z.string().min(1) }) });
/** `OKTA_GROUP`: Okta's own, the only ones whose members can be changed; `APP_GROUP` and `BUILT_IN` are filled by others. */
export const Group = z.object({
  id: z.string().min(1),
  type: z.string().nullish(),
  profile: z.object({ name: z.string() }),
});
export type Group = z.infer<typeof Group>;
export const AppLink = z.object({ label: z.string() });
export const Role = z.object({ type: z.string() });
export const RoleAssignees = z.object({ value: z.array(z.object({ id: z.string().min(1) })).nullish() });

/** One event of the system log. `target`: what it was about, the person among it. */
export const LogEvent = z.object({
  uuid: z.string().min(1),
  published: z.coerce.date(),
  eventType: z.string(),
  target: z
    .array(z.object({ id: z.string().nullish(), type: z.string().nullish(), displayName: z.string().nullish() }))
    .nullish()
    .transform((target) => target ?? []),
});
export type LogEvent = z.infer<typeof LogEvent>;

export const App = z.object({ id: z.string(), label: z.string(), status: z.string() });
/** `USER_PROVISIONING` of an app: what Okta does to the account there. */
export const ProvisioningFeature = z.object({
  capabilities: z
    .object({
      update: z.object({ lifecycleDeactivate: z.object({ status: z.string().nullish() }).nullish() }).nullish(),
    })
    .nullish(),
});
