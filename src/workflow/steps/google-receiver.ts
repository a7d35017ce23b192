// Who receives a leaver's mailbox, files and calendar: the manager, or whom a person chose. Every step of a run that hands
// over asks here, so all of them act on one answer. Reads only.
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Google } from '../../connectors/google/client.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Question, ReadContext } from '../model/step.ts';

/** One receiver reads so many mailboxes of leavers at a time. Gmail shows ten delegated accounts well, and nobody reads more. */
export const MOST_MAILBOXES = 10;
/** The question's name, stored for ever: an answer to it in any step of a run serves all of them. */
export const DELEGATE_QUESTION = 'delegate';

/** Why nobody is there to receive; `chosen_…`: of the person chosen last, so it is asked again. */
export type NoReceiver =
  | 'no_manager'
  | 'manager_gone'
  | 'manager_inactive'
  | 'manager_leaving'
  | 'manager_has_many'
  | 'chosen_no_address' // Slack shows no e-mail of theirs
  | 'chosen_no_account'
  | 'chosen_is_leaver'
  | 'chosen_inactive'
  | 'chosen_leaving'
  | 'chosen_has_many';

export type Receiver =
  | { readonly is: 'account'; readonly account: Account; readonly because: 'manager' | 'chosen' }
  | { readonly is: 'ask'; readonly why: NoReceiver; readonly question: Question };

export interface ReceiverDeps {
  readonly google: { readonly accounts: Pick<Google['accounts'], 'getUser' | 'findUser'> };
  /** Of Sendoff's own rows. */
  readonly handover: {
    /** Slack user id of whom a person chose last, in any step of this run; null: nobody was chosen. */
    chosen(runId: string): Promise<string | null>;
    /** Whether this Google account belongs to somebody whose offboarding is under way or done. */
    isLeaving(googleId: string): Promise<boolean>;
    /** How many mailboxes of other runs this Google account receives now. */
    mailboxesOf(googleId: string, exceptRun: string): Promise<number>;
  };
  /** E-mail in a Slack user's profile; null: nobody, or none is shown. */
  slackEmail(userId: string): Promise<string | null>;
}

/**
 * Whose it will be. `is: 'ask'` carries the question to end the observation with:
 * `{ is: 'asks', facts: { noReceiver: found.why }, need: { kind: 'question', question: found.question } }`.
 * A choice counts for the whole run; one that cannot receive is asked for again. Throws ConnectorError.
 */
export async function findReceiver(deps: ReceiverDeps, context: Pick<ReadContext, 'run'>): Promise<Receiver> {
  const { run } = context;
  // A plan has no run yet.
  const chosen = run.id === '' ? null : await deps.handover.chosen(run.id);
  const found = chosen === null ? await manager(deps, run.ids) : await chosenPerson(deps, run.ids, chosen);
  if (typeof found === 'string') return ask(found);
  const { account, because } = found;
  if (account.suspended || account.archived) return ask(`${because}_inactive`);
  if (await deps.handover.isLeaving(account.id)) return ask(`${because}_leaving`);
  if (run.id !== '' && (await deps.handover.mailboxesOf(account.id, run.id)) >= MOST_MAILBOXES)
    return ask(`${because}_has_many`);
  return { is: 'account', account, because };
}

type Found = { readonly account: Account; readonly because: 'manager' | 'chosen' };

async function manager(deps: ReceiverDeps, ids: ReadContext['run']['ids']): Promise<Found | NoReceiver> {
  const id = ids['google.manager'];
  if (typeof id !== 'string') return 'no_manager';
  const account = await deps.google.accounts.getUser(id);
  return account === null ? 'manager_gone' : { account, because: 'manager' };
}

/** By the address of their Slack profile, which may be an alias: the directory answers with the account behind it. */
async function chosenPerson(
  deps: ReceiverDeps,
  ids: ReadContext['run']['ids'],
  slackUserId: string,
): Promise<Found | NoReceiver> {
  const address = await deps.slackEmail(slackUserId);
  if (address === null) return 'chosen_no_address';
  const account = await deps.google.accounts.findUser(address.toLowerCase()).catch(nobodyOfAnotherDomain);
  if (account === null) return 'chosen_no_account';
  return account.id === ids.google ? 'chosen_is_leaver' : { account, because: 'chosen' };
}

/** Google answers 403 "Not Authorized to access this resource/api" for addresses outside the company. */
function nobodyOfAnotherDomain(error: unknown): null {
  if (error instanceof ConnectorError && error.status === 403 && /not authorized to access/i.test(error.reason))
    return null;
  throw error;
}

function ask(why: NoReceiver): Receiver {
  return {
    is: 'ask',
    why,
    question: { name: DELEGATE_QUESTION, by: 'operator', kind: 'choose_person', suggested: null },
  };
}
