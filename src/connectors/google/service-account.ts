// The key file of a Google service account, as it is downloaded.
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

export interface ServiceAccount {
  readonly clientEmail: string;
  /** What domain-wide delegation is granted to in the Admin console. */
  readonly clientId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly keyId: string;
}

const KeyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  client_id: z.string().min(1),
  private_key: z.string().refine(isRsaKey),
  private_key_id: z.string().min(1),
});

/** Takes the file's JSON, or the base64 of it (a file of settings has one line a setting). Null: neither. */
export function readServiceAccount(text: string): ServiceAccount | null {
  const json = text.trimStart().startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8');
  const { data } = KeyFile.safeParse(jsonOrNull(json));
  if (!data) return null;
  return {
    clientEmail: data.client_email,
    clientId: data.client_id,
    privateKey: data.private_key,
    keyId: data.private_key_id,
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
