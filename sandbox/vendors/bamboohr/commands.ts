// What tests do to the company from outside: changes by HR, a lost key, lost permissions, slowness; and its picture for checkers.
import { pass } from '../clock.ts';
import { addEmployee, changeEmployee, createCompany, deleteEmployee, endOf, statusOf, todayOf } from './company.ts';
import type { Employee } from './employees.ts';
import { FIELDS } from './fields.ts';
import type { BambooHr } from './operation.ts';
import { type Subscription, subscribe, tellOfDays, tellSubscriber } from './webhooks.ts';

type Argument = Readonly<Record<string, unknown>>;

/** Each answers with what it changed. An `employee` is an id or a key of sandbox/people.ts. */
const COMMANDS: Readonly<Record<string, (bamboohr: BambooHr, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only; dates and today follow, and a termination whose day comes is told. Limits and signatures go by the real time. */
  advance: ({ company, subscription }, { ms }) => {
    const before = todayOf(company);
    const answer = pass(company, ms);
    tellOfDays(company, subscription, before);
    return answer;
  },
  /** `{employee, patch}`: `patch` as in employees.ts; `endsOn` terminates, `status` sets it whatever the dates say. */
  set_employee: (bamboohr, argument) =>
    changeEmployee(bamboohr.company, wanted(bamboohr, argument), argument.patch as Partial<Employee>),
  /** `{employee, patch}`: a new record, otherwise like that one. */
  add_employee: (bamboohr, argument) =>
    addEmployee(bamboohr.company, wanted(bamboohr, argument), argument.patch as Partial<Employee>),
  delete_employee: (bamboohr, argument) => {
    const employee = wanted(bamboohr, argument);
    deleteEmployee(bamboohr.company, employee);
    return { deleted: employee.id };
  },
  /** `{fields, datasets?}`: from now on the key sees all but these; `datasets` is `mark` (the default), `refuse` or `silent`. */
  hide_fields: (bamboohr, { fields, datasets = 'mark' }) => {
    const unknown = (fields as string[]).filter((name) => !FIELDS.some((one) => one.alias === name));
    if (unknown.length > 0) throw new Error(`no fields ${unknown.join(', ')}`);
    bamboohr.hiddenFields = new Set(fields as string[]);
    bamboohr.hiddenInDatasets = datasets as BambooHr['hiddenInDatasets'];
    return { hidden: [...bamboohr.hiddenFields], datasets };
  },
  /** `{employees}`: from now on the key sees everybody but these. */
  hide_employees: (bamboohr, { employees }) => {
    const ids = (employees as unknown[]).map((employee) => wanted(bamboohr, { employee }).id);
    bamboohr.hiddenEmployees = new Set(ids);
    return { hidden: ids };
  },
  revoke_key: (bamboohr) => {
    bamboohr.isKeyRevoked = true;
    return { revoked: true };
  },
  restore_key: (bamboohr) => {
    bamboohr.isKeyRevoked = false;
    return { revoked: false };
  },
  /** `{ms, operation?}` */
  set_latency: (bamboohr, { ms, operation = '*' }) => {
    bamboohr.latencyMs.set(String(operation), Number(ms));
    return Object.fromEntries(bamboohr.latencyMs);
  },
  /** `{perMinute, status?}`: null takes the limit away; `status` is 429, or 503 as before 2026-09-16. */
  set_rate_limit: (bamboohr, { perMinute, status = 429 }) => {
    bamboohr.limitPerMinute = perMinute === null ? null : Number(perMinute);
    bamboohr.limitStatus = status === 503 ? 503 : 429;
    return { perMinute, status: bamboohr.limitStatus };
  },
  /** `{on}`: from now on every read answers with what is true now, until it is switched off. */
  freeze: (bamboohr, { on }) => {
    bamboohr.frozen = on === true ? structuredClone(bamboohr.company) : null;
    return { on };
  },
  /** `{url, shape?, privateKey?}`: a webhook for changes; answers with its key, this once. `shape`: `event` (default) or `with_fields`. */
  create_webhook: (bamboohr, { url, shape = 'event', privateKey = bamboohr.webhookKey }) => {
    const given = { url: String(url), shape: shape as Subscription['shape'], privateKey: String(privateKey) };
    bamboohr.subscription = subscribe(bamboohr.company, given);
    return { privateKey: bamboohr.subscription.privateKey };
  },
  reset: (bamboohr) => {
    bamboohr.company = createCompany();
    if (bamboohr.subscription) bamboohr.subscription.told = bamboohr.company.changes.length;
    bamboohr.latencyMs.clear();
    Object.assign(bamboohr, FRESH, { hiddenFields: new Set(), hiddenEmployees: new Set() });
    return { employees: bamboohr.company.employees.size };
  },
};

/** Where a company starts, and what `reset` goes back to. */
export const FRESH = {
  frozen: null,
  isKeyRevoked: false,
  hiddenInDatasets: 'mark',
  limitPerMinute: null,
  limitStatus: 429,
} as const;

export function runCommand(bamboohr: BambooHr, name: string, argument: unknown): unknown {
  const answer = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(bamboohr, argument as Argument) : undefined;
  tellSubscriber(bamboohr.company, bamboohr.subscription);
  return answer;
}

/** Everything that a checker needs, without the key. */
export function describeState({ company, hiddenFields, hiddenEmployees }: BambooHr): unknown {
  return {
    employees: [...company.employees.values()].map((one) => ({
      ...one,
      status: statusOf(company, one),
      endedOn: endOf(company, one, true),
    })),
    changes: company.changes.map((one) => ({ ...one, at: one.at.toISOString() })),
    hiddenFields: [...hiddenFields],
    hiddenEmployees: [...hiddenEmployees],
  };
}

function wanted({ company }: BambooHr, { employee }: Argument): Employee {
  const found =
    company.employees.get(String(employee)) ?? [...company.employees.values()].find((one) => one.key === employee);
  if (!found) throw new Error(`no employee ${String(employee)}`);
  return found;
}
