// EasyPost's trackers, and the list of its webhooks.
import type { Reply, Request } from '../simulator.ts';
import { errorOf, refuse } from './errors.ts';
import type { EasyPost, Operation } from './operation.ts';
import { followRetriever } from './retriever-parcels.ts';
import { render, track } from './trackers.ts';

const MOST_A_PAGE = 100;
const FALLBACK_A_PAGE = 20;
const LIST_PARAMETERS = ['tracking_code', 'carrier', 'before_id', 'page_size'];

export const OPERATIONS: readonly Operation[] = [
  { name: 'createTracker', method: 'POST', path: '/v2/trackers', handle: create },
  { name: 'listTrackers', method: 'GET', path: '/v2/trackers', handle: list },
  { name: 'getTracker', method: 'GET', path: '/v2/trackers/{id}', handle: get },
  {
    name: 'listWebhooks',
    method: 'GET',
    path: '/v2/webhooks',
    handle: ({ outbox }) => ({ status: 200, body: { webhooks: outbox.hooks() } }),
  },
];

async function create(easypost: EasyPost, request: Request): Promise<Reply> {
  const { tracker, ...others } = (request.body ?? {}) as { tracker?: Record<string, unknown> };
  if (!tracker || typeof tracker !== 'object') return unusable('tracker', 'is required');
  const { tracking_code: code, carrier = null, ...more } = tracker;
  const [unknown] = [...Object.keys(others), ...Object.keys(more)];
  if (unknown !== undefined) return unusable(unknown, 'is not a parameter');
  if (typeof code !== 'string' || code === '') return unusable('tracking_code', 'is required');
  if (!/^[A-Za-z0-9]{6,40}$/.test(code)) return unusable('tracking_code', `${code} is not a tracking code`);
  if (carrier !== null && typeof carrier !== 'string') return unusable('carrier', 'is not a carrier');
  const had = easypost.trackers.all.length;
  const made = track(easypost.trackers, code, carrier);
  await followRetriever(easypost);
  // The event comes before the answer: whoever asked cannot have kept the tracker's id yet.
  if (easypost.trackers.all.length > had) await easypost.outbox.tell(made, 'tracker.created');
  return { status: 201, body: render(made) };
}

async function get(easypost: EasyPost, request: Request): Promise<Reply> {
  await followRetriever(easypost);
  const found = easypost.trackers.all.find((one) => one.id === request.params.id);
  return found ? { status: 200, body: render(found) } : errorOf(404);
}

/** Newest first. */
async function list(easypost: EasyPost, request: Request): Promise<Reply> {
  await followRetriever(easypost);
  const unknown = [...request.query.keys()].find((name) => !LIST_PARAMETERS.includes(name));
  if (unknown !== undefined) return unusable(unknown, 'is not a parameter');
  const size = Number(request.query.get('page_size') ?? FALLBACK_A_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > MOST_A_PAGE) return unusable('page_size', 'must be 1 to 100');
  const asked = (name: string, value: string): boolean => [null, value].includes(request.query.get(name));
  const found = easypost.trackers.all
    .filter((one) => asked('tracking_code', one.code) && asked('carrier', one.carrier))
    .toReversed();
  const from = found.findIndex((one) => one.id === request.query.get('before_id')) + 1;
  const trackers = found.slice(from, from + size).map(render);
  return { status: 200, body: { trackers, has_more: from + size < found.length } };
}

function unusable(field: string, message: string): Reply {
  return refuse(422, 'TRACKER.CREATE.ERROR', `${field} ${message}`, [{ field, message }]);
}
