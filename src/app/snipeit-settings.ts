// The settings of Snipe-IT: both or neither.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface SnipeItConfig {
  readonly url: string;
  readonly apiToken: string;
}

const REMEDIES = {
  SNIPEIT_URL: 'set it to the address of Snipe-IT, such as https://assets.acme.com',
  SNIPEIT_API_TOKEN: 'create one in Snipe-IT as a user of its own: the user’s menu > Manage API Keys',
} as const;

export const snipeitSettings = {
  SNIPEIT_URL: webAddress(REMEDIES.SNIPEIT_URL)
    .refine(
      (text) => !(URL.canParse(text) && new URL(text).pathname.includes('/api')),
      'is not the root of Snipe-IT: leave out the API path',
    )
    .optional(),
  SNIPEIT_API_TOKEN: z.string().min(1).optional(),
};

/** Both or neither. */
export function missingOfSnipeIt(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(REMEDIES) as (keyof typeof REMEDIES)[];
  if (names.every((name) => !given[name])) return [];
  return names
    .filter((name) => !given[name])
    .map(
      (name) => `${name} is missing: ${REMEDIES[name]}; without both nothing is put back into the inventory by Sendoff`,
    );
}

export function snipeitOf({
  SNIPEIT_URL: url,
  SNIPEIT_API_TOKEN: apiToken,
}: z.infer<z.ZodObject<typeof snipeitSettings>>): SnipeItConfig | null {
  return url && apiToken ? { url: url.replace(/\/+$/, ''), apiToken } : null;
}
