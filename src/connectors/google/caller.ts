// One call to Google: paced, with a token for one subject and one scope, before one deadline, its failure classified.
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { type OnCall, watchCall } from '../watch-call.ts';
import { type Apis, type JWT, loadApis } from './apis.ts';
import { asConnectorError, type CallFacts } from './errors.ts';
import { GOOGLE_SCOPES, type GoogleScope, scopeUrl } from './scopes.ts';
import type { ServiceAccount } from './service-account.ts';
import { createSend, NoAnswer } from './transport.ts';

export interface GoogleSettings {
  readonly serviceAccount: ServiceAccount;
  /** The account that acts in Directory, Data Transfer and licences: a super admin, since roles are taken away. */
  readonly adminEmail: string;
  /** Takes the place of every API's host; null: Google's own. */
  readonly apiUrl: string | null;
  readonly tokenUrl: string;
  /** One deadline for the token and the call together, in ms. */
  readonly deadlineMs: number;
  /** Waits for Google's published rate before a read; writes are paced by who makes them. */
  pace(bucket: 'google.reads'): Promise<void>;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** What a token's age is counted by; absent: the system's clock. */
  readonly clock?: { now(): Date };
}

/** Google's own. */
export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';

/**
 * Half of what Directory takes from a project, 2,400 a minute for each user who acts; Gmail's 6,000 units a minute count
 * for each mailbox, and the dearest call costs 100. @see https://developers.google.com/admin-sdk/directory/v1/limits, read 2026-11
 */
export const GOOGLE_PACES = {
  /** Writes; the bucket is the vendor's name. */
  google: { intervalMs: 100, burst: 30 },
  'google.reads': { intervalMs: 50, burst: 60 },
} as const;

/** What is kept of an account to act in its name: its id stands in logs, its address goes to Google only. */
export interface Mailbox {
  readonly id: string;
  readonly primaryEmail: string;
}

interface Call {
  /** The vendor's own name of the method: `directory.users.get`. */
  readonly operation: string;
  /** Google's id of what it is about, never an address. */
  readonly subject?: string;
  readonly scope: GoogleScope;
  /** Whose name it is made in; absent: the admin's. */
  readonly as?: Mailbox;
}

type Client = InstanceType<JWT>;
/** `auth` belongs into the method's parameters, `options` behind them. */
export interface Request {
  readonly auth: Client;
  readonly options: { readonly signal: AbortSignal };
}
type Send = (apis: Apis, request: Request) => Promise<{ readonly data: unknown }>;

export type Caller = ReturnType<typeof createCaller>;

export function createCaller(settings: GoogleSettings) {
  const send = createSend(settings);
  const nowMs = (): number => settings.clock?.now().getTime() ?? Date.now();
  const clients = new Map<string, { readonly client: Client; readonly madeAt: number }>();
  let loading: Promise<Apis> | null = null;
  const load = (): Promise<Apis> => {
    loading ??= loadApis(settings.apiUrl);
    return loading;
  };
  const clientFor = (apis: Apis, key: string, scope: GoogleScope, subject: string): Client => {
    const known = clients.get(key);
    // The library counts by the system's clock alone.
    if (known && nowMs() - known.madeAt < TOKEN_MS) return known.client;
    for (const old of [...clients.keys()].slice(0, Math.max(0, clients.size + 1 - MOST_CLIENTS))) clients.delete(old);
    const { clientEmail, privateKey, keyId } = settings.serviceAccount;
    // A call that is refused for its token must not be sent again by the library (oauth2client.js, requestAsync).
    const client = new apis.JWT({
      email: clientEmail,
      key: privateKey,
      keyId,
      scopes: [scopeUrl(scope)],
      subject,
      forceRefreshOnFailure: false,
    });
    client.transporter.request = send;
    clients.set(key, { client, madeAt: nowMs() });
    return client;
  };

  const once = async <T>(kind: 'read' | 'write', call: Call, ask: Send, schema: z.ZodType<T>): Promise<T> => {
    const { operation, subject, scope, as } = call;
    // Loaded before the deadline begins.
    const apis = await load();
    if (kind === 'read') await settings.pace('google.reads');
    const isAdmin = GOOGLE_SCOPES[scope].subject === 'admin' || as === undefined;
    const actsAs = as?.primaryEmail ?? settings.adminEmail;
    const facts: CallFacts = {
      kind,
      operation,
      ...(subject !== undefined && { subject }),
      scope,
      isAdmin,
      clientId: settings.serviceAccount.clientId,
    };
    return watchCall(settings.onCall, { vendor: 'google', operation, kind }, async () => {
      const key = `${scope} ${actsAs}`;
      const endsAt = performance.now() + settings.deadlineMs;
      let isTokenNew = true;
      try {
        const auth = clientFor(apis, key, scope, actsAs);
        const before = auth.credentials.access_token;
        await auth.getAccessToken();
        isTokenNew = auth.credentials.access_token !== before;
        // Whoever takes over from us counts one deadline from the last look at the lease, the token's time included.
        const leftMs = Math.floor(endsAt - performance.now());
        if (leftMs <= 0) throw new NoAnswer('timed out before it was sent', false);
        const { data } = await ask(apis, { auth, options: { signal: AbortSignal.timeout(leftMs) } });
        return schema.parse(data);
      } catch (error) {
        const failure = asConnectorError(error, facts);
        if (failure.kind !== 'unauthorized') throw failure;
        // Whoever tries again, tries with a new token. That an old one has ended (a new password ends it early) says nothing
        // of our rights, and what it was refused for was not done.
        clients.delete(key);
        throw failure.status === 401 && !isTokenNew ? endedToken(facts) : failure;
      }
    });
  };

  return {
    read: <T>(call: Call, schema: z.ZodType<T>, ask: Send): Promise<T> => once('read', call, ask, schema),
    /** A write whose answer says nothing more than that it was taken. */
    write: async (call: Call, ask: Send): Promise<void> => void (await once('write', call, ask, z.unknown())),
    /** A write whose answer is needed: one that is not as promised leaves it in doubt. */
    writeFor: <T>(call: Call, schema: z.ZodType<T>, ask: Send): Promise<T> => once('write', call, ask, schema),
  };
}

/** Google's live for an hour; taken anew with time to spare. @see https://developers.google.com/identity/protocols/oauth2, read 2026-11 */
const TOKEN_MS = 55 * 60_000;
/** Tokens are per subject and scope; those of people who left long ago are let go. */
const MOST_CLIENTS = 200;

/** Reads a list to its end, a call a page; `most`: no further than so many items. */
export async function allPages<P extends { readonly nextPageToken?: string | null | undefined }, T>(
  readPage: (pageToken: { pageToken?: string }) => Promise<P>,
  itemsOf: (page: P) => readonly T[] | null | undefined,
  most = Number.POSITIVE_INFINITY,
): Promise<{ readonly items: T[]; readonly hasMore: boolean }> {
  const items: T[] = [];
  let token: string | null = null;
  do {
    const page: P = await readPage(token === null ? {} : { pageToken: token });
    items.push(...(itemsOf(page) ?? []));
    token = page.nextPageToken || null;
  } while (token !== null && items.length < most);
  return { items, hasMore: token !== null };
}

function endedToken({ operation, subject }: CallFacts): ConnectorError {
  return new ConnectorError({
    kind: 'transient',
    vendor: 'google',
    operation,
    ...(subject !== undefined && { subject }),
    status: 401,
    reason: 'the access token had ended; the next try takes a new one',
  });
}
