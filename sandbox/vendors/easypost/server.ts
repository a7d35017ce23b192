// Starts the EasyPost simulator: a strict stand-in for parcel tracking, with signed events; shares nothing with src/.
import { randomBytes } from 'node:crypto';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { describeState, runCommand } from './commands.ts';
import { errorOf, tooMany } from './errors.ts';
import { type EasyPost, routeOf } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { createTrackers } from './trackers.ts';
import { Outbox } from './webhooks.ts';

export interface EasyPostSimulator extends Running {
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

/** Key and secret are made at the start, so that none lies in the repository. */
export async function startEasyPostSimulator(
  ports: { port?: number; controlPort?: number } = {},
): Promise<EasyPostSimulator> {
  const easypost: EasyPost = {
    trackers: createTrackers(),
    apiKey: `EZTK${randomBytes(24).toString('hex')}`,
    isKeyRevoked: false,
    outbox: new Outbox(),
    retrieverControlUrl: null,
  };
  const running = await startSimulator(vendorOf(easypost), ports);
  return {
    ...running,
    memory: memoryOf(easypost, ['trackers']),
    apiKey: easypost.apiKey,
    webhookSecret: easypost.outbox.secret,
    command: (name, argument = {}) => runCommand(easypost, name, argument),
    state: () => describeState(easypost),
  };
}

function vendorOf(easypost: EasyPost): Vendor {
  return {
    name: 'easypost',
    routes: OPERATIONS.map((one) => routeOf(easypost, one)),
    unknown: () => errorOf(404),
    error: (status, retryAfterSeconds) => (status === 429 ? tooMany(retryAfterSeconds) : errorOf(status)),
    state: () => describeState(easypost),
    command: (name, argument) => runCommand(easypost, name, argument),
    note,
  };
}

/** Which parcel, and what was refused; never the key. */
function note(_: Route, request: Request, reply: Reply): Record<string, unknown> {
  const { tracker } = (request.body ?? {}) as { tracker?: { tracking_code?: unknown } };
  const { error, id } = (reply.body ?? {}) as { error?: { code: string }; id?: string };
  return {
    ...request.params,
    ...Object.fromEntries(request.query),
    ...(tracker?.tracking_code === undefined ? {} : { code: tracker.tracking_code }),
    ...(id === undefined ? {} : { tracker: id }),
    ...(error && { refusal: error.code }),
  };
}
