// The settings of BambooHR: both or neither.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface BambooHrConfig {
  readonly url: string;
  readonly apiKey: string;
  /** Null: no webhook is taken; the poll sees what changes. */
  readonly webhookKey: string | null;
}

export const bamboohrSettings = {
  BAMBOOHR_URL: webAddress('set it to the account’s address, such as https://acme.bamboohr.com')
    .refine(
      (text) => !(URL.canParse(text) && new URL(text).pathname.includes('/api')),
      'is not the account’s root: leave out the API path',
    )
    .optional(),
  BAMBOOHR_API_KEY: z.string().min(1).optional(),
  BAMBOOHR_WEBHOOK_KEY: z
    .string()
    .min(16, 'is too short: copy the private key that BambooHR shows once when the webhook is made')
    .optional(),
};

const BAMBOOHR_REMEDIES = {
  BAMBOOHR_URL: 'set it to the account’s address, such as https://acme.bamboohr.com',
  BAMBOOHR_API_KEY: 'create one in BambooHR under the account of a user of its own: profile picture > API Keys',
} as const;

/** Both or neither. */
export function missingOfBambooHr(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(BAMBOOHR_REMEDIES) as (keyof typeof BAMBOOHR_REMEDIES)[];
  if (names.every((name) => !given[name]) && !given.BAMBOOHR_WEBHOOK_KEY) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${BAMBOOHR_REMEDIES[name]}; without both plans show nothing of HR`);
}

export function bamboohrOf({
  BAMBOOHR_URL: url,
  BAMBOOHR_API_KEY: apiKey,
  BAMBOOHR_WEBHOOK_KEY: webhookKey,
}: z.infer<z.ZodObject<typeof bamboohrSettings>>): BambooHrConfig | null {
  return url && apiKey ? { url: url.replace(/\/+$/, ''), apiKey, webhookKey: webhookKey ?? null } : null;
}
