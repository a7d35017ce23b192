// Runs that act at a moment, or after a human has looked, in words; and what the doors tell the channel.
import type { RunView } from '../workflow/model/run.ts';
import type { ChangedFact, HeldBecause, ZoneView } from '../workflow/model/start.ts';
import { wallClock } from '../workflow/model/time-zone.ts';
import { list } from './amounts.ts';
import { type Names, operatorName } from './names.ts';
import { context, date, type Message, message, section } from './parts.ts';
import { REFUSED_BECAUSE } from './refused-because.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';
import { vendorName } from './vendor-words.ts';

type Start = NonNullable<RunView['start']>;

const CHANGED: Readonly<Record<ChangedFact, string>> = {
  okta_account: 'the Okta account can be used again',
  identity: 'HR and Okta may now mean different people',
  hris_record: 'HR’s record is another one',
  manager: 'the manager is another one',
  google_account: 'the Google account is another one',
  devices: 'the devices are others',
  irreversible: 'more would happen that cannot be undone',
};

/** In the viewer's own time, and by the clock on the person's wall. */
export function momentWords(at: Date, zone: string | null): string {
  if (zone === null) return date(at);
  const { day, time } = wallClock(at, zone);
  return `${date(at)} (${time} on ${day} in ${safeText(zone, 60)})`;
}

export function zoneWords(zone: ZoneView): string {
  const from = {
    okta: 'as Okta says',
    slack: 'as Slack says',
    country: 'the only zone of their country',
    policy: 'not known: the policy’s',
  };
  return `${zone.name}, ${from[zone.from]}`;
}

/** Why nothing was started. */
export function heldWords(because: HeldBecause): string {
  switch (because.why) {
    case 'identity':
      return 'BambooHR and Okta may mean different people: somebody has to say whose record it is.';
    case 'protected':
      return 'The person is protected by now: another approver has to agree.';
    case 'changed':
      return `It is no longer what was agreed: ${list(because.what.map((one) => CHANGED[one]))}.`;
    case 'refused':
      return `A safeguard speaks against it: ${REFUSED_BECAUSE[because.refusal as keyof typeof REFUSED_BECAUSE] ?? safeText(because.refusal, 60)}.`;
    case 'not_read':
      return `${vendorName(because.vendor)} could not be read again for a quarter of an hour.`;
    case 'record_gone':
      return 'BambooHR has deleted the record that it is about.';
    case 'many':
      return `More than ${because.most} offboardings would have begun within an hour: somebody has to say that this one is meant.`;
    default:
      return because satisfies never;
  }
}

/** Who or what made it begin: "BambooHR says that they have left". */
export function reasonWords(run: RunView, start: Start, names: Names = {}): string {
  if (run.requestedBy === 'okta') return 'Somebody deactivated them in Okta.';
  if (run.requestedBy !== 'bamboohr') return `Asked for by ${operatorName(run.requestedBy, names)}.`;
  const { employmentEndsOn: day } = start;
  if (start.lastWorkingAt !== null) return `BambooHR: last day ${safeText(day ?? '', 20)}.`;
  return `BambooHR says that they have left${day === null ? '' : ` (${safeText(day, 20)})`}.`;
}

/** A reply that calls approvers: an edit of the root calls nobody. */
export function buildHeldReply(run: RunView, called: readonly string[]): Message {
  const name = safeName(run.person.name);
  if (run.status !== 'held' || !run.start?.held)
    return message(
      context(`A call for help stood here: ${name} was on hold. Somebody has dealt with it since; see above.`),
    );
  const { at, held } = run.start;
  const isPast = at !== null && run.requestedAt < at;
  const since = isPast ? ` The agreed moment was ${date(at)}.` : '';
  return message(
    section(
      `:rotating_light:  *Nothing was started for ${name}* ${called.join(' ')}\n${heldWords(held.because)}${since} Access is as it was. Review it on the message above.`,
    ),
  );
}

/** One reply, some hours before. */
export function buildStartReminder(run: RunView): Message {
  const name = safeName(run.person.name);
  const { start } = run;
  if (run.status !== 'scheduled' || !start?.at) {
    const waits = run.status === 'awaiting_approval' && start?.at;
    if (waits)
      return message(
        section(
          `:raised_hand:  *${name} still waits for approval, and access is to end ${momentWords(start.at ?? run.requestedAt, start.zone)}.* Without it nothing starts then.`,
        ),
      );
    return message(
      context(`A reminder stood here of the moment that was agreed for ${name}. It has passed, or was changed.`),
    );
  }
  return message(
    section(
      `:calendar:  *Access of ${name} ends ${momentWords(start.at, start.zone)}.* It starts by itself; to stop or move it, use the message above.`,
    ),
  );
}

export interface ToldByDoor {
  readonly door: string;
  readonly says: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly code: string | null;
  readonly why: string | null;
  readonly at: Date;
}

/** One line in the channel. */
export function buildDoorNotice(told: ToldByDoor): Message {
  const door = operatorName(told.door);
  const who = whoWords(told);
  const code = safeText(told.code ?? '', 40);
  const line = {
    not_begun: `:warning:  ${door} says that ${who} leaves, and *nothing was started*: ${REFUSED_BECAUSE[told.why as keyof typeof REFUSED_BECAUSE] ?? safeText(told.why ?? '', 60)}. Access is as it was; put that right, then use /offboard`,
    no_address: `:warning:  ${door} says that ${who} leaves, and has no work address for them, so *nothing was started*. If they have an account, use /offboard`,
    cannot_look: `:warning:  ${door} says that something changed about somebody, and I cannot look: ${told.why === null ? 'something went wrong in Sendoff' : `${vendorName(told.why)} does not answer`}. *Nothing was started*; it is tried again every five minutes`,
    being_undone: `:warning:  ${door} says that ${who} leaves, but their offboarding is being taken back (${code}). *Nothing was begun.* If HR means it, cancel the undo and offboard again`,
    active_again: `:warning:  ${door} says that ${who} does not leave any more, and ${code} has begun. It goes on: cancel it there if that is wrong`,
    deactivated_early: `:warning:  ${who} was deactivated in Okta before the moment of ${code}. The rest waits for that moment: start it now on its message if it should not`,
  }[told.says];
  const words = line ?? `:warning:  ${door} reported something that I cannot word`;
  return message(context(`${words} · ${date(told.at)}`));
}

function whoWords({ name, email }: ToldByDoor): string {
  const known = name === null ? null : safeName(name);
  if (known === null && email === null) return 'somebody';
  return [known, email === null ? null : safeCode(email, 100)].filter(Boolean).join(' ');
}
