// The settings of EasyPost: address and key both or neither; without a webhook secret its events are not taken.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

/** Where its events go, if there is a secret. */
export const EASYPOST_PATH = '/webhooks/easypost';

export interface EasyPostConfig {
  readonly url: string;
  readonly apiKey: string;
  /** Null: no door for its events. */
  readonly webhookSecret: string | null;
}

const REMEDIES = {
  EASYPOST_URL: 'set it to https://api.easypost.com',
  EASYPOST_API_KEY: 'copy a production key from EasyPost > Account Settings > API Keys',
} as const;

const SECRET = 'set it to the secret that the webhook was created with, 8 characters or more';

export const easypostSettings = {
  EASYPOST_URL: webAddress(REMEDIES.EASYPOST_URL)
    .refine(
      (text) => !(URL.canParse(text) && /\/v\d/.test(new URL(text).pathname)),
      'is not the API’s root: leave out /v2',
    )
    .optional(),
  EASYPOST_API_KEY: z.string().min(1).optional(),
  // Anybody can try secrets against a webhook they have seen: a short one is found.
  EASYPOST_WEBHOOK_SECRET: z.string().min(8, `is too short: ${SECRET}`).optional(),
};

/** The secret alone is somebody who wanted EasyPost. */
export function missingOfEasyPost(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(REMEDIES) as (keyof typeof REMEDIES)[];
  if (Object.keys(easypostSettings).every((name) => !given[name])) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${REMEDIES[name]}; without both no parcel is followed`);
}

export function easypostOf({
  EASYPOST_URL: url,
  EASYPOST_API_KEY: apiKey,
  EASYPOST_WEBHOOK_SECRET: secret,
}: z.infer<z.ZodObject<typeof easypostSettings>>): EasyPostConfig | null {
  return url && apiKey ? { url: url.replace(/\/+$/, ''), apiKey, webhookSecret: secret ?? null } : null;
}
