// What each step of a plan will do to this person, with the numbers the preview read; and what of it cannot be undone.
import type { PlanView } from '../workflow/model/plan.ts';
import type { ProtectedBecause } from '../workflow/model/policy.ts';
import type { PlannedStep } from '../workflow/model/ports.ts';
import type { Effect, Facts, Observation } from '../workflow/model/step.ts';
import { count, list, namesIn } from './amounts.ts';
import { appLines } from './app-plan-text.ts';
import { passWords } from './cause-words.ts';
import { containWords, googleLines } from './google-plan-text.ts';
import { HANDOVER_STEPS, handoverPlan } from './handover-text.ts';
import { hrisLines } from './hris-text.ts';
import { mailboxEndPlan, mailboxPlan } from './mailbox-text.ts';
import { factorNames, statusWords } from './okta-words.ts';
import { safeText } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { subjectWords } from './subject-text.ts';
import { undoPlan } from './undo-text.ts';
import { effectWords } from './vendor-words.ts';

const ICONS: Readonly<Record<string, string>> = {
  'okta.snapshot': ':clipboard:',
  'okta.block': ':lock:',
  'okta.factors': ':key:',
  'okta.devices': ':computer:',
  'okta.deactivate': ':no_entry:',
  'google.contain': ':envelope:',
  'google.active': ':unlock:',
  'google.keep': ':eyes:',
  'google.drive': ':file_folder:',
  'google.calendar': ':calendar:',
  'google.close': ':checkered_flag:',
  'jira.ticket': ':ticket:',
  'google.mailbox': ':incoming_envelope:',
  'google.mailbox_end': ':calendar:',
  'return.replacement': ':computer:',
  'jamf.lock': ':computer:',
  'jamf.look': ':mag:',
  'return.receive': ':inbox_tray:',
  'jamf.erase': ':wastebasket:',
  'inventory.checkin': ':card_index_dividers:',
  'okta.activate': ':unlock:',
  'okta.groups_back': ':busts_in_silhouette:',
  'google.back': ':envelope:',
  'google.mailbox_back': ':incoming_envelope:',
  'jamf.unlock': ':computer:',
  'slack.account': ':speech_balloon:',
};

export function planLine(planned: PlannedStep): string {
  const icon = (Object.hasOwn(ICONS, planned.step) ? ICONS[planned.step] : undefined) ?? ':small_blue_diamond:';
  return `${icon}  ${sentence(planned)}${subjectWords(planned)}`;
}

function sentence({ step, seen }: PlannedStep): string {
  const { todo } = stepWords(step);
  const told = HANDOVER_STEPS.includes(step) ? handoverPlan(step, seen, todo) : null;
  if (told !== null) return told;
  const undo = undoPlan(step, seen, todo);
  if (undo !== null) return undo;
  switch (seen.is) {
    case 'not_checked':
      return `*${todo}* · couldn’t check (${safeText(seen.why, 120) || 'no reason given'}); it is read again when the step runs`;
    case 'not_applicable':
      return `*${todo}* · will be passed over: ${passWords(seen.why)}`;
    case 'unknown':
      return `*${todo}* · couldn’t read what is so (${safeText(seen.why, 120) || 'no reason given'}); it is read again when the step runs`;
    case 'asks':
      return `*${todo}* · will ask for a decision first`;
    case 'satisfied':
    case 'under_way':
    case 'unsatisfied':
      return willDo(step, seen);
    default:
      return seen satisfies never;
  }
}

type Known = Extract<Observation, { is: 'satisfied' | 'under_way' | 'unsatisfied' }>;

function willDo(step: string, seen: Known): string {
  const { todo } = stepWords(step);
  const isNothing = seen.is === 'satisfied';
  switch (step) {
    case 'okta.snapshot':
      return `*${todo}*: ${snapshotWords(seen.facts)}`;
    case 'okta.block':
      if (isNothing) return `*${todo}* · nothing to do: no sign-in is left`;
      if (isWriting(seen, 'okta.suspend_user'))
        return `*${todo}*: suspend the account at once, end all sessions and tokens`;
      return '*End sessions*: sign-in is blocked already; all sessions and tokens are ended';
    case 'okta.factors':
      return factorWords(seen, todo);
    case 'okta.devices':
      return deviceWords(seen, todo);
    case 'okta.deactivate':
      if (isNothing) return `*${todo}* · nothing to do: it is gone`;
      if (seen.is === 'under_way') return `*${todo}* · Okta is already deactivating it`;
      if (isWriting(seen, 'okta.deactivate_user')) return `*${todo}*, then end sessions and tokens once more`;
      return '*End sessions*: the Okta account is deactivated already; sessions and tokens are ended once more';
    case 'google.mailbox':
      return mailboxPlan(seen, todo);
    case 'google.mailbox_end':
      return mailboxEndPlan(seen.facts, todo);
    case 'google.contain':
      if (isNothing) return `*${todo}* · nothing to do: the account is gone`;
      return `*${todo}*: ${containWords(seen.facts)}`;
    case 'google.active':
      if (isNothing) return `*${todo}*: it is active now; looked at again after the deactivation`;
      return `*${todo}*: it is made active with a new password, and contained again`;
    case 'google.keep':
      return `*${todo}* for 60 days: looked at after 15 minutes, 1 hour, 24 hours, then daily`;
    case 'slack.account':
      return `*${todo}*: Okta’s provisioning closes it; after four hours an operator is asked to`;
    case 'jira.ticket':
      return `*${todo}*: a comment for every step’s end, closed when all is done; nothing waits for it`;
    default:
      return anyWords(seen, todo);
  }
}

function snapshotWords(facts: Facts): string {
  const gaps = namesIn(facts, 'gaps') ?? [];
  const counted = [
    ['groups', 'group'],
    ['apps', 'app'],
    ['factors', 'second factor'],
    ['devices', 'registered device'],
    ['roles', 'admin role'],
  ] as const;
  const told = counted.flatMap(([key, one]) => {
    const found = namesIn(facts, key);
    return found === null || gaps.includes(key) ? [] : [count(found.length, one)];
  });
  const missing = gaps.length > 0 ? [`Okta does not show: ${list(gaps)}`] : [];
  return [...(told.length > 0 ? [told.join(', ')] : []), ...missing].join('. ') || 'nothing to record';
}

/** Before sign-in is blocked the step reports what it would remove as facts, not as effects. */
function factorWords(seen: Known, todo: string): string {
  const found = factorNames(namesIn(seen.facts, 'factors') ?? []);
  if (found.length === 0)
    return `*${todo}* · nothing to do: ${seen.is === 'satisfied' && seen.basis === 'moot' ? 'Okta keeps none for this account' : 'there are none'}`;
  return `*Remove ${count(found.length, 'second factor')}*: ${list(found)}`;
}

function deviceWords(seen: Known, todo: string): string {
  const own = namesIn(seen.facts, 'devices') ?? [];
  const left = namesIn(seen.facts, 'left') ?? [];
  const told =
    own.length === 0
      ? `*${todo}* · nothing to do: there are none of their own`
      : `*Remove ${count(own.length, 'registered device')}*: ${list(own)}`;
  if (left.length === 0) return told;
  return `${told} · ${left.length} left because somebody else uses ${left.length === 1 ? 'it' : 'them'}: ${list(left)}`;
}

function anyWords(seen: Known, todo: string): string {
  if (seen.is === 'satisfied') return `*${todo}* · nothing to do: it is so already`;
  if (seen.is === 'under_way') return `*${todo}* · under way`;
  const effects = [...new Set(seen.would.map((effect) => effectWords(effect.name)))];
  return `*${todo}*${effects.length > 0 ? `: ${effects.slice(0, 5).join(', ')}` : ''}`;
}

function isWriting(seen: Known, effect: string): boolean {
  return seen.is === 'unsatisfied' && seen.would.some((one: Effect) => one.name === effect);
}

/** Null when everything could be put back. */
export function cannotBeUndone(plan: PlanView): string | null {
  const told = new Set(plan.steps.flatMap(({ step, seen }) => lastingWords(step, seen)));
  if (told.size === 0) return null;
  return `*Cannot be undone:* ${[...told].slice(0, 10).join('; ')}.`;
}

function lastingWords(step: string, seen: PlannedStep['seen']): string[] {
  if (seen.is !== 'unsatisfied' && seen.is !== 'under_way') return [];
  if (step === 'okta.factors' || step === 'okta.devices') {
    const [key, one] =
      step === 'okta.factors' ? (['factors', 'second factor'] as const) : (['devices', 'device registration'] as const);
    const n = namesIn(seen.facts, key)?.length ?? 0;
    return n === 0 ? [] : [`${count(n, one)} (must be set up anew)`];
  }
  if (seen.is === 'under_way') return [];
  if (step === 'google.contain') return ['the Google password, app access, backup codes and recovery data'];
  if (step === 'okta.deactivate')
    return isWriting(seen, 'okta.deactivate_user')
      ? ['app assignments and what apps delete when the account is deactivated']
      : [];
  return seen.would.flatMap((effect) => (effect.irreversible ? [effectWords(effect.name)] : []));
}

/** What differs between two plans, a sentence each; empty if it is nothing that a reader can see. */
export function planDifferences(before: PlanView, now: PlanView): readonly string[] {
  const told: string[] = [];
  if (before.person.email !== now.person.email || before.person.name !== now.person.name)
    told.push('The person’s name or address is another one.');
  if (before.status !== now.status)
    told.push(`The account was ${statusWords(before.status)}, now it is ${statusWords(now.status)}.`);
  told.push(...hrisDifferences(before, now), ...googleDifferences(before, now), ...appDifferences(before, now));
  const keyOf = (planned: PlannedStep): string => `${planned.step} ${planned.subject}`;
  const earlier = new Map(before.steps.map((planned) => [keyOf(planned), planLine(planned)]));
  const later = new Map(now.steps.map((planned) => [keyOf(planned), planLine(planned)]));
  for (const [key, line] of later) {
    const was = earlier.get(key);
    if (was === undefined) told.push(`New: ${line}`);
    else if (was !== line) told.push(`Was: ${was}\nNow: ${line}`);
  }
  for (const [key, line] of earlier) if (!later.has(key)) told.push(`No longer: ${line}`);
  if (JSON.stringify(before.warnings) !== JSON.stringify(now.warnings)) told.push('The warnings are different.');
  return told;
}

function hrisDifferences(before: PlanView, now: PlanView): string[] {
  const [was, is] = [before, now].map((plan) => HRIS_WORDS[plan.hris?.is ?? 'off'] ?? hrisLines(plan.hris).join(' '));
  return was === is ? [] : [`Was: ${was}\nNow: ${is}`];
}

function googleDifferences(before: PlanView, now: PlanView): string[] {
  const [was, is] = [before, now].map((plan) => googleLines(plan.google)[0] ?? '');
  return was === is ? [] : [`Was: ${was}\nNow: ${is}`];
}

function appDifferences(before: PlanView, now: PlanView): string[] {
  const [was, is] = [before, now].map((plan) => appLines(plan)[0] ?? 'No app outside Okta');
  return was === is ? [] : [`Was: ${was}\nNow: ${is}`];
}

const HRIS_WORDS: Readonly<Record<string, string>> = {
  off: 'BambooHR is not set up',
  not_read: 'BambooHR did not answer',
  no_record: 'BambooHR has no record with this address',
  undecided: 'BambooHR and Okta may mean different people',
};

/** "in the group Executives, titled Chief * Officer": why the policy protects somebody. */
export function protectedWords(because: readonly ProtectedBecause[]): string {
  return because
    .slice(0, 3)
    .map(({ rule, entry }) => {
      const named = safeText(entry, 40) || 'unnamed';
      if (rule === 'group') return `in the group ${named}`;
      return rule === 'title' ? `title ${named}` : 'named by address';
    })
    .join(', ');
}
