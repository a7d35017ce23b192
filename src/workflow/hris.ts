// What BambooHR says of the person of a plan: their record by work address, or why it is not known. Reads only; never a reason not to start.
import type { BambooHr } from '../connectors/bamboohr/client.ts';
import type { EmployeeMatch } from '../connectors/bamboohr/dataset.ts';
import type { BambooHrField, Employee } from '../connectors/bamboohr/employee.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { User } from '../connectors/okta/schema.ts';
import {
  contradictionsOf,
  type HrisField,
  type HrisRecord,
  managersDiffer,
  type OktaAccount,
} from './model/identity.ts';
import type { HrisView } from './model/plan.ts';

/** Containment waits for this at most: less than the preview, since nothing of it hangs on HR. */
export const HRIS_DEADLINE_MS = 5_000;

export type HrisReads = Pick<BambooHr, 'findEmployeesByEmail' | 'getEmployee'>;

export interface HrisDeps {
  /** Null: no BambooHR is set up. */
  readonly bamboohr: HrisReads | null;
  log: { warn(fields: object, message: string): void };
}

/** Null where no BambooHR is set up. Never throws for what BambooHR does. */
export async function lookAtHris(deps: HrisDeps, user: User, name: string): Promise<HrisView | null> {
  const { bamboohr } = deps;
  if (bamboohr === null) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HrisView>((resolve) => {
    const why = `no answer within ${HRIS_DEADLINE_MS / 1000} s`;
    timer = setTimeout(() => resolve({ is: 'not_read', why, isRefusal: false }), HRIS_DEADLINE_MS);
  });
  const seen = read(bamboohr, accountOf(user, name), addressesOf(user)).catch((error: unknown): HrisView => {
    deps.log.warn({ err: error }, 'BambooHR could not be read for a plan');
    if (!(error instanceof ConnectorError)) throw error;
    return { is: 'not_read', why: error.reason, isRefusal: error.kind === 'unauthorized' };
  });
  try {
    return await Promise.race([seen, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function read(bamboohr: HrisReads, account: OktaAccount, addresses: readonly string[]): Promise<HrisView> {
  const found = await Promise.all(addresses.map((address) => bamboohr.findEmployeesByEmail(address)));
  const matches = [...new Map(found.flat().map((match) => [match.id, match])).values()];
  const read = await Promise.all(matches.map((match) => readRecord(bamboohr, match, matches.length > 1)));
  const records = read.filter((record) => record !== null);
  const [record, ...others] = records;
  if (!record) return { is: 'no_record' };
  const because = contradictionsOf(account, records);
  if (because.length > 0) return { is: 'undecided', because, account, records };
  if (others.length > 0) throw new Error('several records are always a contradiction');
  const differs = managersDiffer(account, record);
  return { is: 'same_person', record, managersDiffer: differs, oktaManager: account.managers[0] ?? null };
}

/** Null: deleted since it was found. One of several that cannot be read still stands beside the others. */
async function readRecord(
  bamboohr: HrisReads,
  match: EmployeeMatch,
  isOneOfSeveral: boolean,
): Promise<HrisRecord | null> {
  try {
    const employee = await bamboohr.getEmployee(match.id);
    return employee && withManagersAddress(bamboohr, recordOf(match, employee));
  } catch (error) {
    if (!isOneOfSeveral || !(error instanceof ConnectorError)) throw error;
    return { ...UNREAD, id: match.id, email: match.workEmail, status: match.status };
  }
}

/** `supervisorEmail` is not there in every account; the manager's own record has the address. */
async function withManagersAddress(bamboohr: HrisReads, record: HrisRecord): Promise<HrisRecord> {
  if (record.managerEmail !== null || record.managerId === null) return record;
  try {
    return { ...record, managerEmail: (await bamboohr.getEmployee(record.managerId))?.workEmail ?? null };
  } catch (error) {
    if (error instanceof ConnectorError) return record;
    throw error;
  }
}

const UNREAD: Omit<HrisRecord, 'id' | 'email' | 'status'> = {
  name: null,
  employeeNumber: null,
  title: null,
  department: null,
  country: null,
  managerId: null,
  managerName: null,
  managerEmail: null,
  hireDate: null,
  terminationDate: null,
  hidden: ['name', 'number', 'manager', 'country', 'department', 'dates'],
};

const HIDDEN_WHERE: Readonly<Record<HrisField, readonly BambooHrField[]>> = {
  name: ['displayName'],
  number: ['employeeNumber'],
  status: ['status'],
  manager: ['supervisorEId', 'supervisor'],
  country: ['country'],
  department: ['department'],
  dates: ['hireDate', 'terminationDate'],
};

function recordOf(match: EmployeeMatch, employee: Employee): HrisRecord {
  const fields = Object.keys(HIDDEN_WHERE) as HrisField[];
  return {
    id: employee.id,
    email: match.workEmail,
    status: employee.status ?? match.status,
    name: employee.displayName,
    employeeNumber: employee.employeeNumber,
    title: employee.jobTitle,
    department: employee.department,
    country: employee.country,
    managerId: employee.supervisorId,
    managerName: firstNameFirst(employee.supervisorName),
    managerEmail: employee.supervisorEmail,
    hireDate: employee.hireDate,
    terminationDate: employee.terminationDate,
    hidden: fields.filter((field) => HIDDEN_WHERE[field].some((one) => employee.missing.includes(one))),
  };
}

/** `Njeri, Grace` is how BambooHR names whom somebody reports to. */
function firstNameFirst(name: string | null): string | null {
  const [last, first, ...more] = (name ?? '').split(',').map((part) => part.trim());
  return last && first && more.length === 0 ? `${first} ${last}` : name;
}

function addressesOf({ profile }: User): readonly string[] {
  const given = [profile.email, profile.login].flatMap((one) => (one?.includes('@') ? [one.toLowerCase()] : []));
  return [...new Set(given)];
}

function accountOf({ id, profile }: User, name: string): OktaAccount {
  const given = [profile.firstName, profile.lastName].filter(Boolean).join(' ');
  return {
    id,
    login: profile.login,
    name,
    names: [...new Set([name, given].filter(Boolean))],
    employeeNumber: profile.employeeNumber ?? null,
    title: profile.title ?? null,
    managers: [profile.manager, profile.managerId].flatMap((one) => (one ? [one] : [])),
  };
}
