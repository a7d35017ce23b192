// Starts the Retriever simulator: a strict stand-in for ordering return boxes, which are billed; shares nothing with src/.
import { randomBytes } from 'node:crypto';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { describeState, fresh, runCommand } from './commands.ts';
import { errorOf, throttled } from './errors.ts';
import { type Retriever, routeOf } from './operation.ts';
import { RETURN_OPERATIONS } from './return-operations.ts';

export interface RetrieverSimulator extends Running {
  readonly apiKey: string;
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

/** The key is made at the start, so that none lies in the repository. */
export async function startRetrieverSimulator(
  ports: { port?: number; controlPort?: number } = {},
): Promise<RetrieverSimulator> {
  const retriever: Retriever = { ...fresh(), apiKey: randomBytes(20).toString('hex') };
  const running = await startSimulator(vendorOf(retriever), ports);
  return {
    ...running,
    memory: memoryOf(retriever, ['orders']),
    apiKey: retriever.apiKey,
    command: (name, argument = {}) => runCommand(retriever, name, argument),
    state: () => describeState(retriever),
  };
}

function vendorOf(retriever: Retriever): Vendor {
  return {
    name: 'retriever',
    routes: RETURN_OPERATIONS.map((one) => routeOf(retriever, one)),
    unknown,
    error: (status, retryAfterSeconds = 1) => (status === 429 ? throttled(retryAfterSeconds) : errorOf(status)),
    state: () => describeState(retriever),
    command: (name, argument) => runCommand(retriever, name, argument),
    note,
  };
}

/** A path without its last slash is redirected, and what was posted to it is lost. */
function unknown({ path }: Request): Reply {
  return path.endsWith('/') ? errorOf(404) : { status: 301, headers: { location: `${path}/` } };
}

/** Which order, and what was refused; never the key, never whose address it is. */
function note(_: Route, request: Request, reply: Reply): Record<string, unknown> {
  const { ticket_id: ticketId, serial_number: serialNumber } = (request.body ?? {}) as Record<string, unknown>;
  const { id } = (reply.body ?? {}) as { id?: number };
  return {
    ...request.params,
    ...Object.fromEntries(request.query),
    ...(ticketId === undefined ? {} : { ticketId }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(id === undefined ? {} : { order: String(id) }),
    ...(reply.status === 400 && { refusal: Object.keys(reply.body as object).join(', ') }),
  };
}
