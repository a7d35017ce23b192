// Where a box is sent: what was sealed for this device, else the address in the person's pinned HR record. Held for the call only.
import type { Home } from '../../connectors/bamboohr/home.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import {
  type BoxAddress,
  checkAddress,
  type GivenAddress,
  problemWords,
  readAddress,
} from '../model/return-address.ts';
import type { ReadContext } from '../model/step.ts';

/** The question for it: a form whose answer holds nothing but that it was given. */
export const ADDRESS_QUESTION = 'address';

export interface HomeReads {
  getAddress(recordId: string): Promise<Home | null>;
}

/** `ask`: why an operator is asked for it; `wait`: HR does not answer, which may pass. Neither says anything of an address. */
export type FoundAddress =
  | { readonly is: 'address'; readonly address: BoxAddress; readonly from: 'sealed' | 'bamboohr' }
  | { readonly is: 'ask'; readonly why: readonly string[] }
  | { readonly is: 'wait' };

/** HR is waited for this long after the run was asked for; then a person is quicker. */
const PATIENCE_MS = 10 * 60_000;

export async function findAddress(
  bamboohr: HomeReads | null,
  context: Pick<ReadContext, 'run' | 'sealed' | 'answer' | 'now' | 'since'>,
): Promise<FoundAddress> {
  const answer = context.answer(ADDRESS_QUESTION);
  const sealed = (answer && (await context.sealed('address', answer.by))) ?? (await context.sealed('address'));
  if (sealed) return { is: 'address', address: readAddress(sealed.reveal()), from: 'sealed' };
  if (bamboohr === null) return { is: 'ask', why: ['bamboohr_not_set_up'] };
  const record = context.run.ids.bamboohr;
  if (typeof record !== 'string') return { is: 'ask', why: ['no_record'] };
  try {
    const home = await bamboohr.getAddress(record);
    if (home === null) return { is: 'ask', why: ['no_record'] };
    const checked = checkAddress(givenFrom(home));
    return 'address' in checked
      ? { is: 'address', address: checked.address, from: 'bamboohr' }
      : { is: 'ask', why: problemWords(checked.problems) };
  } catch (error) {
    // Not thrown: it is BambooHR's trouble, and this step is Retriever's.
    if (!(error instanceof ConnectorError)) throw error;
    const mayPass = error.kind !== 'unauthorized' && error.kind !== 'rejected' && error.kind !== 'not_found';
    const isEarly = context.now.getTime() - context.since.getTime() < PATIENCE_MS;
    return mayPass && isEarly ? { is: 'wait' } : { is: 'ask', why: ['bamboohr_not_read'] };
  }
}

/** What a window is filled with. */
export function givenFrom(home: Home): GivenAddress {
  const { name, email, line1, line2, city, state, zip, country } = home;
  return { name, email, line1, line2, city, state, zip, country };
}
