// The settings of Jamf Pro: all three or none.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface JamfConfig {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const REMEDIES = {
  JAMF_URL: 'set it to the server’s address, such as https://acme.jamfcloud.com',
  JAMF_CLIENT_ID: 'create an API client in Jamf Pro: Settings > System > API roles and clients',
  JAMF_CLIENT_SECRET: 'create it with the API client in Jamf Pro: Generate client secret',
} as const;

export const jamfSettings = {
  JAMF_URL: webAddress(REMEDIES.JAMF_URL)
    .refine(
      (text) => !(URL.canParse(text) && /\/(api|JSSResource)\b/.test(new URL(text).pathname)),
      'is not the server’s root: leave out the API path',
    )
    .optional(),
  JAMF_CLIENT_ID: z.string().min(1).optional(),
  JAMF_CLIENT_SECRET: z.string().min(1).optional(),
};

/** All or none. */
export function missingOfJamf(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(REMEDIES) as (keyof typeof REMEDIES)[];
  if (names.every((name) => !given[name])) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${REMEDIES[name]}; without all three no Mac is locked by Sendoff`);
}

export function jamfOf({
  JAMF_URL: url,
  JAMF_CLIENT_ID: clientId,
  JAMF_CLIENT_SECRET: clientSecret,
}: z.infer<z.ZodObject<typeof jamfSettings>>): JamfConfig | null {
  return url && clientId && clientSecret ? { url: url.replace(/\/+$/, ''), clientId, clientSecret } : null;
}
