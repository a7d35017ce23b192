// The ways into a Google account besides its password, as they stand: which are open, what closes each, and what they were for evidence.
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { MobileDevice } from '../../connectors/google/access.ts';
import type { Google } from '../../connectors/google/client.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Effect, Fact, Facts, ReadContext, StepContext } from '../model/step.ts';

const DELETE_TOKEN = 'google.delete_token';
const DELETE_APP_PASSWORD = 'google.delete_app_password';
const INVALIDATE_BACKUP_CODES = 'google.invalidate_backup_codes';
const CLEAR_RECOVERY = 'google.clear_recovery';
const REMOVE_ROLE = 'google.remove_role';
const WIPE_ACCOUNT = 'google.wipe_mobile_account';
const HIDE = 'google.hide_address';

export interface Doors {
  /** Names and counts, never an address. */
  readonly facts: Facts;
  /** A write for each that is open; access before appearance. */
  readonly close: readonly Effect[];
}

export async function readDoors(google: Google, context: ReadContext, account: Account): Promise<Doors> {
  const { id } = account;
  const [apps, appPasswords, backupCodes, roles, phones, groups] = await Promise.all([
    google.access.listTokens(id),
    google.access.listAppPasswords(id),
    google.access.countBackupCodes(id),
    readRoles(google, id),
    google.access.listMobileDevices(account),
    google.access.listGroups(id),
  ]);
  const hasRecovery = account.hasRecoveryEmail || account.hasRecoveryPhone;
  const close: Effect[] = [
    ...apps.map((one) => lasting(DELETE_TOKEN, one.clientId)),
    ...appPasswords.map((one) => lasting(DELETE_APP_PASSWORD, one.codeId)),
    ...(backupCodes > 0 ? [lasting(INVALIDATE_BACKUP_CODES)] : []),
    ...(hasRecovery ? [lasting(CLEAR_RECOVERY)] : []),
    ...roles.map((one): Effect => ({ name: REMOVE_ROLE, target: one.id, repeat: 'safe' })),
    ...phones.filter((one) => needsWipe(one, context)).map((one) => lasting(WIPE_ACCOUNT, one.id)),
    ...(account.includeInGlobalAddressList ? [{ name: HIDE, repeat: 'safe' } as const] : []),
  ];
  const facts: Record<string, Fact> = {
    apps: apps.map((one) => one.displayText ?? 'unnamed app'),
    appPasswords: appPasswords.length,
    backupCodes,
    recovery: [...(account.hasRecoveryEmail ? ['email'] : []), ...(account.hasRecoveryPhone ? ['phone'] : [])],
    roles: roles.map((one) => one.name),
    phones: phones.map((one) => `${one.model ?? one.os ?? 'device'} (${one.status})`),
    groups: groups.map((one) => one.name ?? one.id),
    groupIds: groups.map((one) => one.id),
    listed: account.includeInGlobalAddressList,
  };
  return { facts, close };
}

export const isAppPassword = (effect: Effect): boolean => effect.name === DELETE_APP_PASSWORD;

/** One write of `Doors.close`. */
export function closeDoor(google: Google, { id }: Account, { name, target = '' }: Effect): Promise<void> {
  switch (name) {
    case DELETE_TOKEN:
      return google.access.deleteToken(id, target);
    case DELETE_APP_PASSWORD:
      return google.access.deleteAppPassword(id, target);
    case INVALIDATE_BACKUP_CODES:
      return google.access.invalidateBackupCodes(id);
    case CLEAR_RECOVERY:
      return google.accounts.clearRecovery(id);
    case REMOVE_ROLE:
      return google.access.deleteRoleAssignment(target);
    case WIPE_ACCOUNT:
      return google.access.wipeMobileAccount(target);
    case HIDE:
      return google.accounts.hideFromAddressList(id);
    default:
      throw new Error(`no door is closed by ${name}`);
  }
}

/** All of them, also behind one that Google refuses: what it says is thrown when nothing is left to close. */
export async function writeEach(
  context: StepContext,
  effects: readonly Effect[],
  send: (effect: Effect) => Promise<void>,
): Promise<void> {
  const refused: unknown[] = [];
  for (const effect of effects) {
    await context
      .write(effect, () => send(effect))
      .catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        refused.push(error);
      });
  }
  if (refused.length > 0) throw refused[0];
}

/** The last super admin's is never among them: the plan refuses that person, and only another one's rights can take it away. */
async function readRoles(google: Google, userId: string) {
  const given = await google.access.listRoleAssignments(userId);
  const known = given.length === 0 ? [] : await google.access.listRoles();
  return given.map(({ id, roleId }) => ({
    id,
    name: known.find((one) => one.id === roleId)?.name ?? `role ${roleId}`,
  }));
}

/** The phone does it when it is online next, perhaps never: that Google took the order is all that can be had. */
function needsWipe({ id, status }: MobileDevice, context: ReadContext): boolean {
  return !WIPED.has(status) && context.receipt({ name: WIPE_ACCOUNT, target: id }) === null;
}

/** Asked for by anybody, or done. Google does not publish all words; for others it is asked once. */
const WIPED = new Set(['account wiping', 'account wiped', 'wiping', 'wiped']);

function lasting(name: string, target?: string): Effect {
  return { name, ...(target !== undefined && { target }), repeat: 'safe', irreversible: true };
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConnectorError && (error.kind === 'rejected' || error.kind === 'not_found');
}
