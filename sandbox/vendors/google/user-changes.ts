// What a change of a user record does to the account: suspension, archive, password, recovery; and how late reads see it.
import type { Reply } from '../simulator.ts';
import { invalid, refuse } from './errors.ts';
import type { Google, Visit } from './operation.ts';
import { ARCHIVED, ENTERPRISE } from './seed.ts';
import { suspend, type User } from './tenant.ts';

const BOOLEANS = ['suspended', 'archived', 'changePasswordAtNextLogin', 'includeInGlobalAddressList', 'ipWhitelisted'];
const TEXTS = ['password', 'hashFunction', 'orgUnitPath', 'recoveryEmail', 'recoveryPhone', 'primaryEmail'];
const HASHES: Readonly<Record<string, RegExp>> = {
  MD5: /^[0-9a-f]{32}$/i,
  'SHA-1': /^[0-9a-f]{40}$/i,
  crypt: /^\$(1|5|6)\$.+/,
};

/** The record as the Directory shows it now: for `directoryMs` after a change, as it was. */
export function seen(google: Google, user: User): User {
  const now = google.clock.now();
  return google.pastRecords.find((one) => one.userId === user.id && one.until > now)?.was ?? user;
}

/** Every change of a record goes through here. */
export function changeUser(google: Google, user: User, apply: () => void): void {
  const { directoryMs } = google.delays;
  const now = google.clock.now();
  google.pastRecords = google.pastRecords.filter((one) => one.until > now);
  if (directoryMs > 0)
    google.pastRecords.push({ userId: user.id, until: now + directoryMs, was: structuredClone(user) });
  apply();
}

/** PATCH and PUT are the same to Google: what is absent stays. Null, or why nothing at all was changed. */
export function updateUser(visit: Visit, user: User): Reply | null {
  const complaint = complainOf(visit, user);
  if (complaint) return complaint;
  const { google, body, now } = visit;
  changeUser(google, user, () => {
    if (typeof body.suspended === 'boolean') setSuspended(google, user, body.suspended, now);
    if (typeof body.archived === 'boolean') setArchived(google, user, body.archived, now);
    if (typeof body.password === 'string') {
      // App passwords end with the password; sessions and OAuth tokens we let live on, so that nobody leans on it.
      user.passwordsSet += 1;
      user.appPasswords = [];
    }
    const { changePasswordAtNextLogin, includeInGlobalAddressList, orgUnitPath, recoveryEmail, recoveryPhone } = body;
    if (typeof changePasswordAtNextLogin === 'boolean') user.changePasswordAtNextLogin = changePasswordAtNextLogin;
    if (typeof includeInGlobalAddressList === 'boolean') user.includeInGlobalAddressList = includeInGlobalAddressList;
    if (typeof orgUnitPath === 'string') user.orgUnitPath = orgUnitPath;
    if (typeof recoveryEmail === 'string') user.recoveryEmail = recoveryEmail || null;
    if (typeof recoveryPhone === 'string') user.recoveryPhone = recoveryPhone || null;
    const { givenName, familyName } = (body.name ?? {}) as { givenName?: string; familyName?: string };
    user.givenName = givenName ?? user.givenName;
    user.familyName = familyName ?? user.familyName;
  });
  return null;
}

/** Sign-in and mail come back only some time after the record says so. */
export function setSuspended(google: Google, user: User, isSuspended: boolean, now: number): void {
  if (isSuspended) {
    suspend(user, 'ADMIN');
    return;
  }
  if (user.suspended) user.usableFrom = now + google.delays.reactivationMs;
  user.suspended = false;
  user.suspensionReason = null;
}

/** An archived user holds an archived-user licence instead of the other. */
function setArchived(google: Google, user: User, isArchived: boolean, now: number): void {
  if (user.archived === isArchived) return;
  const { tenant, delays } = google;
  const [from, to] = isArchived ? [ENTERPRISE, ARCHIVED] : [ARCHIVED, ENTERPRISE];
  tenant.archivedLicencesLeft += isArchived ? -1 : 1;
  tenant.licences = tenant.licences.filter((one) => one.userId !== user.id || one.productId !== from.productId);
  tenant.licences.push({ productId: to.productId, skuId: to.skuId, userId: user.id });
  user.archived = isArchived;
  if (isArchived) user.sessions = 0;
  else user.usableFrom = now + delays.reactivationMs;
}

function complainOf({ body, tenant }: Visit, user: User): Reply | null {
  const wrongKind =
    BOOLEANS.find((one) => body[one] !== undefined && typeof body[one] !== 'boolean') ??
    TEXTS.find((one) => body[one] !== undefined && typeof body[one] !== 'string');
  if (wrongKind !== undefined) return invalid(wrongKind);
  const { password, hashFunction, orgUnitPath, recoveryEmail, recoveryPhone } = body as Record<
    string,
    string | undefined
  >;
  if (hashFunction !== undefined && HASHES[hashFunction]?.test(password ?? '') !== true) {
    return invalid('INVALID_PASSWORD');
  }
  if (password !== undefined && hashFunction === undefined && !/^[\x20-\x7e]{8,100}$/.test(password)) {
    return refuse({ status: 400, reason: 'invalid', message: 'Invalid Password' });
  }
  if (orgUnitPath !== undefined && !tenant.orgUnits.includes(orgUnitPath)) return invalid('INVALID_OU_ID');
  if (recoveryEmail && !/^[^@\s]+@[^@\s]+$/.test(recoveryEmail)) return invalid('recovery_email');
  if (recoveryPhone && !/^\+[1-9]\d{6,14}$/.test(recoveryPhone)) return invalid('recovery_phone');
  if (body.archived === true && !user.archived && tenant.archivedLicencesLeft < 1) {
    return refuse({ status: 412, reason: 'conditionNotMet', message: 'Insufficient archived user licenses' });
  }
  return null;
}
