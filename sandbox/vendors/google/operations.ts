// Every method of every API that the simulator knows.
import { ADMIN_OPERATIONS } from './admin-operations.ts';
import { CALENDAR_OPERATIONS } from './calendar-operations.ts';
import { DELEGATE_OPERATIONS } from './delegate-operations.ts';
import { DRIVE_OPERATIONS } from './drive-operations.ts';
import { FORWARDING_OPERATIONS } from './forwarding-operations.ts';
import { GROUP_OPERATIONS } from './group-operations.ts';
import { LICENSING_OPERATIONS } from './licensing-operations.ts';
import { MAIL_SETTINGS_OPERATIONS } from './mail-settings-operations.ts';
import type { Operation } from './operation.ts';
import { SECURITY_OPERATIONS } from './security-operations.ts';
import { TRANSFER_OPERATIONS } from './transfer-operations.ts';
import { USER_OPERATIONS } from './user-operations.ts';

export const OPERATIONS: readonly Operation[] = [
  ...USER_OPERATIONS,
  ...SECURITY_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...ADMIN_OPERATIONS,
  ...TRANSFER_OPERATIONS,
  ...DELEGATE_OPERATIONS,
  ...FORWARDING_OPERATIONS,
  ...MAIL_SETTINGS_OPERATIONS,
  ...LICENSING_OPERATIONS,
  ...DRIVE_OPERATIONS,
  ...CALENDAR_OPERATIONS,
];
