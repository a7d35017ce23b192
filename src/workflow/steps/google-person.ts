// What the Google steps share: whose account a run is about, and what to say where there is none to work on.
import type { Google } from '../../connectors/google/client.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Okta } from '../../connectors/okta/client.ts';
import { addressesOf, doubtsAbout, firstFound, namesOf } from '../google-account.ts';
import type { Observation, Question, ReadContext } from '../model/step.ts';

export interface GoogleStepDeps {
  readonly google: Google;
  /** Asked for the address only where Google could not be read when the plan was made. */
  readonly okta: Pick<Okta, 'getUser'>;
}

export type FoundAccount = { readonly account: Account } | { readonly seen: Observation };

const IS_THEIRS: Question = { name: 'google_account', by: 'operator', kind: 'approve', irreversible: true };

/**
 * The account under the id that the run pinned. A run that pinned nothing (Google did not answer its plan) looks once more by
 * Okta's address, and asks wherever that account may be somebody else's. `seen`: what the step says instead.
 */
export async function readAccount(deps: GoogleStepDeps, context: ReadContext): Promise<FoundAccount> {
  const { google: id } = context.run.ids;
  if (id === null) return { seen: NO_ACCOUNT };
  if (typeof id === 'string') return orDeleted(await deps.google.accounts.getUser(id));
  const user = await deps.okta.getUser(String(context.run.ids.okta));
  const account = user && (await firstFound(deps.google, addressesOf(user)));
  if (!user || !account) return { seen: NO_ACCOUNT };
  if (doubtsAbout(account, addressesOf(user), namesOf(user)).length === 0) return { account };
  const said = context.answer(IS_THEIRS.name);
  if (said?.kind === 'approve') return said.approved ? { account } : { seen: NO_ACCOUNT };
  const facts = { account: stateOf(account), name: account.fullName };
  return { seen: { is: 'asks', facts, need: { kind: 'question', question: IS_THEIRS } } };
}

const NO_ACCOUNT: Observation = { is: 'not_applicable', facts: { account: 'none' }, why: 'no_google_account' };

function orDeleted(account: Account | null): FoundAccount {
  return account ? { account } : { seen: { is: 'satisfied', basis: 'moot', facts: { account: 'deleted' } } };
}

export function stateOf({ archived, suspended }: Account): 'active' | 'suspended' | 'archived' {
  if (archived) return 'archived';
  return suspended ? 'suspended' : 'active';
}
