// The settings of Google Workspace: the key and the admin, both or neither; the addresses are Google's own if absent.
import { z } from 'zod';
import { GOOGLE_TOKEN_URL } from '../connectors/google/caller.ts';
import { readServiceAccount, type ServiceAccount } from '../connectors/google/service-account.ts';
import { webAddress } from './web-address.ts';

export interface GoogleConfig {
  readonly serviceAccount: ServiceAccount;
  readonly adminEmail: string;
  /** Null: each API's own host. */
  readonly apiUrl: string | null;
  readonly tokenUrl: string;
}

const REMEDIES = {
  GOOGLE_SERVICE_ACCOUNT_KEY:
    'set it to the JSON key of the service account, on one line or as base64 (Google Cloud console > Service accounts > Keys)',
  GOOGLE_ADMIN_EMAIL: 'set it to the primary address of a super admin whom the service account acts for',
} as const;

export const googleSettings = {
  GOOGLE_SERVICE_ACCOUNT_KEY: z
    .string()
    .transform((text, context) => {
      const account = readServiceAccount(text);
      if (account) return account;
      const message = `is not the JSON key of a service account: ${REMEDIES.GOOGLE_SERVICE_ACCOUNT_KEY}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .optional(),
  GOOGLE_ADMIN_EMAIL: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, `is not an address: ${REMEDIES.GOOGLE_ADMIN_EMAIL}`)
    .optional(),
  GOOGLE_API_URL: webAddress('leave it out for Google itself').optional(),
  GOOGLE_TOKEN_URL: webAddress('leave it out for Google itself').default(GOOGLE_TOKEN_URL),
};

/** Both of them or none: half of them is somebody who wanted Google. */
export function missingOfGoogle(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(REMEDIES) as (keyof typeof REMEDIES)[];
  if (!Object.entries(given).some(([name, value]) => name.startsWith('GOOGLE_') && value)) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${REMEDIES[name]}; without any GOOGLE_ setting its steps are done by hand`);
}

export function googleOf(settings: {
  readonly GOOGLE_SERVICE_ACCOUNT_KEY?: ServiceAccount | undefined;
  readonly GOOGLE_ADMIN_EMAIL?: string | undefined;
  readonly GOOGLE_API_URL?: string | undefined;
  readonly GOOGLE_TOKEN_URL: string;
}): GoogleConfig | null {
  const { GOOGLE_SERVICE_ACCOUNT_KEY: serviceAccount, GOOGLE_ADMIN_EMAIL: adminEmail } = settings;
  if (!serviceAccount || !adminEmail) return null;
  return { serviceAccount, adminEmail, apiUrl: settings.GOOGLE_API_URL ?? null, tokenUrl: settings.GOOGLE_TOKEN_URL };
}
