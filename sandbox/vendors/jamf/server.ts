// Starts the Jamf Pro simulator: a strict stand-in for the part that Sendoff uses, seeded with acme.test; shares nothing with src/.
import { Clock } from '../clock.ts';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { createAuth, issueToken } from './auth.ts';
import { describeState, runCommand } from './commands.ts';
import { seedDevices } from './devices.ts';
import { errorOf, refuse } from './errors.ts';
import { INVENTORY_OPERATIONS } from './inventory-operations.ts';
import { MDM_OPERATIONS } from './mdm-operations.ts';
import { inHand, type Jamf, routeOf } from './operation.ts';
import { createFleet } from './queue.ts';

export interface JamfSimulator extends Running {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
  readonly clock: Clock;
}

export async function startJamfSimulator(ports: { port?: number; controlPort?: number } = {}): Promise<JamfSimulator> {
  const clock = new Clock();
  const jamf: Jamf = {
    fleet: createFleet(seedDevices(clock.now())),
    clock,
    auth: createAuth(),
    version: 4,
    lagMs: 0,
    latencyMs: new Map(),
    load: { now: 0, most: 0 },
  };
  const running = await startSimulator(vendorOf(jamf), ports);
  return {
    ...running,
    clock,
    memory: memoryOf(jamf, ['fleet', 'version', 'lagMs']),
    clientId: jamf.auth.clientId,
    clientSecret: jamf.auth.clientSecret,
    command: (name, argument = {}) => runCommand(jamf, name, argument),
    state: () => describeState(jamf),
  };
}

function vendorOf(jamf: Jamf): Vendor {
  const token: Route = {
    operation: 'jamf.token',
    method: 'POST',
    pattern: /^\/api\/v1\/oauth\/token$/,
    write: false,
    handle: (request) => inHand(jamf, 'jamf.token', () => issueToken(jamf.auth, request)),
  };
  return {
    name: 'jamf',
    routes: [token, ...[...INVENTORY_OPERATIONS, ...MDM_OPERATIONS].map((one) => routeOf(jamf, one))],
    unknown: () => refuse(404),
    error: errorOf,
    state: () => describeState(jamf),
    command: (name, argument) => runCommand(jamf, name, argument),
    note: (route, request, reply) => note(jamf, route, request, reply),
  };
}

/** What was asked of which Mac, by its serial number; of a passcode only that there was one. Never a token, an address or a passcode. */
function note(jamf: Jamf, { operation, write }: Route, request: Request, reply: Reply): Record<string, unknown> {
  const refusal = (reply.body as { errors?: { code?: string }[] } | undefined)?.errors?.[0]?.code;
  const told = refusal === undefined ? {} : { refusal };
  if (operation === 'jamf.token') return told;
  const { clientData = [], commandData = {}, clientManagementIds = [], pin } = (request.body ?? {}) as Sent;
  const ids = [...clientData.map((one) => one.managementId), ...clientManagementIds];
  const serials = [...jamf.fleet.devices.values()]
    .filter(({ id, managementId }) => id === request.params.id || (managementId !== null && ids.includes(managementId)))
    .map((one) => one.serialNumber);
  const { commandType } = commandData;
  return {
    ...(request.params.version && { version: Number(request.params.version) }),
    ...(serials.length > 0 && { serials }),
    ...(write && { ...(commandType !== undefined && { commandType }), hasPin: (commandData.pin ?? pin) !== undefined }),
    ...told,
  };
}

interface Sent {
  readonly clientData?: readonly { readonly managementId: string }[];
  readonly commandData?: Readonly<Record<string, unknown>>;
  readonly clientManagementIds?: readonly string[];
  readonly pin?: unknown;
}
