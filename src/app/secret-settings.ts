// The key ring that seals passcodes and home addresses: needed as soon as a step may keep one.
import { z } from 'zod';
import { parseKeyRing } from '../store/key-ring.ts';

export const secretSettings = {
  SENDOFF_SECRET_KEYS: z
    .string()
    .transform((text, context) => {
      const parsed = parseKeyRing(text);
      if ('ring' in parsed) return parsed.ring;
      context.addIssue({ code: 'custom', message: parsed.wrong });
      return z.NEVER;
    })
    .optional(),
};

/** Vendors whose steps keep a secret: a lock's passcode, a box's address. */
const SEALING = ['JAMF_', 'RETRIEVER_'];

export function missingKeys(given: Readonly<Record<string, string | undefined>>): string[] {
  if (given.SENDOFF_SECRET_KEYS) return [];
  const wants = Object.entries(given).some(
    ([name, value]) => value && SEALING.some((vendor) => name.startsWith(vendor)),
  );
  if (!wants) return [];
  return [
    'SENDOFF_SECRET_KEYS is missing: passcodes and home addresses are kept sealed; make a key with sendoff keys new, and keep a copy of it apart from the database',
  ];
}
