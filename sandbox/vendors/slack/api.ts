// How every Web API call is taken: token, scope, arguments, then the method; refusals are HTTP 200 with `ok:false`.
// @see https://docs.slack.dev/apis/web-api/, read 2026-11
import type { Reply, Request } from '../simulator.ts';
import { type Args, readArgs } from './args.ts';
import { Refusal } from './refusal.ts';
import type { Json, Workspace } from './workspace.ts';

export interface ApiMethod {
  readonly name: string;
  /** null: none, or one that depends on the conversation and is asked for by the method itself. */
  readonly scope: string | null;
  readonly write: boolean;
  /** Names it reads, as in Slack's reference; others are ignored by Slack and noted in the journal. */
  readonly args: readonly string[];
  handle(workspace: Workspace, args: Args): Json;
}

/** Sent by every client, whatever the method. */
const COMMON_ARGS: readonly string[] = ['token', 'team_id'];

export function callMethod(workspace: Workspace, method: ApiMethod, request: Request): Reply {
  try {
    authenticate(workspace, request);
    if (method.scope !== null) requireScope(workspace, method.scope);
    const body = method.handle(workspace, readArgs(request));
    return { status: 200, headers: scopeHeaders(workspace, method), body: { ok: true, ...body } };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const headers =
      thrown.code === 'not_authed' || thrown.code === 'invalid_auth' ? {} : scopeHeaders(workspace, method);
    return {
      status: thrown.httpStatus,
      headers: { ...headers, ...thrown.headers },
      body: { ok: false, error: thrown.code, ...thrown.extra },
    };
  }
}

/** Throws `missing_scope` with what was needed and what is there. */
export function requireScope(workspace: Workspace, needed: string): void {
  if (workspace.scopes.includes(needed)) return;
  throw new Refusal('missing_scope', { needed, provided: workspace.scopes.join(',') });
}

/** Arguments that Slack would silently ignore: nearly always a misspelling. */
export function ignoredArguments(method: ApiMethod, request: Request): readonly string[] {
  const given = typeof request.body === 'object' && request.body !== null ? Object.keys(request.body) : [];
  return given.filter((name) => !method.args.includes(name) && !COMMON_ARGS.includes(name));
}

function authenticate(workspace: Workspace, request: Request): void {
  const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) throw new Refusal('not_authed');
  if (given !== workspace.token) throw new Refusal('invalid_auth');
}

function scopeHeaders(workspace: Workspace, method: ApiMethod): Record<string, string> {
  const accepted: Record<string, string> = method.scope === null ? {} : { 'x-accepted-oauth-scopes': method.scope };
  return { 'x-oauth-scopes': workspace.scopes.join(','), ...accepted };
}
