// The settings of Retriever: both or neither.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface RetrieverConfig {
  readonly url: string;
  readonly apiKey: string;
}

const REMEDIES = {
  RETRIEVER_URL: 'set it to https://app.helloretriever.com',
  RETRIEVER_API_KEY:
    'create one in Retriever’s portal; it orders boxes in the name of its user, so give it a user of its own',
} as const;

export const retrieverSettings = {
  RETRIEVER_URL: webAddress(REMEDIES.RETRIEVER_URL)
    .refine(
      (text) => !(URL.canParse(text) && new URL(text).pathname.includes('/api')),
      'is not the site’s root: leave out the API path',
    )
    .optional(),
  RETRIEVER_API_KEY: z.string().min(1).optional(),
};

export function missingOfRetriever(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(REMEDIES) as (keyof typeof REMEDIES)[];
  if (names.every((name) => !given[name])) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${REMEDIES[name]}; without both no box is ordered by Sendoff`);
}

export function retrieverOf({
  RETRIEVER_URL: url,
  RETRIEVER_API_KEY: apiKey,
}: z.infer<z.ZodObject<typeof retrieverSettings>>): RetrieverConfig | null {
  return url && apiKey ? { url: url.replace(/\/+$/, ''), apiKey } : null;
}
