// What a watch found on its day: every door still closed, what could not be checked, or what is open again with Cut again beside it.
import type { Button } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { count, factIn, namesIn, wordIn } from './amounts.ts';
import { ACTIONS } from './ids.ts';
import { mention, type Names, operatorName } from './names.ts';
import { actions, button, context, date, type Message, message, section } from './parts.ts';
import { cleanText, safeName, safeText } from './safe-text.ts';
import { stepWords } from './step-words.ts';

const MOST_TOLD = 8;

/** A watch that found something open which nobody has had cut again since, on this day or a later one. */
export function openFinding(run: Pick<RunView, 'watch'>): StepView | null {
  const looked = (run.watch ?? []).filter((one) => one.status === 'done');
  const newest = looked.at(-1);
  return newest && openDoors(newest).length > 0 && cutBy(newest) === null ? newest : null;
}

/** Null: nothing to say of this day yet. */
export function buildWatch(run: RunView, watched: StepView, names: Names = {}): Message | null {
  if (watched.status !== 'done') return null;
  const open = openDoors(watched);
  if (open.length === 0) return stillClosed(run, watched);
  const cut = cutBy(watched);
  const isNewest = openFinding(run)?.id === watched.id;
  const title = `${cut === null ? ':rotating_light:' : ':lock:'}  *Open again ${afterDays(watched)}: ${nameOf(run)}*`;
  const called = cut === null && isNewest ? ` ${mention(run.requestedBy, names)}` : '';
  return message(
    section([`${title}${called}`, ...foundLines(watched).map((line) => `• ${line}`)].join('\n')),
    ...(cut === null ? [] : [section(cutLine(cut, names))]),
    ...(cut === null && isNewest ? [actions(cutButton(run, watched))] : []),
    context(nextWords(cut !== null, isNewest), ...(watched.endedAt ? [`Looked at ${date(watched.endedAt)}`] : [])),
  );
}

function nextWords(isCut: boolean, isNewest: boolean): string {
  if (isCut) return 'Each step says in its own reply how it went.';
  return isNewest
    ? 'Nothing was changed. Cut again closes it by the same steps as before.'
    : 'A later look has taken its place.';
}

function stillClosed(run: RunView, watched: StepView): Message {
  const looked = numberIn(watched, 'looked');
  const unread = namesIn(watched.after ?? {}, 'unread') ?? [];
  const seen = looked - unread.length;
  if (unread.length === 0)
    return message(
      section(
        `:white_check_mark:  *Still closed ${afterDays(watched)}: ${nameOf(run)}*\nLooked at ${count(looked, 'closed door')} again; each is still closed.`,
      ),
    );
  return message(
    section(
      `:warning:  *Not everything could be checked ${afterDays(watched)}: ${nameOf(run)}*\n${seen === 0 ? 'No door' : count(seen, 'closed door')} could be seen${seen === 0 ? '' : ', and each is still closed'}. Couldn’t check: ${doorNames(unread)}.`,
    ),
  );
}

/** For a list of runs: one line. */
export function openFindingLine(watched: StepView): string {
  const [first] = foundLines(watched);
  return `:rotating_light:  open again ${afterDays(watched)}: ${first ?? doorNames(openDoors(watched))}`;
}

/** For a ticket, as plain words; '' where there is nothing to add. */
export function watchInShort(after: StepView['after']): string {
  const watched = { after } as StepView;
  const open = openDoors(watched);
  if (open.length > 0) return `open again: ${doorNames(open)}`;
  const unread = namesIn(after ?? {}, 'unread') ?? [];
  const looked = `${count(numberIn(watched, 'looked') - unread.length, 'closed door')} seen, each still closed`;
  return unread.length === 0 ? looked : `${looked}; couldn’t check: ${doorNames(unread)}`;
}

function foundLines(watched: StepView): string[] {
  const effects = namesIn(watched.after ?? {}, 'effects') ?? [];
  const apps = namesIn(watched.after ?? {}, 'apps') ?? [];
  const since = wordIn(watched.after, 'since');
  const known = FOUND.flatMap(({ effect, says }) => (effects.includes(effect) ? [says] : []));
  const isOkta = effects.includes('okta.deactivate_user') || effects.includes('okta.suspend_user');
  const others = openDoors(watched).filter((door) => !FOUND.some((one) => isToldBy(one.effect, door, effects)));
  const unread = namesIn(watched.after ?? {}, 'unread') ?? [];
  return [
    ...new Set([
      ...known.map((says) => {
        if (says === OKTA_ACTIVE && isOkta && since !== null) return `${says} since ${date(new Date(since))}`;
        return says === NEW_APP && apps.length > 0
          ? `${says}: ${apps
              .slice(0, 3)
              .map((app) => safeText(app, 40))
              .join(', ')}`
          : says;
      }),
      ...others.map((door) => `Open again: ${doorNames([door])}`),
    ]),
    ...(unread.length > 0 ? [`Couldn’t check: ${doorNames(unread)}`] : []),
    ...(factIn(watched.after, 'hris') === 'active' ? ['*HR says that they work here again*'] : []),
  ].slice(0, MOST_TOLD);
}

const OKTA_ACTIVE = 'The Okta account can sign in again';
const NEW_APP = 'An app can reach the Google account';
/** By what would close it. */
const FOUND: readonly { readonly effect: string; readonly says: string }[] = [
  { effect: 'okta.deactivate_user', says: OKTA_ACTIVE },
  { effect: 'okta.suspend_user', says: OKTA_ACTIVE },
  { effect: 'okta.unenroll_factor', says: 'A second factor is enrolled in Okta' },
  { effect: 'okta.deactivate_device', says: 'A device is registered in Okta' },
  { effect: 'google.delete_token', says: NEW_APP },
  { effect: 'google.delete_app_password', says: 'There is an app password in Google' },
  { effect: 'google.invalidate_backup_codes', says: 'There are backup codes in Google' },
  { effect: 'google.clear_recovery', says: 'There is a recovery mail or phone in Google' },
  { effect: 'google.remove_role', says: 'The Google account has an admin role' },
  { effect: 'google.stop_forwarding', says: 'Mail is forwarded' },
  { effect: 'google.delete_forwarding_address', says: 'There is a forwarding address' },
  { effect: 'google.delete_forwarding_filter', says: 'A filter forwards mail' },
  { effect: 'google.remove_delegate', says: 'Somebody else reads the mailbox' },
  { effect: 'google.suspend', says: 'The Google account is active again' },
];

function isToldBy(effect: string, door: string, effects: readonly string[]): boolean {
  const [vendor = ''] = door.split('.');
  return effects.includes(effect) && effect.startsWith(`${vendor}.`);
}

function cutButton(run: RunView, watched: StepView): Button {
  const isBack = factIn(watched.after, 'hris') === 'active';
  const name = cleanText(run.person.name, 40);
  return button({
    actionId: ACTIONS.cutAgain,
    label: 'Cut again',
    value: JSON.stringify({ stepRun: watched.id, attempt: watched.attempt }),
    danger: true,
    about: `access of ${name}`,
    ...(isBack && {
      confirm: {
        title: 'HR says that they work here again',
        text: `BambooHR has ${name} as active now. If they were hired again, this locks out somebody who works here. Cut their access again all the same?`,
        yes: 'Cut again',
        no: 'Leave it open',
      },
    }),
  });
}

type Cut = StepView['decisions'][number];

function cutBy(watched: StepView): Cut | null {
  return watched.decisions.find((one) => one.kind === 'cut_again') ?? null;
}

function cutLine(cut: Cut, names: Names): string {
  return `Cut again by ${operatorName(cut.by, names)} ${date(cut.at)}.`;
}

function openDoors(watched: StepView): readonly string[] {
  return namesIn(watched.after ?? {}, 'open') ?? [];
}

/** `okta.block`, `jamf.lock jamf:12` → "sign-in block, Mac lock". */
function doorNames(doors: readonly string[]): string {
  return [...new Set(doors.map((door) => stepWords(door.split(' ')[0] ?? '').short))].join(', ');
}

function afterDays({ subject }: Pick<StepView, 'subject'>): string {
  return subject === '1' ? 'a day later' : `${safeText(subject, 4)} days later`;
}

function nameOf(run: RunView): string {
  return safeName(run.person.name);
}

function numberIn(watched: Pick<StepView, 'after'>, key: string): number {
  const found = factIn(watched.after, key);
  return typeof found === 'number' ? found : 0;
}
