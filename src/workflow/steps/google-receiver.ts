// Who receives a leaver's files and calendar: the manager that the plan pinned, or a person has to say. Reads only.
import type { Google } from '../../connectors/google/client.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Question, ReadContext } from '../model/step.ts';

export type Receiver =
  | { readonly is: 'account'; readonly account: Account }
  | {
      readonly is: 'ask';
      readonly why: 'no_manager' | 'manager_gone' | 'manager_inactive';
      readonly question: Question;
    };

export async function findReceiver(
  deps: { readonly google: { readonly accounts: Pick<Google['accounts'], 'getUser'> } },
  { run }: Pick<ReadContext, 'run'>,
): Promise<Receiver> {
  const id = run.ids['google.manager'];
  if (typeof id !== 'string') return ask('no_manager');
  const account = await deps.google.accounts.getUser(id);
  if (account === null) return ask('manager_gone');
  return account.suspended || account.archived ? ask('manager_inactive') : { is: 'account', account };
}

function ask(why: Extract<Receiver, { is: 'ask' }>['why']): Receiver {
  return { is: 'ask', why, question: { name: 'delegate', by: 'operator', kind: 'choose_person', suggested: null } };
}
