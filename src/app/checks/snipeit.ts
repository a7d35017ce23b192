// Snipe-IT, checked: the token, what its user may do with assets, status labels, locations, the clock.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectSnipeIt, type SnipeIt, type StatusLabel } from '../../connectors/snipeit/client.ts';
import type { InventoryPolicy } from '../../workflow/model/inventory-policy.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { asRefusal, clockFinding, dateOf, ok, problem, warning } from './finding.ts';

const PERMISSIONS = 'Snipe-IT > People > the token’s user > Edit > Permissions';

/** `inventory`: what the policy names must be there. */
export async function checkSnipeIt(
  config: NonNullable<Config['snipeit']>,
  inventory: InventoryPolicy,
  clock: Clock,
): Promise<readonly Finding[]> {
  let date: Date | null = null;
  const snipeit = connectSnipeIt({
    ...config,
    deadlineMs: CHECK_DEADLINE_MS,
    pace: async () => undefined,
    onHeaders: (headers) => {
      date = dateOf(headers);
    },
  });
  const rights = await snipeit.rights().catch((error: unknown) => asRefusal(error));
  if (rights instanceof ConnectorError && rights.status !== 403) return [tokenFinding(rights)];
  return [
    ok('token'),
    ...(rights instanceof ConnectorError ? [lacking('View Assets')] : rightFindings(rights)),
    ...(await labelFindings(snipeit, inventory)),
    await locationFinding(snipeit, inventory),
    clockFinding('Snipe-IT', date, clock),
  ];
}

function tokenFinding(refused: ConnectorError): Finding {
  if (refused.kind === 'unauthorized')
    return problem(
      `token refused (${refused.reason})`,
      'Sign in to Snipe-IT as the token’s user > Manage API Keys: make a new one, set SNIPEIT_API_TOKEN',
    );
  if (refused.status !== null && refused.status < 500)
    return problem(
      `not the API of Snipe-IT (${refused.reason})`,
      'Set SNIPEIT_URL to the root of Snipe-IT; nothing in front of it may redirect',
    );
  return problem(`no answer (${refused.reason})`, 'Check SNIPEIT_URL, the network and the server of Snipe-IT');
}

function rightFindings(rights: Awaited<ReturnType<SnipeIt['rights']>>): readonly Finding[] {
  if (rights === null) return [ok('assets'), warning('there is no asset: what may be done with one could not be seen')];
  const { mayCheckIn, mayUpdate } = rights;
  return [ok('assets'), rightFinding('Checkin Assets', mayCheckIn), rightFinding('Edit Assets', mayUpdate)];
}

/** A write is not tried: Snipe-IT says of an asset what the user may do with it. */
function rightFinding(permission: string, may: boolean | null): Finding {
  if (may === false) return lacking(permission);
  return may ? { level: 'unproved', says: permission } : warning(`whether ${permission} is granted is not told`);
}

function lacking(permission: string): Finding {
  return problem(`${permission} not granted`, `${PERMISSIONS}: grant ${permission}`);
}

async function labelFindings(snipeit: SnipeIt, inventory: InventoryPolicy): Promise<readonly Finding[]> {
  const labels = await snipeit.statusLabels().catch((error: unknown) => asRefusal(error));
  if (labels instanceof ConnectorError) return [refusedList('status labels', labels)];
  const { pendingStatus, readyStatus, lostStatus } = inventory;
  const missing = Object.entries({ pendingStatus, readyStatus, lostStatus }).filter(
    ([, name]) => name !== '' && !labels.some((one) => isCalled(one.name, name)),
  );
  if (missing.length > 0)
    return missing.map(([key, name]) =>
      problem(
        `no status label “${name}” (policy: inventory.${key})`,
        'Snipe-IT > Settings > Status Labels: add it, or correct the policy',
      ),
    );
  const lacks = ['pending', 'deployable'].filter((type) => !hasType(labels, type));
  if (lacks.length === 0) return [ok(`${labels.length} status labels`)];
  return [warning(`no ${lacks.join(' and no ')} status label`, 'Snipe-IT > Settings > Status Labels: add one')];
}

function hasType(labels: readonly StatusLabel[], type: string): boolean {
  return labels.some((one) => one.type === type);
}

function isCalled(name: string | null, wanted: string): boolean {
  return name?.trim().toLowerCase() === wanted.toLowerCase();
}

async function locationFinding(snipeit: SnipeIt, { location }: InventoryPolicy): Promise<Finding> {
  const places = await snipeit.locations().catch((error: unknown) => asRefusal(error));
  if (places instanceof ConnectorError) return refusedList('locations', places);
  if (location !== '' && !places.some((one) => isCalled(one.name, location)))
    return problem(
      `no location “${location}” (policy: inventory.location)`,
      'Snipe-IT > Settings > Locations: add it, or correct the policy',
    );
  return ok(places.length === 1 ? '1 location' : `${places.length} locations`);
}

function refusedList(what: string, refused: ConnectorError): Finding {
  if (refused.kind === 'unauthorized')
    return problem(`${what} cannot be seen`, `${PERMISSIONS}: grant View on ${what}`);
  return problem(`${what}: no answer (${refused.reason})`, 'Check the server of Snipe-IT');
}
