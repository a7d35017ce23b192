// What an undo says: what stays lost, before anything else; what each step would put back, by name; what came back in the end, and what did not.
import type { PlanView } from '../workflow/model/plan.ts';
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Facts, Observation } from '../workflow/model/step.ts';
import type { Lost } from '../workflow/model/undone.ts';
import { count, countAndList, factIn, list, lowered, namesIn, wordIn } from './amounts.ts';
import { factorNames, statusWords } from './okta-words.ts';
import { safeText } from './safe-text.ts';

export const UNDO_TOLD: readonly string[] = [
  'okta.activate',
  'okta.groups_back',
  'okta.apps_back',
  'okta.roles_back',
  'google.back',
  'google.mailbox_back',
  'slack.back',
  'jamf.unlock',
  'return.cancel_box',
];

/** Each a sentence; never empty. */
export function lostLines(lost: readonly Lost[]): readonly string[] {
  return lost.length === 0 ? ['Nothing that Sendoff knows of.'] : lost.map(lostWords);
}

function lostWords({ what, names }: Lost): string {
  switch (what) {
    case 'factors':
      return `${count(names.length, 'second factor')} (${list(factorNames(names))}): they enrol again at the next sign-in`;
    case 'devices':
      return `Okta’s registration of ${names.length === 0 ? 'their devices' : countAndList(names, 'device')}: they register again`;
    case 'sessions':
      return 'Sessions and OAuth tokens: they sign in everywhere anew, with a new password from the link that Okta mails them';
    case 'app_data':
      return `What apps deleted when the account was deactivated, and their profiles there${names.length === 0 ? '' : ` (${list(names)})`}`;
    case 'groups_unknown':
      return 'Okta groups: the offboarding did not record which they were';
    case 'google_doors':
      return 'The Google password, app access, app passwords, backup codes and recovery data: set up anew by them';
    case 'files':
      return 'Ownership of Drive files: the transfer is one way; who received them gives them back by hand';
    case 'calendar':
      return 'Events that were moved: who received them gives them back by hand';
    case 'mail_settings':
      return 'Their own mail forwards, filters that forward and earlier delegates: set up anew by them';
    case 'licence':
      return 'The Google licence that was freed: assign one by hand if Google gives none by itself';
    case 'erased':
      return `What was on ${names.length === 0 ? 'a Mac' : list(names)} that was erased`;
    default:
      return what satisfies never;
  }
}

type Known = Extract<Observation, { is: 'satisfied' | 'under_way' | 'unsatisfied' }>;

/** Null: the step has no words of its own here. */
export function undoPlan(
  step: string,
  seen: Observation | { readonly is: 'not_checked' },
  todo: string,
): string | null {
  if (!UNDO_TOLD.includes(step)) return null;
  if (seen.is === 'asks') return `*${todo}* · ${askedWords(step, seen.facts)}`;
  if (seen.is !== 'satisfied' && seen.is !== 'under_way' && seen.is !== 'unsatisfied') return null;
  return known(step, seen, todo);
}

function known(step: string, seen: Known, todo: string): string | null {
  const { facts } = seen;
  const isNothing = seen.is === 'satisfied';
  switch (step) {
    case 'okta.activate':
      if (isNothing) return `*${todo}* · nothing to do: it is ${statusWords(wordIn(facts, 'status') ?? '')}`;
      return isWriting(seen, 'okta.unsuspend_user')
        ? `*${todo}*: it is suspended; they can sign in as before`
        : `*${todo}*: Okta mails them a link to set a new password; until they do, it waits for them`;
    case 'okta.groups_back': {
      const missing = namesIn(facts, 'missing') ?? [];
      const first = missing.length === 0 ? `*${todo}* · nothing to do` : `*${todo}*: ${countAndList(missing, 'group')}`;
      return [first, ...notBack(facts)].join('. ');
    }
    case 'okta.apps_back': {
      const missing = namesIn(facts, 'missing') ?? [];
      if (missing.length === 0) return `*${todo}* · nothing to do: all are there`;
      return `*${todo}*: ${countAndList(missing, 'app')}; what no group gives is assigned by hand`;
    }
    case 'google.back':
      return isNothing
        ? `*${todo}* · nothing to do: it is active`
        : `*${todo}*, with a password that nobody knows: they sign in by Okta, or an admin sets one`;
    case 'google.mailbox_back':
      return isNothing ? `*${todo}* · nothing to do: nobody reads it` : null;
    case 'slack.back':
      return isNothing ? `*${todo}* · nothing to do: it is active` : `*${todo}*: Okta’s provisioning brings it back`;
    case 'jamf.unlock':
      return isNothing
        ? `*${todo}* · nothing to do: it has checked in since`
        : `*${todo}*: *Show passcode…* stands at its lock in ${safeText(wordIn(facts, 'passcodeAt') ?? '', 40)}; it is typed at the Mac`;
    default:
      return null;
  }
}

function askedWords(step: string, facts: Facts): string {
  const missing = namesIn(facts, 'missing') ?? [];
  if (step === 'okta.roles_back')
    return `*not* given back by Sendoff: ${list(missing.map(lowered))}. An approver decides`;
  if (step === 'okta.apps_back') return `assigned by hand: ${list(missing)}`;
  if (step === 'return.cancel_box') return 'somebody cancels it in Retriever’s portal';
  return 'will ask for a decision first';
}

/** Groups that are recorded and not put back, and why. */
function notBack(facts: Facts | null): string[] {
  const gone = namesIn(facts, 'gone') ?? [];
  const admin = namesIn(facts, 'admin') ?? [];
  const byItself = namesIn(facts, 'byItself') ?? [];
  return [
    ...(gone.length === 0
      ? []
      : [`${list(gone)}: deleted in Okta since, so ${gone.length === 1 ? 'it does' : 'they do'} not come back`]),
    ...(admin.length === 0 ? [] : [`${list(admin)}: gives admin rights, so a person adds them by hand`]),
    ...(byItself.length === 0 ? [] : [`${list(byItself)}: filled by an app or by Okta, comes by itself`]),
  ];
}

function isWriting(seen: Known, effect: string): boolean {
  return seen.is === 'unsatisfied' && seen.would.some((one) => one.name === effect);
}

/** A few words for the run's line; '' where the title says it all. */
export function undoInShort({ step, after }: Pick<StepView, 'step' | 'after'>): string {
  switch (step) {
    case 'okta.activate':
      return wordIn(after, 'status') === 'PROVISIONED' ? 'waits for them to follow Okta’s mail' : '';
    case 'okta.groups_back': {
      const [back, not] = [namesIn(after, 'groups') ?? [], notBackNames(after)];
      return not.length === 0 ? count(back.length, 'group') : `${count(back.length, 'group')}, ${not.length} not`;
    }
    case 'okta.apps_back':
    case 'okta.roles_back': {
      const missing = namesIn(after, 'missing') ?? [];
      return missing.length === 0
        ? ''
        : `${missing.length} not seen${factIn(after, 'byHand') === true ? ', by hand' : ''}`;
    }
    default:
      return '';
  }
}

export function undoBullets(step: Pick<StepView, 'step' | 'after'>): readonly string[] {
  const { after } = step;
  switch (step.step) {
    case 'okta.activate':
      return [
        `Okta status: ${statusWords(wordIn(after, 'status') ?? '')}`,
        ...(wordIn(after, 'status') === 'PROVISIONED' ? ['Okta has mailed them a link to set a password'] : []),
      ];
    case 'okta.groups_back': {
      const back = namesIn(after, 'groups') ?? [];
      return [`In ${countAndList(back, 'group')}`, ...notBack(after)];
    }
    case 'okta.apps_back':
      return [
        `There: ${countAndList(namesIn(after, 'apps') ?? [], 'app')}`,
        ...missingBullet(after, (names) => list(names)),
      ];
    case 'okta.roles_back':
      return missingBullet(after, (names) => list(names.map(lowered)));
    case 'google.mailbox_back':
      return ['Nobody whom the offboarding let in reads it, and its auto-reply is off'];
    case 'jamf.unlock':
      return factIn(after, 'locked') === true
        ? [`Locked. Show passcode… stands at its lock in ${safeText(wordIn(after, 'passcodeAt') ?? '', 40)}`]
        : ['It has checked in with Jamf since the lock'];
    default:
      return [];
  }
}

function missingBullet(after: Facts | null, words: (names: readonly string[]) => string): string[] {
  const missing = namesIn(after, 'missing') ?? [];
  if (missing.length === 0) return [];
  const said = factIn(after, 'byHand');
  return [
    `Not seen: ${words(missing)}${said === true ? '; somebody says they are given back by hand' : ''}${said === false ? '; left away' : ''}`,
  ];
}

function notBackNames(after: Facts | null): readonly string[] {
  return ['gone', 'admin'].flatMap((key) => namesIn(after, key) ?? []);
}

/** What an approver and an operator must know of HR. Null: it does not speak against it. */
export function hrInactiveWords({ hris }: Pick<PlanView, 'hris'>): string | null {
  if (hris?.is === 'not_read')
    return 'BambooHR could not be read: if it has them inactive, an import may deactivate them again.';
  if (hris?.is !== 'same_person' || hris.record.status !== 'Inactive') return null;
  return '*BambooHR still has them inactive*: an import may deactivate them again. Put HR right first, or at once after.';
}

/** For the report: what did not come back, by the record and by the steps. Null: the run is no undo. */
export function notBackLines(run: Pick<RunView, 'approval' | 'steps'>): readonly string[] | null {
  const undo = run.approval?.plan.undo;
  if (!undo) return null;
  const bySteps = run.steps.flatMap((step) => [
    ...(step.step === 'okta.groups_back' ? notBack(step.after) : []),
    ...(step.step === 'okta.apps_back' || step.step === 'okta.roles_back'
      ? missingBullet(step.after, (names) => list(step.step === 'okta.roles_back' ? names.map(lowered) : names))
      : []),
  ]);
  return [...lostLines(undo.lost), ...bySteps];
}
