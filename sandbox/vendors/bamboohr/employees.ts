// The HR records of acme.test: the invented people as BambooHR knows them, and whom only HR knows; knows no simulator.
import { PEOPLE } from '../../people.ts';

/** What the company keeps about one employee. Dates are `YYYY-MM-DD`. */
export interface Employee {
  /** The record's own number, given by BambooHR; never the company's employee number. */
  readonly id: string;
  /** Key in sandbox/people.ts; those whom only HR knows have one of their own. */
  readonly key: string;
  employeeNumber: string;
  firstName: string;
  lastName: string;
  displayName: string;
  workEmail: string | null;
  homeEmail: string | null;
  /** Where they live. */
  address1: string | null;
  address2: string | null;
  city: string | null;
  /** As HR typed it: `OR`. */
  state: string | null;
  zipcode: string | null;
  jobTitle: string | null;
  department: string | null;
  location: string | null;
  /** The name, not the code. */
  country: string | null;
  /** Id of another record. */
  supervisorId: string | null;
  hiredOn: string | null;
  /** Last day of employment; may lie ahead. */
  endsOn: string | null;
  /** Names are the company's own; being on leave is one of them. */
  employmentStatus: string;
  /** Set by hand; null: follows from the dates. */
  status: 'Active' | 'Inactive' | null;
}

/** Accounts that are nobody's: HR has no record of them. */
const NO_EMPLOYEES = ['breakGlass', 'tokenOwner', 'danaPlus'];
const COUNTRIES: Readonly<Record<string, string>> = {
  US: 'United States',
  KE: 'Kenya',
  FR: 'France',
  IE: 'Ireland',
  GB: 'United Kingdom',
};
const DEPARTMENTS: Readonly<Record<string, string>> = {
  lin: 'IT',
  sam: 'IT',
  admin: 'IT',
  grace: 'Engineering',
  dana: 'Engineering',
  ada: 'Data',
  alex: 'Design',
};
/** Everybody of a country lives at the same invented address. */
const HOMES: Readonly<Record<string, Partial<Employee>>> = {
  US: { address1: '12 Elm Street', address2: 'Apt 4', city: 'Springfield', state: 'OR', zipcode: '97477' },
  GB: { address1: '3 Mill Lane', city: 'Reading', zipcode: 'RG1 2AB' },
};
const FIRST_ID = 40;
const FIRST_NUMBER = 1001;

/** Whose record says more than that they work here. `today` makes what lies ahead lie ahead. */
function peculiarities(today: Date): Readonly<Record<string, Partial<Employee>>> {
  const inDays = (days: number): string => dayOf(new Date(today.getTime() + days * 86_400_000));
  return {
    // Her termination is entered, and two weeks away.
    danna: { endsOn: inDays(14) },
    // Hired, not here yet: Inactive, and no address.
    staged: { hiredOn: inDays(30), workEmail: null },
    deprovisioned: { endsOn: '2025-06-30', employmentStatus: 'Terminated' },
    // On leave, which is no exit: Active, no end.
    suspended: { employmentStatus: 'Leave of Absence' },
    // HR never entered when she came.
    recovery: { hiredOn: null },
    // As HR typed it; the same mailbox.
    lockedOut: { workEmail: 'LockedOut@Acme.test' },
  };
}

export function seedEmployees(today: Date): Employee[] {
  const keys = PEOPLE.filter((one) => !NO_EMPLOYEES.includes(one.key)).map((one) => one.key);
  const idOf = (key: string): string => String(FIRST_ID + keys.indexOf(key));
  const known = peculiarities(today);
  const people = PEOPLE.filter((one) => keys.includes(one.key)).map((one, at): Employee => {
    const { key, firstName, lastName, email, title, country = 'GB', managerKey } = one;
    const supervisor = managerKey ?? (key === 'grace' ? 'admin' : null);
    return {
      ...anEmployee(key, idOf(key), at, { firstName, lastName }),
      workEmail: email,
      homeEmail: `${key.toLowerCase()}@home.test`,
      ...HOMES[country],
      jobTitle: title ?? 'Specialist',
      department: DEPARTMENTS[key] ?? 'Operations',
      country: COUNTRIES[country] ?? null,
      supervisorId: supervisor === null ? null : idOf(supervisor),
      ...known[key],
    };
  });
  const warehouse = anEmployee('noMail', String(FIRST_ID + keys.length), keys.length, {
    firstName: 'Marta',
    lastName: 'Lindqvist',
  });
  return [...people, { ...warehouse, jobTitle: 'Warehouse associate', department: 'Logistics', location: 'Depot' }];
}

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function anEmployee(key: string, id: string, at: number, name: { firstName: string; lastName: string }): Employee {
  return {
    id,
    key,
    employeeNumber: String(FIRST_NUMBER + at),
    ...name,
    displayName: `${name.firstName} ${name.lastName}`,
    workEmail: null,
    homeEmail: null,
    ...{ address1: null, address2: null, city: null, state: null, zipcode: null },
    jobTitle: null,
    department: null,
    location: 'Head office',
    country: 'United Kingdom',
    supervisorId: null,
    hiredOn: '2024-02-05',
    endsOn: null,
    employmentStatus: 'Full-Time',
    status: null,
  };
}
