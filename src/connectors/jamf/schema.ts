// The fields of Jamf Pro's answers that we use, checked at the border. Shapes: its published OpenAPI document (11.30.1).
import { z } from 'zod';

/** Empty is null, '' or blank. */
const Text = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);
const Flag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? null);
const Instant = z
  .string()
  .nullish()
  .transform((text) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text) : null));

/** One entry of computers-inventory. Up to v3 `lastContactTime`; v4 has `lastContact` and `lastCheckIn` instead. */
export const ComputerRecord = z.object({
  id: z.string().min(1),
  general: z.object({
    name: Text,
    managementId: Text,
    supervised: Flag,
    lastContact: Instant,
    lastCheckIn: Instant,
    lastContactTime: Instant,
    lastLoggedInUsernameMdm: Text,
    remoteManagement: z.object({ managed: Flag }).nullish(),
    mdmCapable: z.object({ capable: Flag }).nullish(),
  }),
  hardware: z.object({ serialNumber: Text, model: Text, appleSilicon: Flag }),
  userAndLocation: z.object({ username: Text, email: Text, realname: Text }),
  security: z.object({ activationLockEnabled: Flag }),
  operatingSystem: z.object({ version: Text }),
});
export type ComputerRecord = z.infer<typeof ComputerRecord>;

export const ComputerPage = z.object({ totalCount: z.number(), results: z.array(ComputerRecord) });
/** Asked for to learn whether the server has this version. */
export const AnyPage = z.object({ totalCount: z.number() });

export const COMMAND_STATES = ['PENDING', 'ACKNOWLEDGED', 'NOT_NOW', 'ERROR', 'COMMAND_FORMAT_ERROR'] as const;
export const CommandRecord = z.object({
  uuid: z.string().min(1),
  client: z.object({ managementId: Text }).nullish(),
  commandState: z.enum(COMMAND_STATES),
  commandType: z.string(),
  dateSent: Instant,
  dateCompleted: Instant,
  commandError: Text,
});
export type CommandRecord = z.infer<typeof CommandRecord>;
export const CommandPage = z.object({ totalCount: z.number(), results: z.array(CommandRecord) });

/** One command for one Mac. */
export const SentCommands = z.tuple([z.object({ id: z.string().min(1) })]);
export const SentErasure = z.object({ commandUuid: z.string().min(1) });
export const Pushed = z.object({ errorUuids: z.array(z.string()).nullish() });
export const StoredPin = z.object({ pin: Text });

export const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** `GET /v1/auth`: privileges by site, `-1` for all of them. */
export const Authorization = z.object({
  account: z.object({ privilegesBySite: z.record(z.string(), z.array(z.string())).nullish() }).nullish(),
});
