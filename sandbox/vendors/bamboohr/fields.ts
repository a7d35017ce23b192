// The fields of an employee: their name in the API, in the employee dataset, and their value; knows no HTTP.
// @see https://documentation.bamboohr.com/docs/list-of-field-names and reference/get-data-from-dataset-v2
import { type Company, endOf, statusOf } from './company.ts';
import type { Employee } from './employees.ts';

export interface FieldView {
  readonly company: Company;
  readonly employee: Employee;
  readonly onlyCurrent: boolean;
}

export interface Field {
  readonly id: number;
  /** As people see it. */
  readonly name: string;
  readonly type: string;
  /** As `?fields=` takes it. */
  readonly alias: string;
  /** As the employee dataset calls it; null: not in it. */
  readonly dataset: string | null;
  value(view: FieldView): string | null;
}

/** An empty date: `0000-00-00` from the employee endpoints, null from datasets. */
export const NO_DATE = '0000-00-00';

const supervisorOf = ({ company, employee }: FieldView): Employee | null =>
  company.employees.get(employee.supervisorId ?? '') ?? null;

export const FIELDS: readonly Field[] = [
  field(1, 'First Name', 'text', 'firstName', 'firstName', ({ employee }) => employee.firstName),
  field(2, 'Last Name', 'text', 'lastName', 'lastName', ({ employee }) => employee.lastName),
  field(3, 'Display name', 'text', 'displayName', null, ({ employee }) => employee.displayName),
  field(4, 'Employee #', 'text', 'employeeNumber', 'employeeNumber', ({ employee }) => employee.employeeNumber),
  field(5, 'Status', 'status', 'status', 'status', ({ company, employee }) => statusOf(company, employee)),
  field(6, 'Work Email', 'email', 'workEmail', 'email', ({ employee }) => employee.workEmail),
  field(7, 'Home Email', 'email', 'homeEmail', 'homeEmail', ({ employee }) => employee.homeEmail),
  field(8, 'Country', 'country', 'country', 'country', ({ employee }) => employee.country),
  field(9, 'Hire Date', 'date', 'hireDate', 'hireDate', ({ employee }) => employee.hiredOn),
  field(10, 'Termination Date', 'date', 'terminationDate', 'terminationDate', ({ company, employee, onlyCurrent }) =>
    endOf(company, employee, onlyCurrent),
  ),
  field(11, 'Job Title', 'list', 'jobTitle', 'jobInformationJobTitle', ({ employee }) => employee.jobTitle),
  field(12, 'Department', 'list', 'department', 'jobInformationDepartment', ({ employee }) => employee.department),
  field(13, 'Location', 'list', 'location', 'jobInformationLocation', ({ employee }) => employee.location),
  field(
    14,
    'Employment Status',
    'list',
    'employmentHistoryStatus',
    'employmentStatus',
    ({ employee }) => employee.employmentStatus,
  ),
  // Last name first, as references to employees are shown.
  field(15, 'Reporting to', 'employee', 'supervisor', 'jobInformationReportsTo', (view) => {
    const supervisor = supervisorOf(view);
    return supervisor && `${supervisor.lastName}, ${supervisor.firstName}`;
  }),
  // The trap: `supervisorId` is the supervisor's employee NUMBER, `supervisorEId` the id of their record.
  field(16, 'Supervisor Id', 'integer', 'supervisorId', null, (view) => supervisorOf(view)?.employeeNumber ?? null),
  field(17, 'Supervisor EId', 'integer', 'supervisorEId', 'supervisorEid', (view) => supervisorOf(view)?.id ?? null),
  field(18, 'Supervisor email', 'email', 'supervisorEmail', null, (view) => supervisorOf(view)?.workEmail ?? null),
  field(19, 'EEID', 'text', 'eeid', 'eeid', ({ employee }) => employee.id),
  field(20, 'Address Line 1', 'text', 'address1', null, ({ employee }) => employee.address1),
  field(21, 'Address Line 2', 'text', 'address2', null, ({ employee }) => employee.address2),
  field(22, 'City', 'text', 'city', null, ({ employee }) => employee.city),
  field(23, 'State', 'state', 'state', null, ({ employee }) => employee.state),
  field(24, 'Zip Code', 'text', 'zipcode', null, ({ employee }) => employee.zipcode),
];

function field(
  id: number,
  name: string,
  type: string,
  alias: string,
  dataset: string | null,
  value: Field['value'],
): Field {
  return { id, name, type, alias, dataset, value };
}
