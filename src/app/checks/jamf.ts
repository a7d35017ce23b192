// Jamf Pro, checked: the API client, each privilege of its role, the clock. A lock cannot be tried: what Jamf tells of the role stands for it.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectJamf, JAMF_PRIVILEGES, type Jamf } from '../../connectors/jamf/client.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { asRefusal, clockFinding, dateOf, ok, problem, warning } from './finding.ts';

const ROLE = 'Jamf Pro > Settings > System > API roles and clients > API roles: the client’s role';

type Name = keyof typeof JAMF_PRIVILEGES;
/** What is done without: a Mac that comes back is then erased by hand, and nothing hurries a Mac to check in. */
const DISPENSABLE: readonly Name[] = ['erase', 'push'];
/** Those that a read shows. */
const TRIALS: Partial<Record<Name, (jamf: Jamf) => Promise<unknown>>> = {
  commands: (jamf) => jamf.tryCommands(),
  pin: (jamf) => jamf.tryPins(),
};

export async function checkJamf(config: NonNullable<Config['jamf']>, clock: Clock): Promise<readonly Finding[]> {
  let date: Date | null = null;
  const jamf = connectJamf({
    ...config,
    deadlineMs: CHECK_DEADLINE_MS,
    pace: async () => undefined,
    onHeaders: (headers) => {
      date = dateOf(headers);
    },
  });
  const read = await refusalOf(jamf.tryInventory());
  const client = clientFinding(read);
  if (client) return [client];
  const told = await jamf.privileges().catch(() => null);
  return [
    ok('API client'),
    ...(read ? [lacking('read')] : [ok(JAMF_PRIVILEGES.read)]),
    ...(await privilegeFindings(jamf, told)),
    clockFinding('Jamf', date, clock),
  ];
}

/** Null: Jamf takes it, whatever it may do. */
function clientFinding(refused: ConnectorError | null): Finding | null {
  if (refused === null || refused.status === 403) return null;
  if (refused.kind === 'unauthorized')
    return problem(
      `API client refused (${refused.reason})`,
      'Jamf Pro > Settings > System > API roles and clients > API clients: is it enabled? Generate a new secret, set JAMF_CLIENT_ID and JAMF_CLIENT_SECRET',
    );
  if (refused.kind === 'not_found')
    return problem(
      'no Jamf Pro at this address',
      'Set JAMF_URL to the server’s address, such as https://acme.jamfcloud.com',
    );
  return problem(`no answer (${refused.reason})`, 'Check JAMF_URL, the network and status.jamf.com');
}

async function privilegeFindings(jamf: Jamf, told: readonly string[] | null): Promise<readonly Finding[]> {
  const names = (Object.keys(JAMF_PRIVILEGES) as Name[]).filter((name) => name !== 'read');
  const findings: Finding[] = [];
  for (const name of names) findings.push(await privilegeFinding(jamf, name, told));
  return findings;
}

/** A read that works shows it; of the others there is only Jamf's word. */
async function privilegeFinding(jamf: Jamf, name: Name, told: readonly string[] | null): Promise<Finding> {
  const privilege = JAMF_PRIVILEGES[name];
  const trial = TRIALS[name];
  const refused = trial ? await refusalOf(trial(jamf)) : null;
  if (refused?.kind === 'unauthorized') return lacking(name);
  if (refused) return problem(`${privilege}: no answer (${refused.reason})`, 'Try again; see status.jamf.com');
  if (trial) return ok(privilege);
  if (told?.includes(privilege)) return { level: 'unproved', says: privilege };
  if (told) return lacking(name);
  return warning(`whether ${privilege} is granted is not told by Jamf`, `${ROLE}: look whether it has it`);
}

function lacking(name: Name): Finding {
  const [says, fix] = [`${JAMF_PRIVILEGES[name]} not granted`, `${ROLE} > Edit: add it`];
  return DISPENSABLE.includes(name) ? warning(says, fix) : problem(says, fix);
}

async function refusalOf(call: Promise<unknown>): Promise<ConnectorError | null> {
  const answer = await call.catch((error: unknown) => asRefusal(error));
  return answer instanceof ConnectorError ? answer : null;
}
