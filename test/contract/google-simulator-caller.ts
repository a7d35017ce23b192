// Calls the Google simulator as a service account would: an assertion signed by hand, a token, a request. Records each exchange.
import { sign } from 'node:crypto';
import { expect } from 'vitest';
import type { GoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import type { Exchange } from './published-spec.ts';

export const AUTH = 'https://www.googleapis.com/auth/';
export const DIRECTORY = '/admin/directory/v1';
export const TRANSFERS = '/admin/datatransfer/v1/transfers';
export const SETTINGS = '/gmail/v1/users/me/settings';
export const CALENDAR = '/calendar/v3/calendars/primary';
export const LICENCES = '/apps/licensing/v1/product';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly body: any;
}

interface Options {
  /** Whom to act for; the administrator if absent. */
  readonly as?: string;
  readonly body?: unknown;
  /** Absent: every scope of the delegation list. */
  readonly scopes?: readonly string[];
  /** Instead of a fresh token. */
  readonly token?: string;
}

interface KeyFile {
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id: string;
}

export function createCaller(simulator: GoogleSimulator) {
  const recorded: Exchange[] = [];
  const key = JSON.parse(simulator.serviceAccountKey) as KeyFile;

  /** `change` replaces claims; `header` and `privateKey` what signs them. */
  const assertionOf = (
    change: Record<string, unknown> = {},
    { header = {}, privateKey = key.private_key }: { header?: object; privateKey?: string } = {},
  ): string => {
    const iat = Math.floor(Date.now() / 1000);
    const sub = simulator.adminEmail;
    const scope = simulator.scopes.join(' ');
    const claims = { iss: key.client_email, sub, scope, aud: simulator.tokenUrl, iat, exp: iat + 3600, ...change };
    const head = { alg: 'RS256', typ: 'JWT', kid: key.private_key_id, ...header };
    const text = [head, claims].map((one) => Buffer.from(JSON.stringify(one)).toString('base64url')).join('.');
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };

  const askToken = async (assertion: string, change: Record<string, string> = {}): Promise<Answer> => {
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, ...change };
    return answerOf(await fetch(simulator.tokenUrl, { method: 'POST', body: new URLSearchParams(form) }));
  };

  const tokenFor = async (sub = simulator.adminEmail, scopes = simulator.scopes): Promise<string> => {
    const answer = await askToken(assertionOf({ sub, scope: scopes.join(' ') }));
    expect(answer.body).toMatchObject({ token_type: 'Bearer' });
    return String(answer.body.access_token);
  };

  const call = async (method: string, path: string, options: Options = {}): Promise<Answer> => {
    const { as, body, scopes } = options;
    const token = options.token ?? (await tokenFor(as, scopes));
    const response = await fetch(simulator.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await answerOf(response);
    const { status } = answer;
    recorded.push({ method, path, status, requestBody: body, responseBody: answer.body });
    return answer;
  };

  return { recorded, assertionOf, askToken, tokenFor, call };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** `403 forbidden`: what a refusal comes down to. */
export function refusalOf({ status, body }: Answer): string {
  const { error } = (body ?? {}) as { error?: string | { errors?: { reason: string }[] } };
  return `${status} ${typeof error === 'string' ? error : error?.errors?.[0]?.reason}`;
}
