// One JSON call over HTTP for vendors without an SDK: one request, one deadline, no retry, every failure classified. Knows no vendor.
import type { z } from 'zod';
import { ConnectorError, type ConnectorErrorKind } from './connector-error.ts';
import { type OnCall, watchCall } from './watch-call.ts';

export interface HttpSettings {
  /** As it stands in errors. */
  readonly vendor: string;
  /** Root of the vendor's site; paths are put behind it. */
  readonly url: string;
  /** Value of the Authorization header, asked for before each call; null: none, where the call itself is for credentials. */
  authorization(): string | null | Promise<string>;
  /** One deadline for connect, answer and body together, in ms. */
  readonly deadlineMs: number;
  /** The vendor's own words and code for a refusal; absent or null: the HTTP status alone. */
  explain?(answer: HttpAnswer): { readonly reason: string; readonly code?: string } | null;
  /** Whether a refusal means "slow down", and so was not applied; absent: 429. */
  isRateLimit?(answer: HttpAnswer): boolean;
  /** What a 2xx refuses all the same, nothing applied; absent or null: nothing. */
  refusalIn?(body: unknown): { readonly reason: string; readonly code?: string } | null;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers. */
  onHeaders?(headers: Headers): void;
}

export interface HttpCall {
  readonly operation: string;
  /** The vendor's id of what it is about, never an address or a name: it stands in logs. */
  readonly subject?: string;
  /** A read may always be repeated; a write without a clear answer is in doubt. A search by POST is a read. */
  readonly kind: 'read' | 'write';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Whatever stands in it must be encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as form fields instead. */
  readonly form?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when empty or no JSON. */
  readonly body: unknown;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

export function bearer(token: string): string {
  return `Bearer ${token}`;
}

export function connectHttp(settings: HttpSettings) {
  return {
    /** Sends once. Answers what `schema` makes of a 2xx's body (undefined when empty); throws ConnectorError otherwise. */
    send: <T>(call: HttpCall, schema: z.ZodType<T>): Promise<T> =>
      watchCall(settings.onCall, { vendor: settings.vendor, operation: call.operation, kind: call.kind }, () =>
        sendOnce(settings, call, schema),
      ),
  };
}

async function sendOnce<T>(settings: HttpSettings, call: HttpCall, schema: z.ZodType<T>): Promise<T> {
  const { status, headers, text } = await fetchWhole(settings, call);
  settings.onHeaders?.(headers);
  const isFine = status >= 200 && status < 300;
  const body = parsed(text);
  if (!isFine) throw refusal(settings, call, { status, headers, body });
  // For a write nobody knows what was done.
  if (body === undefined && text.trim() !== '') throw lost(settings, call, { status, reason: 'answer is no JSON' });
  const refused = settings.refusalIn?.(body) ?? null;
  if (refused) {
    const facts = { ...factsOf(settings, call), status, vendorCode: refused.code ?? null };
    throw new ConnectorError({ ...facts, kind: 'rejected', reason: tidy(refused.reason) });
  }
  const checked = schema.safeParse(body);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const reason = `unexpected answer: ${issue?.path.join('.')} ${issue?.message}`;
  throw lost(settings, call, { status, reason, cause: checked.error });
}

interface Whole {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A truncated body is no answer. A redirect is an answer: following it would carry the credential elsewhere. */
async function fetchWhole(settings: HttpSettings, call: HttpCall): Promise<Whole> {
  const authorization = await settings.authorization();
  const sent = contentOf(call);
  try {
    const response = await fetch(addressOf(settings, call), {
      method: call.method,
      headers: { accept: 'application/json', ...(authorization !== null && { authorization }), ...sent?.headers },
      ...(sent && { body: sent.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(settings.deadlineMs),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    const code = codeOf(error);
    const reason = code === 'TimeoutError' ? 'timed out' : `connection failed (${code})`;
    throw NEVER_SENT.has(code)
      ? new ConnectorError({ ...factsOf(settings, call), kind: 'transient', reason, cause: error })
      : lost(settings, call, { reason, cause: error });
  }
}

/** The connection was never there, so not even a write is in doubt. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function contentOf({ body, form }: HttpCall): { headers: Record<string, string>; body: string } | null {
  if (form)
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    };
  if (body === undefined) return null;
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A list is the same name again and again. */
function addressOf({ url }: HttpSettings, { path, query = {} }: HttpCall): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
  return `${url.replace(/\/+$/, '')}${path}${search}`;
}

function refusal(settings: HttpSettings, call: HttpCall, answer: HttpAnswer): ConnectorError {
  const { status } = answer;
  const isRateLimit = settings.isRateLimit?.(answer) ?? status === 429;
  const said = settings.explain?.(answer) ?? null;
  return new ConnectorError({
    ...factsOf(settings, call),
    kind: isRateLimit ? 'rate_limited' : kindOf(status, call),
    status,
    vendorCode: said?.code ?? null,
    reason: said ? tidy(said.reason) : wordsOf(status),
    retryAfterMs: isRateLimit ? retryAfterMs(answer.headers) : null,
  });
}

function kindOf(status: number, call: HttpCall): ConnectorErrorKind {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 410) return 'not_found';
  // Whether a 5xx was applied is not known: the next attempt looks before it writes.
  if (status === 408 || status >= 500) return kindOfLost(call);
  return 'rejected';
}

function lost(
  settings: HttpSettings,
  call: HttpCall,
  facts: { status?: number; reason: string; cause?: unknown },
): ConnectorError {
  return new ConnectorError({ ...factsOf(settings, call), kind: kindOfLost(call), ...facts });
}

function kindOfLost({ kind }: HttpCall): ConnectorErrorKind {
  return kind === 'write' ? 'ambiguous' : 'transient';
}

function factsOf({ vendor }: HttpSettings, { operation, subject }: HttpCall) {
  return { vendor, operation, ...(subject ? { subject } : {}) };
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), a date by the answer's own clock. 1 s where it is unusable. */
function retryAfterMs(headers: Headers): number {
  const after = headers.get('retry-after') ?? '';
  const span = Number(after) * 1000;
  if (after !== '' && Number.isFinite(span) && span > 0) return span;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const wait = Date.parse(after) - now;
  return Number.isFinite(wait) && wait > 0 ? wait : 1_000;
}

function wordsOf(status: number): string {
  return status >= 300 && status < 400 ? 'redirected: the address is not the vendor’s API' : `HTTP ${status}`;
}

const LONGEST_REASON = 200;

/** One short line without an address: vendors repeat what we sent them, and this stands in logs. */
function tidy(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.replaceAll(/[^\s'"(),;:<>]+@[^\s'"(),;:<>]+/g, '…@…').slice(0, LONGEST_REASON) || 'refused';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'TimeoutError';
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error ? String(error.code) : error.name;
}
