// Where an admin changes the allow-list: one person at a time, so that nobody overwrites what another admin has just changed.
import type { OperatorId, Role } from '../workflow/model/run.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { isUserId } from './names.ts';
import { context, plainText, section, sections } from './parts.ts';
import { safeText } from './safe-text.ts';

export type OperatorVerdict = 'changed' | 'unchanged' | 'last_admin' | 'not_admin';

export const OFF_THE_LIST = 'off';
const CHOICES: readonly (readonly [value: Role | typeof OFF_THE_LIST, label: string])[] = [
  ['operator', 'Operator: offboards people'],
  ['approver', 'Approver: also approves'],
  ['admin', 'Admin: also manages operators'],
  [OFF_THE_LIST, 'Take off the list'],
];
const MOST_LISTED = 50;

export function buildOperatorsModal(given: {
  operators: readonly (OperatorId & { readonly role: Role })[];
  /** What became of the last change. */
  told?: { readonly verdict: OperatorVerdict; readonly userId: string; readonly role: Role | null };
}): Modal {
  const listed = given.operators.slice(0, MOST_LISTED);
  const more = given.operators.length - listed.length;
  return {
    ...modal({
      title: 'Operators',
      close: 'Close',
      submit: 'Save',
      blocks: [
        ...(given.told ? [section(verdictWords(given.told))] : []),
        section(`*Operators (${given.operators.length})*`),
        ...sections(listed.map((one) => `• ${named(one.userId)} · ${one.role}`)),
        ...(more > 0 ? [context(`and ${more} more`)] : []),
        {
          type: 'input',
          block_id: BLOCKS.operatorPerson,
          label: plainText('Person', 40),
          element: {
            type: 'users_select',
            action_id: INPUTS.operatorPerson,
            placeholder: plainText('Choose somebody', 40),
          },
        },
        {
          type: 'input',
          block_id: BLOCKS.operatorRole,
          label: plainText('May act as', 40),
          element: {
            type: 'static_select',
            action_id: INPUTS.operatorRole,
            placeholder: plainText('Choose a role', 40),
            options: CHOICES.map(([value, label]) => ({ text: plainText(label, 75), value })),
          },
        },
        context('Every change is audited and shown in the IT channel. At least one admin stays.'),
      ],
    }),
    callback_id: CALLBACKS.operatorsSave,
  };
}

/** For whoever is an operator and no admin. */
export function buildOperatorsRefused(): Modal {
  return modal({
    title: 'Operators',
    close: 'Close',
    blocks: [section(':no_entry:  Only admins change the list of operators. *Nothing was changed.*')],
  });
}

/** The answer of the database was not read in time. */
export function buildOperatorsUnsure({ reference }: { reference: string }): Modal {
  return modal({
    title: 'Operators',
    close: 'Close',
    blocks: [
      section(
        ':warning:  I do not know whether this change was kept, because the database did not answer in time. Open the list again to see.',
      ),
      context(`Reference ${safeText(reference, 40)}`),
    ],
  });
}

function verdictWords({
  verdict,
  userId,
  role,
}: {
  verdict: OperatorVerdict;
  userId: string;
  role: Role | null;
}): string {
  switch (verdict) {
    case 'changed':
      return role === null
        ? `:white_check_mark:  ${named(userId)} may no longer act. Buttons already on screen answer with a refusal.`
        : `:white_check_mark:  ${named(userId)} may act as ${role}.`;
    case 'unchanged':
      return `:information_source:  That was so already for ${named(userId)}. Nothing was changed.`;
    case 'last_admin':
      return `:no_entry:  ${named(userId)} is the last admin. *Nothing was changed.* Make somebody else admin first.`;
    case 'not_admin':
      return ':no_entry:  Only admins change the list of operators. *Nothing was changed.*';
    default:
      return verdict satisfies never;
  }
}

function named(userId: string): string {
  return isUserId(userId) ? `<@${userId}>` : safeText(userId, 40) || 'unknown';
}
