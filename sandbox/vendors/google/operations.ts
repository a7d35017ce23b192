// Every method of every API that the simulator knows.
import { ADMIN_OPERATIONS } from './admin-operations.ts';
import { GROUP_OPERATIONS } from './group-operations.ts';
import type { Operation } from './operation.ts';
import { SECURITY_OPERATIONS } from './security-operations.ts';
import { USER_OPERATIONS } from './user-operations.ts';

export const OPERATIONS: readonly Operation[] = [
  ...USER_OPERATIONS,
  ...SECURITY_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...ADMIN_OPERATIONS,
];
