// Starts the Snipe-IT simulator: a strict stand-in for the part that Sendoff uses, seeded with acme.test; shares nothing with src/.
import { randomBytes } from 'node:crypto';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { describeState, fresh, runCommand } from './commands.ts';
import { errorOf } from './errors.ts';
import { routeOf, type SnipeIt } from './operation.ts';
import { OPERATIONS } from './operations.ts';

export interface SnipeItSimulator extends Running {
  readonly apiToken: string;
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

/** The token is made at the start, so that none lies in the repository. */
export async function startSnipeItSimulator(
  ports: { port?: number; controlPort?: number } = {},
): Promise<SnipeItSimulator> {
  const snipeit: SnipeIt = { ...fresh(), apiToken: randomBytes(48).toString('base64url'), latencyMs: new Map() };
  const running = await startSimulator(vendorOf(snipeit), ports);
  return {
    ...running,
    memory: memoryOf(snipeit, ['inventory']),
    apiToken: snipeit.apiToken,
    command: (name, argument = {}) => runCommand(snipeit, name, argument),
    state: () => describeState(snipeit),
  };
}

function vendorOf(snipeit: SnipeIt): Vendor {
  const routes = OPERATIONS.map((one) => routeOf(snipeit, one));
  return {
    name: 'snipeit',
    routes,
    unknown: ({ path }) => errorOf(routes.some((one) => one.pattern.test(path)) ? 405 : 404),
    error: errorOf,
    state: () => describeState(snipeit),
    command: (name, argument) => runCommand(snipeit, name, argument),
    note,
  };
}

/** What was asked for; never the token. `refused` is what Snipe-IT said no to. */
function note({ write }: Route, request: Request, reply: Reply): Record<string, unknown> {
  const { status, messages } = (reply.body ?? {}) as { status?: unknown; messages?: unknown };
  return {
    ...request.params,
    ...Object.fromEntries(request.query),
    ...(write && { sent: request.body }),
    ...(status === 'error' && { refused: messages }),
  };
}
