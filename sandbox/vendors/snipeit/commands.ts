// What tests do to Snipe-IT from outside: hands at its pages, lost permissions, slowness; and its picture for checkers.
import { pass } from '../clock.ts';
import { type Asset, anAsset, createInventory, type StatusLabel } from './inventory.ts';
import { PERMISSIONS, type Permission, type SnipeIt } from './operation.ts';

type Argument = Readonly<Record<string, unknown>>;

/** Each answers with what it changed. An `asset` is an id or a serial number. */
const COMMANDS: Readonly<Record<string, (snipeit: SnipeIt, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only; dates follow, the limit of calls does not. */
  advance: ({ inventory }, { ms }) => pass(inventory, ms),
  /** `{asset, patch}`: fields of inventory.ts's Asset. */
  set_asset: (snipeit, argument) => ({ ...Object.assign(wanted(snipeit, argument), argument.patch as Partial<Asset>) }),
  /** `{serial, user}`: `user` is a key of sandbox/people.ts, or null. */
  add_asset: ({ inventory }, { serial, user = null, patch = {} }) => {
    const id = Math.max(...inventory.assets.keys()) + 1;
    const asset = anAsset(id, String(serial), user as string | null, patch as Partial<Asset>);
    inventory.assets.set(id, asset);
    return asset;
  },
  /** `{labels}`: all that there are from now on. */
  set_labels: (snipeit, { labels }) => {
    snipeit.inventory = { ...snipeit.inventory, labels: labels as StatusLabel[] };
    return { labels: snipeit.inventory.labels };
  },
  /** `{permission}`: the token's user loses it. */
  revoke_permission: ({ permissions }, { permission }) => {
    if (!PERMISSIONS.some((one) => one === permission)) throw new Error(`no permission ${String(permission)}`);
    permissions.delete(permission as Permission);
    return { permissions: [...permissions] };
  },
  /** `{revoked}` */
  revoke_token: (snipeit, { revoked = true }) => {
    snipeit.isTokenRevoked = revoked === true;
    return { revoked: snipeit.isTokenRevoked };
  },
  /** `{perMinute}`: null takes it away. */
  set_rate_limit: (snipeit, { perMinute }) => {
    snipeit.limitPerMinute = perMinute === null ? null : Number(perMinute);
    return { perMinute: snipeit.limitPerMinute };
  },
  /** `{ms, operation?}` */
  set_latency: ({ latencyMs }, { ms, operation = '*' }) => {
    latencyMs.set(String(operation), Number(ms));
    return Object.fromEntries(latencyMs);
  },
  reset: (snipeit) => {
    snipeit.latencyMs.clear();
    Object.assign(snipeit, fresh());
    return { assets: snipeit.inventory.assets.size };
  },
};

/** Where it starts, and what `reset` goes back to. */
export function fresh(): Pick<SnipeIt, 'inventory' | 'isTokenRevoked' | 'permissions' | 'limitPerMinute' | 'window'> {
  return {
    inventory: createInventory(),
    isTokenRevoked: false,
    permissions: new Set(PERMISSIONS),
    limitPerMinute: 120,
    window: { minute: 0, calls: 0 },
  };
}

export function runCommand(snipeit: SnipeIt, name: string, argument: unknown): unknown {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(snipeit, argument as Argument) : undefined;
}

/** Everything that a checker needs, without the token: `history` has each check-in and change once, in order. */
export function describeState({ inventory, permissions }: SnipeIt): unknown {
  const { assets, labels, locations, history } = inventory;
  return {
    assets: [...assets.values()].map((one) => ({ ...one })),
    labels,
    locations,
    history,
    permissions: [...permissions],
  };
}

function wanted({ inventory }: SnipeIt, { asset }: Argument): Asset {
  const found = [...inventory.assets.values()].find((one) => one.id === asset || one.serial === asset);
  if (!found) throw new Error(`no asset ${String(asset)}`);
  return found;
}
