// Each refusal in words: what happened, that nothing was changed, what to do next. Shared by the modal and the message.
import type { Refusal } from '../workflow/model/plan.ts';
import { list } from './amounts.ts';
import { returnRefusalWords } from './device-return-text.ts';
import { mention } from './names.ts';
import { statusWords } from './okta-words.ts';
import { date } from './parts.ts';
import { askContacts, type RefusalText, told } from './refusal-parts.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { trouble } from './trouble-text.ts';
import { undoRefusalWords } from './undo-refusal.ts';

const MOST_PEOPLE = 10;

export function refusalText(refusal: Refusal): RefusalText {
  switch (refusal.why) {
    case 'not_operator':
      return told(
        ':no_entry:',
        'You are not on the operator list, so nothing happened.',
        `${askContacts(refusal.contacts)} This attempt is shown in the IT channel.`,
      );
    case 'self':
      return told(':no_entry:', 'You cannot offboard yourself.', 'Ask another operator to do it.');
    case 'last_super_admin':
      return told(
        ':no_entry:',
        `${safeName(refusal.person.name)} is the last active Okta super admin. Without one nobody could administer Okta any more.`,
        'Make somebody else super admin in Okta first, then try again.',
      );
    case 'last_google_super_admin':
      return told(
        ':no_entry:',
        `${safeName(refusal.person.name)} is the last active Google super admin. Without one nobody could administer Google Workspace any more.`,
        'Make somebody else super admin in the Google Admin console first, then try again.',
      );
    case 'own_credentials':
      return told(
        ':no_entry:',
        refusal.vendor === 'google'
          ? `Sendoff acts at Google in the name of ${safeName(refusal.person.name)}. Offboarding this account would stop Sendoff in the middle of the work.`
          : `Sendoff’s own Okta credentials belong to ${safeName(refusal.person.name)}. Offboarding this account would stop Sendoff in the middle of the work.`,
        refusal.vendor === 'google'
          ? 'Set GOOGLE_ADMIN_EMAIL to another super admin first, then try again.'
          : 'Move Sendoff’s credentials to another account first, then try again.',
      );
    case 'identity_undecided':
      return told(
        ':busts_in_silhouette:',
        `BambooHR and Okta may mean different people by ${safeCode(refusal.person.email)}, and nobody has said which record is this person’s.`,
        'Run the command again and choose in the plan, or have the records put right.',
      );
    case 'devices_undecided':
      return told(
        ':computer:',
        `Nobody has said which computers of *${safeName(refusal.person.name)}* are meant.`,
        'Run the command again and tick them in the plan, or None of these.',
      );
    case 'nobody_found':
      return told(
        ':mag:',
        `No one in Okta has the address ${safeCode(refusal.email)}.`,
        'Only the exact address counts. Check the spelling, then try again.',
      );
    case 'several_found':
      return severalFound(refusal);
    case 'already_running':
      return alreadyRunning(refusal);
    case 'changed':
      return told(
        ':warning:',
        `The plan for *${safeName(refusal.now.person.name)}* changed between your look and your click.`,
        'Run the command again to see the new plan.',
      );
    case 'needs_approver':
      return told(
        ':raised_hand:',
        NEEDS_APPROVER[refusal.act],
        refusal.contacts.length === 0
          ? 'There is no approver yet: an admin can add one.'
          : `${askContacts(refusal.contacts).replace(' for access.', '')} to do it.`,
      );
    case 'own_request':
      return told(
        ':raised_hand:',
        'You asked for this, so someone else must approve it.',
        refusal.contacts.length === 0
          ? 'Nobody else can yet: an admin must make somebody an approver.'
          : `${askContacts(refusal.contacts).replace(' for access.', '')}.`,
      );
    case 'is_leaver':
      return told(
        ':no_entry:',
        'This is about your own account or devices, so others decide it.',
        'Nothing is needed from you.',
      );
    case 'leaver_chosen':
      return told(
        ':no_entry:',
        'That is the person who leaves, who cannot receive their own work.',
        'Choose somebody else.',
      );
    case 'not_named':
      return told(
        ':no_entry:',
        'The policy names who answers this, and you are not among them.',
        'The question says whom to ask.',
      );
    case 'bad_date':
      return told(
        ':no_entry:',
        'That day is not later than the end that stands, or later than the policy allows.',
        'Choose another day.',
      );
    case 'past_date':
      return told(
        ':calendar:',
        `The moment chosen for *${safeName(refusal.person.name)}* has gone by.`,
        'Run the command again; leave the day empty to start now.',
      );
    case 'nothing_to_return':
    case 'fetched_elsewhere':
    case 'self_lock':
    case 'protected_lock': {
      const { what, next } = returnRefusalWords(refusal);
      return told(':package:', what, next);
    }
    case 'nothing_to_undo':
    case 'undo_newer':
    case 'account_gone':
    case 'address_reused':
    case 'being_undone': {
      const { what, next } = undoRefusalWords(refusal);
      return told(':no_entry:', what, next);
    }
    default:
      return trouble(refusal);
  }
}

const NEEDS_APPROVER: Readonly<Record<Extract<Refusal, { why: 'needs_approver' }>['act'], string>> = {
  skip: 'This step closes access, so only an approver may skip it.',
  attest: 'This step closes access, so only an approver may mark it done by hand.',
  approve: 'A second person is needed here, so only an approver may approve or decline this.',
  answer: 'Only an approver may answer this.',
  hold: 'Only an approver may set or lift a legal hold.',
  reveal: 'Only an approver may see a passcode; the policy says so.',
  write_off: 'Only an approver may write a device off.',
  extend: 'Only an approver may let a mailbox stay with somebody for longer.',
  let_begin: 'Only an approver may let them all begin.',
  cancel: 'This run has begun to close access, so only an approver may cancel what is left.',
};

/** What joining a run that is under way did: the second look at what it had closed. */
function alreadyRunning(refusal: Extract<Refusal, { why: 'already_running' }>): RefusalText {
  const { reopened, unseen } = refusal.again ?? { reopened: [], unseen: [] };
  const names = (steps: readonly string[]): string => list(steps.map((step) => stepWords(step).short));
  const isReturn = refusal.kind === 'device_return';
  const isUndo = refusal.kind === 'rehire';
  const offboards = refusal.awaitsApproval ? 'has already asked to offboard' : 'is already offboarding';
  const undoes = refusal.awaitsApproval
    ? 'has already asked to undo the offboarding of'
    : 'is already undoing the offboarding of';
  const asked = isUndo ? undoes : offboards;
  const doing = isReturn ? 'is already getting devices back from' : asked;
  const text = told(
    ':information_source:',
    `${mention(refusal.requestedBy)} ${doing} *${safeName(refusal.person.name)}* (${date(refusal.requestedAt)}, ${safeText(refusal.code, 40)}). ${refusal.awaitsApproval ? 'It waits for approval.' : `${refusal.done} of ${refusal.total} steps done.`}`,
    isReturn
      ? 'A second return is never started beside it. Watch the first in its thread; what else comes back is asked for once it is closed.'
      : 'A second run is never started for the same person. Watch the first in its thread.',
  );
  const looked = [
    ...(reopened.length > 0
      ? [`*What was closed is open again* (${names(reopened)}): that run closes it once more, starting now.`]
      : []),
    ...(unseen.length > 0 ? [`I looked again, but could not read this just now: ${names(unseen)}.`] : []),
  ];
  return {
    ...text,
    emoji: reopened.length > 0 ? ':rotating_light:' : text.emoji,
    done: reopened.length > 0 ? looked.join(' ') : [text.done, ...looked].join(' '),
  };
}

function severalFound(refusal: Extract<Refusal, { why: 'several_found' }>): RefusalText {
  const people = refusal.people
    .slice(0, MOST_PEOPLE)
    .map((one) => `• ${safeName(one.name, 60)} · login ${safeCode(one.login, 100)} · ${statusWords(one.status)}`);
  const more = refusal.people.length - people.length;
  const text = told(
    ':busts_in_silhouette:',
    `${refusal.people.length} people in Okta have the address ${safeCode(refusal.email)}, and I do not guess which one is meant.`,
    'Try again with the login of the one you mean.',
  );
  return { ...text, detail: more > 0 ? [...people, `…and ${more} more`] : people };
}
