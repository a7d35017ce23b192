// BambooHR, checked: the key, each field that plans and later steps need, the clock. A field that a key may not see is left out without a word.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { connectBambooHr } from '../../connectors/bamboohr/client.ts';
import { BAMBOOHR_FIELDS, type BambooHrField } from '../../connectors/bamboohr/employee.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { asRefusal, clockFinding, dateOf, ok, problem, warning } from './finding.ts';

/** What is done without: the manager's address is then read in the manager's record, titles are only shown. */
const DISPENSABLE: readonly BambooHrField[] = ['supervisorEmail', 'jobTitle', 'department'];

/** As BambooHR's access levels call them. */
const WORDS: Readonly<Record<BambooHrField, string>> = {
  displayName: 'Display name',
  employeeNumber: 'Employee #',
  workEmail: 'Work Email',
  status: 'Status',
  supervisorEId: 'Reporting to',
  supervisor: 'Reporting to',
  supervisorEmail: 'Supervisor email',
  country: 'Country',
  department: 'Department',
  jobTitle: 'Job Title',
  hireDate: 'Hire Date',
  terminationDate: 'Termination Date',
};

export async function checkBambooHr(
  config: NonNullable<Config['bamboohr']>,
  clock: Clock,
): Promise<readonly Finding[]> {
  let date: Date | null = null;
  const bamboohr = connectBambooHr({
    ...config,
    deadlineMs: CHECK_DEADLINE_MS,
    pace: async () => undefined,
    onHeaders: (headers) => {
      date = dateOf(headers);
    },
  });
  const fields = await bamboohr.readableFields().catch((error: unknown) => asRefusal(error));
  if (fields instanceof ConnectorError) return [keyFinding(fields)];
  return [ok('key'), ...fieldFindings(fields.missing), clockFinding('BambooHR', date, clock)];
}

function keyFinding(refused: ConnectorError): Finding {
  if (refused.kind === 'unauthorized' && refused.status !== 401)
    return problem(
      `no employee can be seen (${refused.reason})`,
      'BambooHR > Settings > Access Levels: let the key’s user see all employees, inactive ones too',
    );
  if (refused.kind === 'unauthorized')
    return problem(
      `key refused (${refused.reason})`,
      'Sign in to BambooHR as the key’s user > API Keys: make a new one, set BAMBOOHR_API_KEY',
    );
  return problem(`no answer (${refused.reason})`, 'Check BAMBOOHR_URL, the network and status.bamboohr.com');
}

function fieldFindings(missing: readonly BambooHrField[]): readonly Finding[] {
  if (missing.length === 0) return [ok(`${BAMBOOHR_FIELDS.length} of ${BAMBOOHR_FIELDS.length} fields`)];
  const told = new Map(missing.map((field) => [WORDS[field], DISPENSABLE.includes(field)]));
  return [...told].map(([field, isDispensable]) => {
    const says = `${field} cannot be seen`;
    const fix = `BambooHR > Settings > Access Levels > the key’s user: View on ${field}`;
    return isDispensable ? warning(says, fix) : problem(says, fix);
  });
}
