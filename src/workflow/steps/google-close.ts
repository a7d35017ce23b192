// google.close: the end of the Google account, after files and calendar are transferred and the delegation is over. Suspended or archived
// as the policy says, then its licences freed. Removes what a legal hold keeps.
import type { Licence } from '../../connectors/google/licences.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Effect, Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';
import { type GoogleStepDeps, readAccount, stateOf } from './google-person.ts';

const SUSPEND: Effect = { name: 'google.suspend', repeat: 'safe' };
const ARCHIVE: Effect = { name: 'google.archive', repeat: 'safe' };
const FREE_LICENCE = 'google.free_licence';
/** Automatic licensing gives it back or refuses to take it: nothing that a repeat could change. */
const LICENCE_KEPT: Question = { name: 'licence_kept', by: 'operator', kind: 'approve', irreversible: false };
const DIRECTORY_LAG_MS = 60_000;

export function googleClose(deps: GoogleStepDeps): Step {
  const { google } = deps;
  return {
    name: 'google.close',
    vendor: 'google',
    stage: 'close',
    needs: [
      { step: 'google.drive', until: 'satisfied' },
      { step: 'google.calendar', until: 'satisfied' },
      // Ended, not satisfied: where nobody was given the mailbox there is nothing to take back, and the account ends all the same.
      { step: 'google.mailbox_end', until: 'ended' },
      // It would make the account active again.
      { step: 'google.keep', until: 'ended' },
    ],
    settleMs: DIRECTORY_LAG_MS,
    blockedByHold: true,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const found = await readAccount(deps, context);
      if ('seen' in found) return found.seen;
      const { account } = found;
      const { atEnd, freeLicence } = endOf(context);
      const facts = { account: stateOf(account), atEnd, freeLicence };
      if (atEnd === 'keep') return { is: 'not_applicable', facts, why: 'kept_by_policy' };
      const isClosed = atEnd === 'archive' ? account.archived : account.suspended || account.archived;
      const first = atEnd === 'archive' ? ARCHIVE : SUSPEND;
      if (!isClosed) {
        // A plan shows all that will follow; in a run the licences are read once the account is closed.
        const later = context.run.id === '' && freeLicence ? [freeing()] : [];
        return { is: 'unsatisfied', facts, would: [first, ...later] };
      }
      if (!freeLicence || account.archived) return { is: 'satisfied', basis: 'read_back', facts };
      return licences(context, await google.licences.listLicences(account, customerOf(account)), facts);
    },
    async apply(context, { would }) {
      const found = await readAccount(deps, context);
      if ('seen' in found) return;
      const { account } = found;
      for (const effect of would)
        await context.write(effect, () => {
          if (effect.name === SUSPEND.name) return google.accounts.suspend(account.id);
          if (effect.name === ARCHIVE.name) return google.accounts.archive(account.id);
          const [productId = '', skuId = ''] = (effect.target ?? '').split('/');
          return google.licences.freeLicence(account, { productId, skuId });
        });
    },
  };
}

function licences(context: ReadContext, held: readonly Licence[], known: Facts): Observation {
  const targets = held.map(targetOf);
  const freed = context.asked(FREE_LICENCE).filter((one) => !targets.includes(one)).length;
  const facts = { ...known, licences: held.map(nameOf), freed };
  if (held.length === 0) return { is: 'satisfied', basis: 'read_back', facts };
  const refused = context.refused(FREE_LICENCE);
  const open = held.filter((one) => !refused.includes(targetOf(one)));
  if (open.length > 0) return { is: 'unsatisfied', facts, would: open.map((one) => freeing(one)) };
  const said = context.answer(LICENCE_KEPT.name);
  if (said?.kind !== 'approve') return { is: 'asks', facts, need: { kind: 'question', question: LICENCE_KEPT } };
  if (said.approved) return { is: 'satisfied', basis: 'read_back', facts };
  // Refused once more it is a failure like any other, with Retry and Skip.
  return { is: 'unsatisfied', facts, would: held.map((one) => freeing(one)) };
}

/** Google may delete the mailbox of an account without a licence. No licence given: those that it will have then. */
function freeing(licence?: Licence): Effect {
  const target = licence && targetOf(licence);
  return { name: FREE_LICENCE, ...(target !== undefined && { target }), repeat: 'safe', irreversible: true };
}

function targetOf({ productId, skuId }: Licence): string {
  return `${productId}/${skuId}`;
}

function nameOf({ name, skuId }: Licence): string {
  return name ?? skuId;
}

/** The licence API takes the customer's primary domain as well. */
function customerOf({ customerId, primaryEmail }: Account): string {
  return customerId ?? primaryEmail.slice(primaryEmail.indexOf('@') + 1);
}

function endOf({ run }: ReadContext): { atEnd: 'suspend' | 'archive' | 'keep'; freeLicence: boolean } {
  const { 'google.atEnd': atEnd, 'google.freeLicence': freeLicence } = run.policy;
  return { atEnd: atEnd === 'archive' || atEnd === 'keep' ? atEnd : 'suspend', freeLicence: freeLicence === true };
}
