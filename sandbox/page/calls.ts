// The journal that the page shows: the app's calls to all vendors, and Slack's to the app, newest first.
import type { ShownCall } from '../client/shapes.ts';
import { VENDORS } from './simulators.ts';
import type { World } from './world.ts';

const MOST = 250;

export function newestCalls(world: World, vendor: string | null): ShownCall[] {
  const names = VENDORS.filter((name) => vendor === null || name === vendor);
  const calls = names.flatMap((name) =>
    world.simulators.all[name].journal.calls
      .slice(-MOST)
      .map(({ seq, at, operation, write, applied, state, status, detail }) => ({
        ...{ vendor: name, seq, at, operation, write, applied, state, status },
        detail: Object.entries(detail).map(
          ([field, value]) => `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        ),
      })),
  );
  return [...calls, ...deliveries(world, vendor)].sort((a, b) => b.at - a.at).slice(0, MOST);
}

/** What Slack has sent to the app: the raw request is shown as it was signed. */
function deliveries(world: World, vendor: string | null): ShownCall[] {
  if (vendor !== null && vendor !== 'app') return [];
  return world.simulators.slack.workspace.deliveries.slice(-MOST).map((one, at) => ({
    vendor: 'app',
    seq: at,
    at: one.at,
    operation: one.kind,
    write: false,
    applied: false,
    state: one.ackMs === 0 && one.status === 0 ? 'received' : 'answered',
    status: one.status === 0 ? null : one.status,
    detail: [`by: ${one.user}`, `answered in: ${one.ackMs} ms`, one.raw],
  }));
}
