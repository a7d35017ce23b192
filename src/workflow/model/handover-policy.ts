// The policy's part on files, calendar and the account's end: what a transfer does with rooms, and what becomes of the account and its licence.
import { z } from 'zod';

export const TransferPolicy = z.strictObject(
  {
    releaseRooms: z.boolean('is neither true nor false: write true').default(true),
  },
  'is not a section: write releaseRooms below it, indented by two blanks',
);

export const AccountEndPolicy = z.strictObject(
  {
    atEnd: z.enum(['suspend', 'archive', 'keep'], 'is not known: write suspend, archive or keep').default('suspend'),
    freeLicence: z.boolean('is neither true nor false: write false').default(false),
  },
  'is not a section: write atEnd and freeLicence below it, each indented by two blanks',
);

type Given = {
  readonly transfer: z.infer<typeof TransferPolicy>;
  readonly google: z.infer<typeof AccountEndPolicy>;
};

export function handoverFacts({ transfer, google }: Given): Readonly<Record<string, boolean | string>> {
  return {
    'transfer.releaseRooms': transfer.releaseRooms,
    'google.atEnd': google.atEnd,
    'google.freeLicence': google.freeLicence,
  };
}

/** Settings that contradict each other. */
export function handoverIssues({ google }: Given): { path: string[]; says: string; isKey: false }[] {
  if (!google.freeLicence || google.atEnd === 'suspend') return [];
  const says =
    google.atEnd === 'archive'
      ? 'contradicts atEnd: archive, where Google itself puts an Archived User licence in the place of the other: write false'
      : 'contradicts atEnd: keep, since an account at work needs its licence: write false, or atEnd: suspend';
  return [{ path: ['google', 'freeLicence'], says, isKey: false }];
}
