// BambooHR's employees one by one: record, directory, what changed, tables, and the list of fields.
import type { Reply } from '../simulator.ts';
import { statusOf, todayOf } from './company.ts';
import type { Employee } from './employees.ts';
import { refuse } from './errors.ts';
import { FIELDS, NO_DATE } from './fields.ts';
import { type Operation, type Visit, visibleEmployees, visibleFields, withEmployee } from './operation.ts';

const MOST_FIELDS = 400;
const DIRECTORY_FIELDS = ['displayName', 'firstName', 'lastName', 'jobTitle', 'department', 'location', 'workEmail'];

export const EMPLOYEE_OPERATIONS: readonly Operation[] = [
  // Before the single employee: `directory` and `changed` are no ids.
  {
    name: 'getEmployeesDirectory',
    method: 'GET',
    path: '/api/v1/employees/directory',
    speaksXml: true,
    handle: getDirectory,
  },
  {
    name: 'getChangedEmployeeIds',
    method: 'GET',
    path: '/api/v1/employees/changed',
    speaksXml: true,
    handle: getChanged,
  },
  { name: 'getEmployee', method: 'GET', path: '/api/v1/employees/{id}', speaksXml: true, handle: getEmployee },
  {
    name: 'getEmployeeTableData',
    method: 'GET',
    path: '/api/v1/employees/{id}/tables/{table}',
    speaksXml: true,
    handle: getTable,
  },
  {
    name: 'listFields',
    method: 'GET',
    path: '/api/v1/meta/fields',
    speaksXml: true,
    // What the account has, not what the key may see.
    handle: () => ({ status: 200, body: FIELDS.map(({ id, name, type, alias }) => ({ id, name, type, alias })) }),
  },
];

function getEmployee(visit: Visit): Reply {
  return withEmployee(visit, (employee) => {
    const names = (visit.request.query.get('fields') ?? '').split(',').filter(Boolean);
    if (names.length > MOST_FIELDS) return refuse(400, `The maximum number of fields is ${MOST_FIELDS}`);
    return { status: 200, body: recordOf(visit, employee, names) };
  });
}

/** Active people only; future hires too if asked for. */
function getDirectory(visit: Visit): Reply {
  const withFuture = visit.request.query.get('onlyCurrent') === 'false';
  const today = todayOf(visit.company);
  const isListed = (one: Employee): boolean =>
    statusOf(visit.company, one) === 'Active' || (withFuture && one.hiredOn !== null && one.hiredOn > today);
  const found = visibleEmployees(visit).filter(isListed);
  if (found.length === 0) return refuse(404, 'The directory is empty');
  const fields = visibleFields(visit, DIRECTORY_FIELDS).map(({ alias, type, name }) => ({ id: alias, type, name }));
  const employees = found.map((one) => ({ ...recordOf(visit, one, DIRECTORY_FIELDS), canUploadPhoto: 0 }));
  return { status: 200, body: { fields, employees } };
}

/** The last change of each employee since then; `latest` is the next cursor. */
function getChanged(visit: Visit): Reply {
  const { query } = visit.request;
  const since = Date.parse(query.get('since') ?? '');
  const type = query.get('type') ?? 'all';
  if (Number.isNaN(since)) return refuse(400, 'The since parameter must be an ISO 8601 timestamp');
  if (!['inserted', 'updated', 'deleted', 'all'].includes(type)) return refuse(400, 'Invalid type');
  const changes = visit.company.changes.filter(
    (one) => one.at.getTime() > since && (type === 'all' || one.action.toLowerCase() === type),
  );
  const employees = Object.fromEntries(
    changes.map(({ employeeId: id, action, at }) => [id, { id, action, lastChanged: stamp(at) }]),
  );
  return { status: 200, body: { latest: stamp(changes.at(-1)?.at ?? new Date(since)), employees } };
}

function getTable(visit: Visit): Reply {
  const { id = '', table = '' } = visit.request.params;
  if (table !== 'employmentStatus' && table !== 'jobInfo') return refuse(404, 'Table not found');
  const rows = table === 'jobInfo' ? jobInfoOf : employmentStatusOf;
  if (id === 'all') return { status: 200, body: visibleEmployees(visit).flatMap((one) => rows(visit, one)) };
  return withEmployee(visit, (employee) => ({ status: 200, body: rows(visit, employee) }));
}

function recordOf(visit: Visit, employee: Employee, names: readonly string[]): Record<string, string | null> {
  const onlyCurrent = visit.request.query.get('onlyCurrent') !== 'false';
  const { company } = visit;
  const values = visibleFields(visit, names).map(({ alias, type, value }): [string, string | null] => {
    const empty = type === 'date' ? NO_DATE : null;
    return [alias, value({ company, employee, onlyCurrent }) ?? empty];
  });
  return { id: employee.id, ...Object.fromEntries(values) };
}

/** One row for each status; what lies ahead is among them. */
function employmentStatusOf(visit: Visit, employee: Employee): Record<string, string | null>[] {
  const { id: employeeId, hiredOn, endsOn, employmentStatus } = employee;
  if (visit.bamboohr.hiddenFields.has('employmentHistoryStatus')) return [];
  const nothing = { comment: null, terminationReasonId: null, terminationTypeId: null, terminationRehireId: null };
  const before = employmentStatus === 'Terminated' ? 'Full-Time' : employmentStatus;
  const rows = [{ id: `${employeeId}1`, employeeId, date: hiredOn ?? NO_DATE, employmentStatus: before, ...nothing }];
  if (endsOn === null) return rows;
  return [...rows, { ...nothing, id: `${employeeId}2`, employeeId, date: endsOn, employmentStatus: 'Terminated' }];
}

function jobInfoOf(visit: Visit, employee: Employee): Record<string, string | null>[] {
  const view = { company: visit.company, employee, onlyCurrent: true };
  const columns = visibleFields(visit, ['location', 'department', 'jobTitle', 'supervisor']);
  const values = columns.map((one) => [one.alias === 'supervisor' ? 'reportsTo' : one.alias, one.value(view)]);
  const { id: employeeId, hiredOn } = employee;
  return [{ id: `${employeeId}3`, employeeId, date: hiredOn ?? NO_DATE, ...Object.fromEntries(values) }];
}

/** Whole seconds with an offset, as BambooHR writes instants. */
function stamp(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, '+00:00');
}
