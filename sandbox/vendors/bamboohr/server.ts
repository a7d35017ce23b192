// Starts the BambooHR simulator: a strict stand-in for the reads Sendoff uses, seeded with acme.test; shares nothing with src/.
import { randomBytes } from 'node:crypto';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { describeState, FRESH, runCommand } from './commands.ts';
import { createCompany } from './company.ts';
import { DATASET_OPERATIONS } from './dataset-operations.ts';
import { EMPLOYEE_OPERATIONS } from './employee-operations.ts';
import { errorOf, refuse } from './errors.ts';
import { type BambooHr, routeOf, tooMany } from './operation.ts';

export interface BambooHrSimulator extends Running {
  readonly apiKey: string;
  /** Of the webhook that the command `create_webhook` makes. */
  readonly webhookKey: string;
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

/** The key is made at the start, so that none lies in the repository. */
export async function startBambooHrSimulator(
  ports: { port?: number; controlPort?: number } = {},
): Promise<BambooHrSimulator> {
  const bamboohr: BambooHr = {
    ...FRESH,
    company: createCompany(),
    apiKey: randomBytes(20).toString('hex'),
    hiddenFields: new Set(),
    hiddenEmployees: new Set(),
    latencyMs: new Map(),
    window: { minute: 0, calls: 0 },
    webhookKey: randomBytes(24).toString('hex'),
    subscription: null,
  };
  const running = await startSimulator(vendorOf(bamboohr), ports);
  return {
    ...running,
    memory: memoryOf(bamboohr, ['company', 'hiddenFields', 'hiddenEmployees']),
    apiKey: bamboohr.apiKey,
    webhookKey: bamboohr.webhookKey,
    command: (name, argument = {}) => runCommand(bamboohr, name, argument),
    state: () => describeState(bamboohr),
  };
}

function vendorOf(bamboohr: BambooHr): Vendor {
  const routes = [...EMPLOYEE_OPERATIONS, ...DATASET_OPERATIONS].map((one) => routeOf(bamboohr, one));
  return {
    name: 'bamboohr',
    routes,
    unknown: () => refuse(404, 'The requested path was not found'),
    error: (status, retryAfterSeconds) => (status === 429 ? tooMany(bamboohr, retryAfterSeconds) : errorOf(status)),
    state: () => describeState(bamboohr),
    command: (name, argument) => runCommand(bamboohr, name, argument),
    note,
  };
}

/** What was asked for; never the key. */
function note(_: Route, request: Request, reply: Reply): Record<string, unknown> {
  const { filter, fields } = (request.body ?? {}) as { filter?: string; fields?: string[] };
  const refusal = reply.headers?.['x-bamboohr-error-message'];
  return {
    ...request.params,
    ...Object.fromEntries(request.query),
    ...(fields && { fields: fields.join(',') }),
    ...(filter && { filter }),
    ...(refusal && { refusal }),
  };
}
