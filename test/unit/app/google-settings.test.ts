// Google's settings: what is taken for a key, what is told about a bad one, and that half of them is not a choice.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { googleOf, googleSettings, missingOfGoogle } from '../../../src/app/google-settings.ts';

const FILE = {
  type: 'service_account',
  project_id: 'acme-sendoff',
  private_key_id: 'f00',
  private_key: pemOf('rsa'),
  client_email: 'sendoff@acme-sendoff.iam.gserviceaccount.com',
  client_id: '104000000000000000001',
};
const JSON_KEY = JSON.stringify(FILE);
const Settings = z.object(googleSettings);

function pemOf(kind: 'rsa' | 'ec'): string {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function read(given: Record<string, string>) {
  return googleOf(Settings.parse(given));
}

describe('the settings of Google', () => {
  it.each([
    ['JSON', JSON_KEY],
    ['JSON over several lines', JSON.stringify(FILE, null, 2)],
    ['base64', Buffer.from(JSON_KEY).toString('base64')],
  ])('take the key as %s', (_, key) => {
    expect(read({ GOOGLE_SERVICE_ACCOUNT_KEY: key, GOOGLE_ADMIN_EMAIL: 'it@acme.test' })).toEqual({
      serviceAccount: {
        clientEmail: FILE.client_email,
        clientId: FILE.client_id,
        privateKey: FILE.private_key,
        keyId: 'f00',
      },
      adminEmail: 'it@acme.test',
      apiUrl: null,
      tokenUrl: 'https://oauth2.googleapis.com/token',
    });
  });

  it.each([
    ['text', 'not a key'],
    ['a path', '/run/secrets/google.json'],
    ['another kind of credential', JSON.stringify({ ...FILE, type: 'authorized_user' })],
    ['half of a key', JSON.stringify({ ...FILE, private_key: FILE.private_key.slice(0, 400) })],
    ['a key that Google does not sign with', JSON.stringify({ ...FILE, private_key: pemOf('ec') })],
    ['no client id', JSON.stringify({ ...FILE, client_id: undefined })],
  ])('refuse %s as a key, with what to do and nothing of it', (_, key) => {
    const { error } = Settings.safeParse({ GOOGLE_SERVICE_ACCOUNT_KEY: key });

    expect(error?.issues.map((issue) => issue.message)).toEqual([
      expect.stringMatching(/^is not the JSON key of a service account: set it to/),
    ]);
    expect(JSON.stringify(error)).not.toContain('PRIVATE KEY');
  });

  it('refuse an admin without an address', () => {
    expect(Settings.safeParse({ GOOGLE_ADMIN_EMAIL: 'it' }).error?.issues[0]?.message).toMatch(/^is not an address/);
  });

  it('are both there or neither', () => {
    expect(missingOfGoogle({ SLACK_BOT_TOKEN: 'x' })).toEqual([]);
    expect(missingOfGoogle({ GOOGLE_SERVICE_ACCOUNT_KEY: 'x', GOOGLE_ADMIN_EMAIL: 'x' })).toEqual([]);
    expect(missingOfGoogle({ GOOGLE_ADMIN_EMAIL: 'x' })).toEqual([
      expect.stringMatching(/^GOOGLE_SERVICE_ACCOUNT_KEY is missing: /),
    ]);
    expect(missingOfGoogle({ GOOGLE_API_URL: 'x' })).toHaveLength(2);
    expect(read({})).toBeNull();
    expect(read({ GOOGLE_ADMIN_EMAIL: 'it@acme.test' })).toBeNull();
  });
});
