// Turns one BambooHR operation into a route of the frame: latency, rate limit, key and Accept come before its handler.
import type { Reply, Request, Route } from '../simulator.ts';
import type { Company } from './company.ts';
import type { Employee } from './employees.ts';
import { errorOf, refuse } from './errors.ts';
import { FIELDS, type Field } from './fields.ts';
import type { Subscription } from './webhooks.ts';

/** All that the routes share. `company` is replaced by the command `reset`. */
export interface BambooHr {
  company: Company;
  /** What is answered while frozen; null: the truth. */
  frozen: Company | null;
  readonly apiKey: string;
  isKeyRevoked: boolean;
  /** Aliases that the key's user may not see. */
  hiddenFields: Set<string>;
  /** What a dataset makes of a hidden field: BambooHR's documentation has said `refuse` and later `mark`; `silent` is the worst case. */
  hiddenInDatasets: 'mark' | 'refuse' | 'silent';
  /** Ids of records that the key's user may not see. */
  hiddenEmployees: Set<string>;
  /** By operation name, `*` for all. */
  readonly latencyMs: Map<string, number>;
  /** Refuses past this many calls a minute; null: never. */
  limitPerMinute: number | null;
  /** 429 since 2026-09-16, 503 before. */
  limitStatus: 429 | 503;
  window: { minute: number; calls: number };
  /** BambooHR would show it once, when the webhook is made. */
  readonly webhookKey: string;
  /** Null: nobody is told of changes. */
  subscription: Subscription | null;
}

export interface Visit {
  readonly bamboohr: BambooHr;
  readonly company: Company;
  readonly request: Request;
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** As in the published spec. */
  readonly path: string;
  /** Answers XML to whoever does not ask for JSON. */
  readonly speaksXml: boolean;
  handle(visit: Visit): Reply;
}

export function routeOf(bamboohr: BambooHr, operation: Operation): Route {
  const { method, path, speaksXml } = operation;
  const name = `bamboohr.${operation.name}`;
  const source = path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    operation: name,
    method,
    pattern: new RegExp(`^${source}$`),
    write: false, // the dataset query is a POST that changes nothing
    handle: async (request) => {
      await wait(bamboohr.latencyMs.get(name) ?? bamboohr.latencyMs.get('*') ?? 0);
      if (isOverLimit(bamboohr)) return tooMany(bamboohr);
      if (!isAllowed(bamboohr, request)) return errorOf(401);
      const reply = operation.handle({ bamboohr, company: bamboohr.frozen ?? bamboohr.company, request });
      const wantsJson = /application\/json/.test(request.headers.accept ?? '');
      return speaksXml && !wantsJson && reply.status === 200 ? asXml(reply) : reply;
    },
  };
}

export function tooMany({ limitStatus }: BambooHr, retryAfterSeconds = 60): Reply {
  return refuse(limitStatus, `Over rate limit, please try again in ${retryAfterSeconds} seconds`, {
    'retry-after': String(retryAfterSeconds),
  });
}

/** For operations on one record. Id 0 would be whoever the key belongs to: our key's user is no employee. */
export function withEmployee(visit: Visit, use: (employee: Employee) => Reply): Reply {
  const { id = '' } = visit.request.params;
  const employee = visit.company.employees.get(id);
  if (!employee) return refuse(404, 'Employee not found');
  if (visit.bamboohr.hiddenEmployees.has(id)) return refuse(403, 'Insufficient Permissions to view this employee');
  return use(employee);
}

export function visibleEmployees({ bamboohr, company }: Visit): Employee[] {
  return [...company.employees.values()].filter((one) => !bamboohr.hiddenEmployees.has(one.id));
}

export function isHidden({ bamboohr }: Visit, field: Field): boolean {
  return bamboohr.hiddenFields.has(field.alias);
}

/** Those of `names` that exist and that the key may see: the rest is left out without a word. */
export function visibleFields(visit: Visit, names: readonly string[]): Field[] {
  const found = names.flatMap((name) => FIELDS.find((one) => one.alias === name || String(one.id) === name) ?? []);
  return found.filter((one) => !isHidden(visit, one));
}

function isOverLimit(bamboohr: BambooHr): boolean {
  const minute = Math.floor(Date.now() / 60_000);
  if (bamboohr.window.minute !== minute) bamboohr.window = { minute, calls: 0 };
  bamboohr.window.calls += 1;
  return bamboohr.limitPerMinute !== null && bamboohr.window.calls > bamboohr.limitPerMinute;
}

/** Basic, the key as user; the password does not matter. */
function isAllowed({ apiKey, isKeyRevoked }: BambooHr, request: Request): boolean {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ');
  const [user] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return scheme.toLowerCase() === 'basic' && user === apiKey && !isKeyRevoked;
}

function asXml(reply: Reply): Reply {
  return { ...reply, headers: { 'content-type': 'application/xml' }, body: '<?xml version="1.0"?>\n<answer/>' };
}

async function wait(ms: number): Promise<void> {
  if (ms > 0) await new Promise((done) => setTimeout(done, ms));
}
