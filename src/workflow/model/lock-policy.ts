// The policy's part on locked computers: who may see a passcode.
import { z } from 'zod';

export const LockPolicy = z.strictObject(
  {
    revealTo: z.enum(['approver', 'operator'], 'is not known: write approver or operator').default('approver'),
  },
  'is not a section: write revealTo below it, indented by two blanks',
);
