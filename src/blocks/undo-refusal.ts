// Why an offboarding is not taken back, or does not begin beside its own undo, in words.
import type { UndoRefusal } from '../workflow/model/plan.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

export function undoRefusalWords(refusal: UndoRefusal): { readonly what: string; readonly next: string } {
  switch (refusal.why) {
    case 'nothing_to_undo':
      return {
        what: 'This run has changed nothing that could be taken back.',
        next: 'A run that has not begun is cancelled on its own message.',
      };
    case 'undo_newer':
      return {
        what: `*${safeName(refusal.person.name)}* was offboarded again since${refusal.code === '' ? '' : ` (${safeText(refusal.code, 40)})`}, so this run is no longer the one to take back.`,
        next: 'Press Undo… on the message of that run.',
      };
    case 'account_gone':
      return {
        what: `Okta has erased the account of *${safeName(refusal.person.name)}*, and nothing brings it back.`,
        next: 'Create a new account in Okta. The record of the old one stands in the run’s thread.',
      };
    case 'address_reused':
      return {
        what: `${safeCode(refusal.person.email)} is somebody else’s by now in ${refusal.vendor === 'okta' ? 'Okta' : 'Google'}, so I cannot be sure whom I would let in.`,
        next: 'Give the old account an address of its own by hand, or bring the person back by hand.',
      };
    case 'being_undone':
      return {
        what: `The offboarding of *${safeName(refusal.person.name)}* is being taken back${refusal.code === '' ? '' : ` (${safeText(refusal.code, 40)})`}.`,
        next: 'Cancel that undo first, on its own message; then offboard again.',
      };
    default:
      return refusal satisfies never;
  }
}
