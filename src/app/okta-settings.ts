// Okta's settings: what each must look like, and which are missing with what to do about it.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface OktaConfig {
  readonly orgUrl: string;
  readonly credentials: { apiToken: string } | { clientId: string; privateKey: string };
  /** Null: no event hook is taken; the poll of the system log sees what happens. */
  readonly hookSecret: string | null;
}

export const oktaSettings = {
  OKTA_ORG_URL: webAddress('set it to the org’s address, such as https://acme.okta.com').refine(
    (text) => !text.includes('-admin.'),
    'is the admin console’s address: leave out -admin',
  ),
  OKTA_CLIENT_ID: z.string().min(1).optional(),
  OKTA_PRIVATE_KEY: z.string().min(1).optional(),
  OKTA_API_TOKEN: z.string().min(1).optional(),
  OKTA_EVENT_HOOK_SECRET: z
    .string()
    .min(16, 'is too short to be a secret: take 32 random characters')
    .regex(/^[\x21-\x7e]+$/, 'holds characters that no header carries: take letters and digits')
    .optional(),
};

export function oktaOf(
  settings: { OKTA_ORG_URL: string; OKTA_EVENT_HOOK_SECRET?: string | undefined },
  credentials: OktaConfig['credentials'],
): OktaConfig {
  return {
    orgUrl: settings.OKTA_ORG_URL.replace(/\/+$/, ''),
    credentials,
    hookSecret: settings.OKTA_EVENT_HOOK_SECRET ?? null,
  };
}

/** Null: there are none, and `problems` says so. */
export function oktaCredentials(
  given: Record<string, string | undefined>,
  problems: string[],
): OktaConfig['credentials'] | null {
  const { OKTA_CLIENT_ID: clientId, OKTA_PRIVATE_KEY: privateKey, OKTA_API_TOKEN: apiToken } = given;
  if (clientId && privateKey) {
    // The SDK signs with RS256 only (dpop.js): an EC key would fail at the first call.
    if (!/BEGIN (RSA )?PRIVATE KEY|"kty"\s*:\s*"RSA"/.test(privateKey))
      problems.push(
        'OKTA_PRIVATE_KEY is not an RSA private key in PEM or JWK form: make an RSA key pair for the service app',
      );
    return { clientId, privateKey };
  }
  if (clientId || privateKey) {
    problems.push(
      `${clientId ? 'OKTA_PRIVATE_KEY' : 'OKTA_CLIENT_ID'} is missing: the service app needs both its id and its private key`,
    );
    return null;
  }
  if (apiToken) return { apiToken };
  problems.push(
    'OKTA_CLIENT_ID and OKTA_PRIVATE_KEY are missing (or OKTA_API_TOKEN): create an API service app in Okta with an RSA key',
  );
  return null;
}
