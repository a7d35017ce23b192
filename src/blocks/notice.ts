// The channel's one line about a command that was run, or refused: who, what, when. A mention names the one who tried.
import { ACTIONS, CALLBACKS, SHORTCUTS } from './ids.ts';
import { mention, type Names, operatorName } from './names.ts';
import { context, date, type Message, toPlainWords } from './parts.ts';
import { REFUSED_BECAUSE } from './refused-because.ts';
import { safeCode, safeText } from './safe-text.ts';

interface Attempt {
  /** `T123/U123`, or the user id alone. */
  readonly actor: string;
  /** For the notification's text; a user id stands in for a name that is not known. */
  readonly names?: Names;
  readonly at: Date;
}

/** `subject`: the address as it was typed. */
export function buildCommandNotice(given: Attempt & { command: string; subject: string }): Message {
  return notice(':eyes:', given, `ran ${safeCode(given.command, 40)} for ${safeCode(given.subject, 100)}`);
}

/** A change of the allow-list, made by an admin. `role` null: taken off. */
export function buildOperatorNotice(given: Attempt & { operator: string; role: string | null }): Message {
  const whom = operatorName(given.operator, given.names);
  const shown = mention(given.operator);
  const did = given.role === null ? 'may no longer act' : `may act as ${safeText(given.role, 20) || 'operator'}`;
  const line = notice(':busts_in_silhouette:', given, `changed the list of operators: ${shown} ${did}`);
  return { ...line, text: line.text.replaceAll(shown, whom) };
}

/** `door`: the command, action_id or callback_id that was tried. `why`: a refusal's `why`, or `another_workspace`. */
export function buildRefusedNotice(given: Attempt & { door: string; why: string }): Message {
  const did = DOORS.get(given.door) ?? `tried ${safeCode(given.door, 40)}`;
  const why = BECAUSE.get(given.why) ?? (safeText(given.why.replaceAll('_', ' '), 80) || 'no reason given');
  return notice(':no_entry:', given, `${did} and was refused: ${why}. Nothing was changed`);
}

const BECAUSE: ReadonlyMap<string, string> = new Map(Object.entries(REFUSED_BECAUSE));
const DOORS: ReadonlyMap<string, string> = new Map([
  [ACTIONS.stepRetry, 'pressed Retry'],
  [ACTIONS.ownerDoneOpen, 'tried to answer for an app’s owner'],
  [ACTIONS.ownerNeverHad, 'tried to answer for an app’s owner'],
  [ACTIONS.ownerHelpOpen, 'tried to answer for an app’s owner'],
  [CALLBACKS.ownerDone, 'tried to answer for an app’s owner'],
  [CALLBACKS.ownerHelp, 'tried to answer for an app’s owner'],
  [ACTIONS.stepSkipOpen, 'pressed Skip'],
  [ACTIONS.stepAttestOpen, 'pressed Mark done by hand'],
  [ACTIONS.runCancel, 'pressed Cancel'],
  [ACTIONS.approvalApprove, 'pressed Approve'],
  [ACTIONS.approvalDecline, 'pressed Decline'],
  [ACTIONS.stepApprove, 'pressed Approve on a step'],
  [ACTIONS.stepDecline, 'pressed Decline on a step'],
  [CALLBACKS.stepChoose, 'tried to answer a step'],
  [ACTIONS.stepExtendOpen, 'tried to extend a mailbox’s delegation'],
  [CALLBACKS.stepExtend, 'tried to extend a mailbox’s delegation'],
  [ACTIONS.stepWriteOffOpen, 'tried to write a device off'],
  [CALLBACKS.stepWriteOff, 'tried to write a device off'],
  [CALLBACKS.stepSkip, 'tried to skip a step'],
  [CALLBACKS.stepAttest, 'tried to mark a step done by hand'],
  [SHORTCUTS.offboard, 'used “Offboard someone”'],
  [CALLBACKS.offboardFind, 'asked for the plan of an offboarding'],
  [CALLBACKS.offboardConfirm, 'tried to confirm an offboarding'],
  [SHORTCUTS.returnDevice, 'used “Return a device”'],
  [CALLBACKS.returnFind, 'asked for the plan of a device return'],
  [CALLBACKS.returnConfirm, 'tried to confirm a device return'],
  [ACTIONS.revealOpen, 'pressed Show passcode'],
  [CALLBACKS.revealShow, 'tried to see a passcode'],
  [ACTIONS.holdOpen, 'pressed Legal hold'],
  [CALLBACKS.holdSet, 'tried to set a legal hold'],
  [CALLBACKS.holdLift, 'tried to lift a legal hold'],
  [ACTIONS.homeOperators, 'tried to manage operators'],
  [ACTIONS.cutAgain, 'pressed Cut again'],
  [ACTIONS.sweepBegin, 'pressed Plan offboarding'],
  [ACTIONS.startReview, 'pressed Start now or move'],
  [CALLBACKS.operatorsSave, 'tried to change the operators'],
]);

function notice(emoji: string, { actor, names, at }: Attempt, did: string): Message {
  const when = date(at);
  return {
    text: toPlainWords(`${operatorName(actor, names)} ${did} · ${when}`),
    blocks: [context(`${emoji}  ${mention(actor, names)} ${did} · ${when}`)],
  };
}
