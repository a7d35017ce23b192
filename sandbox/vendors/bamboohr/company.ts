// The state of one BambooHR company: employees, and what changed when; knows no HTTP.
import { nowOf, type Timed } from '../clock.ts';
import { dayOf, type Employee, seedEmployees } from './employees.ts';

export interface Change {
  readonly employeeId: string;
  readonly action: 'Inserted' | 'Updated' | 'Deleted';
  readonly at: Date;
  readonly fields: readonly string[];
}

export interface Company extends Timed {
  readonly employees: Map<string, Employee>;
  /** In order. A webhook is sent for an entry of this list. */
  readonly changes: Change[];
}

/** When the records were made: before any test. */
const SEEDED_AT = new Date('2025-01-06T09:00:00Z');

export function createCompany(): Company {
  const employees = seedEmployees(new Date());
  return {
    movedMs: 0,
    employees: new Map(employees.map((one) => [one.id, one])),
    changes: employees.map(({ id }) => ({ employeeId: id, action: 'Inserted', at: SEEDED_AT, fields: [] })),
  };
}

export function todayOf(company: Company): string {
  return dayOf(nowOf(company));
}

/** Whoever has left and whoever has yet to come is Inactive; leave changes nothing. */
export function statusOf(company: Company, employee: Employee): 'Active' | 'Inactive' {
  const today = todayOf(company);
  const hasLeft = employee.endsOn !== null && employee.endsOn <= today;
  const isYetToCome = employee.hiredOn !== null && employee.hiredOn > today;
  return employee.status ?? (hasLeft || isYetToCome ? 'Inactive' : 'Active');
}

/** BambooHR recognises a future date when it arrives, unless it is asked for what lies ahead. */
export function endOf(company: Company, employee: Employee, onlyCurrent: boolean): string | null {
  const { endsOn } = employee;
  return onlyCurrent && endsOn !== null && endsOn > todayOf(company) ? null : endsOn;
}

export function changeEmployee(company: Company, employee: Employee, patch: Partial<Employee>): Employee {
  Object.assign(employee, patch);
  company.changes.push({ employeeId: employee.id, action: 'Updated', at: nowOf(company), fields: Object.keys(patch) });
  return employee;
}

/** A copy of `original` in all but id and employee number, with what is different. */
export function addEmployee(company: Company, original: Employee, patch: Partial<Employee>): Employee {
  const highest = Math.max(...[...company.employees.keys()].map(Number));
  const id = String(highest + 1);
  const added = { ...original, employeeNumber: String(highest + 1000), ...patch, id };
  company.employees.set(id, added);
  company.changes.push({ employeeId: id, action: 'Inserted', at: nowOf(company), fields: [] });
  return added;
}

export function deleteEmployee(company: Company, employee: Employee): void {
  company.employees.delete(employee.id);
  company.changes.push({ employeeId: employee.id, action: 'Deleted', at: nowOf(company), fields: [] });
}
