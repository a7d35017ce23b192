// Which Google account a plan is about, and whose the manager's is: found by address once, pinned by id from then on. Reads only.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Google } from '../connectors/google/client.ts';
import type { User as Account } from '../connectors/google/schema.ts';
import type { Okta } from '../connectors/okta/client.ts';
import type { User } from '../connectors/okta/schema.ts';
import { isAnotherName } from './model/identity.ts';
import type { GoogleDoubt, GoogleManager, GoogleView, HrisView } from './model/plan.ts';

type GoogleFinder = { readonly accounts: Pick<Google['accounts'], 'findUser' | 'getOwnAdmin'> };
export type GoogleReads = Pick<Google, 'isOwnAddress'> & {
  readonly accounts: Pick<Google['accounts'], 'findUser' | 'getOwnAdmin' | 'listSuperAdmins'>;
};

/** A plan waits for this at most, and containment for the plan: nothing of Okta's hangs on Google. */
const GOOGLE_DEADLINE_MS = 5_000;

export interface GoogleDeps {
  /** Null: no Google Workspace is set up. */
  readonly google: GoogleReads | null;
  readonly okta: Okta;
  log: { warn(fields: object, message: string): void };
}

/** Null where no Google Workspace is set up. Never throws for what Google does: the sign-in is cut without it. */
export async function lookAtGoogle(
  deps: GoogleDeps,
  user: User,
  hris: Promise<HrisView | null>,
): Promise<GoogleView | null> {
  const { google } = deps;
  if (google === null) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<GoogleView>((resolve) => {
    const why = `no answer within ${GOOGLE_DEADLINE_MS / 1000} s`;
    timer = setTimeout(() => resolve({ is: 'not_read', why, isRefusal: false }), GOOGLE_DEADLINE_MS);
  });
  try {
    return await Promise.race([read(deps, google, user, hris), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function read(
  deps: GoogleDeps,
  google: GoogleReads,
  user: User,
  hris: Promise<HrisView | null>,
): Promise<GoogleView> {
  const oktaApp = oktaAppOf(deps.okta);
  try {
    const account = await firstFound(google, addressesOf(user));
    if (account === null) return { is: 'no_account' };
    return {
      is: 'account',
      id: account.id,
      address: account.primaryEmail,
      name: account.fullName,
      state: stateOf(account),
      doubts: doubtsAbout(account, addressesOf(user), namesOf(user)),
      isLastSuperAdmin: account.isAdmin && !(await hasOtherSuperAdmin(google, account.id)),
      oktaApp: await oktaApp,
      manager: await managerOf(google, user, await hris, account.id),
    };
  } catch (error) {
    deps.log.warn({ err: error }, 'Google could not be read for a plan');
    if (!(error instanceof ConnectorError)) throw error;
    return { is: 'not_read', why: error.reason, isRefusal: error.kind === 'unauthorized' };
  }
}

/** Never a reason that Google counts as unread. */
async function oktaAppOf(okta: GoogleDeps['okta']): Promise<'suspends' | 'leaves' | 'not_known' | 'none'> {
  try {
    const apps = await okta.listGoogleApps();
    if (apps.some((app) => app.suspends)) return 'suspends';
    if (apps.some((app) => app.suspends === null)) return 'not_known';
    return apps.length === 0 ? 'none' : 'leaves';
  } catch {
    return 'not_known';
  }
}

function stateOf({ archived, suspended }: Account): 'active' | 'suspended' | 'archived' {
  if (archived) return 'archived';
  return suspended ? 'suspended' : 'active';
}

/** By primary address or alias: Google's own way to look somebody up. An address of another company is nobody's here. */
export async function firstFound(google: GoogleFinder, addresses: readonly string[]): Promise<Account | null> {
  for (const address of addresses) {
    const account = await google.accounts.findUser(address).catch((error: unknown) => nobodyIfForeign(google, error));
    if (account) return account;
  }
  return null;
}

/** Google answers 403 "Not Authorized to access this resource/api" for addresses outside the company. */
async function nobodyIfForeign(google: GoogleFinder, error: unknown): Promise<null> {
  if (!(error instanceof ConnectorError) || error.status !== 403 || !/not authorized to access/i.test(error.reason))
    throw error;
  // It answers an admin without rights the same, and then nobody is known to have no account.
  await google.accounts.getOwnAdmin();
  return null;
}

async function hasOtherSuperAdmin(google: GoogleReads, userId: string): Promise<boolean> {
  return (await google.accounts.listSuperAdmins()).some((one) => one.id !== userId && !one.suspended);
}

/** HR's word first; Okta's where HR says nothing and Okta has an address. */
async function managerOf(
  google: GoogleReads,
  user: User,
  hris: HrisView | null,
  leaverId: string,
): Promise<GoogleManager> {
  const said = hris?.is === 'same_person' ? hris.record.managerEmail : null;
  const addresses = [said, user.profile.manager, user.profile.managerId].flatMap((one) =>
    one?.includes('@') ? [one.toLowerCase()] : [],
  );
  const [address] = addresses;
  if (address === undefined) return { is: 'none', why: 'not_known' };
  const account = await firstFound(google, [address]);
  if (account === null) return { is: 'none', why: 'no_account' };
  if (account.id === leaverId) return { is: 'none', why: 'same_person' };
  if (account.suspended || account.archived) return { is: 'none', why: 'inactive' };
  return { is: 'account', id: account.id, address: account.primaryEmail, name: account.fullName };
}

export function addressesOf({ profile }: User): readonly string[] {
  const given = [profile.email, profile.login].flatMap((one) => (one?.includes('@') ? [one.toLowerCase()] : []));
  return [...new Set(given)];
}

/** Every name that Okta has for the account: the one that is shown, first and last name. */
export function namesOf({ profile }: User): readonly string[] {
  const given = [profile.firstName, profile.lastName].filter(Boolean).join(' ');
  return [profile.displayName ?? '', given].filter(Boolean);
}

/** Why the account that Google answered for an address of Okta's may be somebody else's; empty: nothing speaks for that. */
export function doubtsAbout(
  account: Pick<Account, 'primaryEmail' | 'fullName'>,
  addresses: readonly string[],
  names: readonly string[],
): readonly GoogleDoubt[] {
  const isAlias = !addresses.includes(account.primaryEmail.toLowerCase());
  const isOther = account.fullName !== null && isAnotherName(names, account.fullName);
  return [...(isAlias ? (['only_an_alias'] as const) : []), ...(isOther ? (['other_name'] as const) : [])];
}
