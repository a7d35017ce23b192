// What an undo knows of the offboarding that it takes back: what that run recorded, did and gave away. Pure types, and what follows from them.
import { deviceOf, type RunDevice } from './device.ts';
import type { Person, PinnedIds, RunStatus } from './run.ts';
import type { Fact, Facts } from './step.ts';
import { hasEnded, type StepStatus } from './transitions.ts';

export interface UndoneStep {
  readonly step: string;
  readonly subject: string;
  /** What was confirmed of the subject. */
  readonly facts: Facts;
  readonly status: StepStatus;
  readonly before: Facts | null;
  readonly after: Facts | null;
  /** Names of effects that may have reached the vendor. */
  readonly wrote: readonly string[];
}

export interface Undone {
  readonly id: string;
  readonly kind: string;
  readonly code: string;
  readonly status: RunStatus;
  readonly personId: string;
  readonly person: Person;
  readonly ids: PinnedIds;
  /** Code of a later offboarding of the same person; null: this is the newest. */
  readonly newer: string | null;
  readonly steps: readonly UndoneStep[];
}

export interface UndoneReads {
  /** Null: there is no such run. */
  of(runId: string): Promise<Undone | null>;
  /** When a step of this run ended; null: it has not. */
  endedAt(runId: string, step: string): Promise<Date | null>;
}

/** What an undo's own run says: which run it takes back. */
export const UNDO_OF = 'undo.of';

export function stepOf(undone: Undone, name: string): UndoneStep | null {
  return undone.steps.find((one) => one.step === name) ?? null;
}

/** Of the last record that holds it; null: it was not recorded. */
export function recordedNames(undone: Undone, step: string, fact: string): readonly string[] | null {
  const found = stepOf(undone, step);
  const value: Fact | undefined = found?.after?.[fact] ?? found?.before?.[fact];
  return Array.isArray(value) ? (value as readonly string[]) : null;
}

export function hasWritten(undone: Undone, effect: string): boolean {
  return undone.steps.some((one) => one.wrote.includes(effect));
}

/** It has changed something at a vendor, or may have. */
export function hasBegun(undone: Undone): boolean {
  return undone.steps.some((one) => one.wrote.length > 0);
}

/** A call of that run to this vendor may still arrive: nothing is put back before. */
export function isStillAtWork({ steps }: Undone, vendor: string): boolean {
  return steps.some((one) => one.step.startsWith(`${vendor}.`) && one.status === 'running');
}

/** The cancelled run takes the mailbox back by itself, for which it may suspend the account again. */
export function isMailboxEnding({ steps, status }: Undone): boolean {
  return steps.some((one) => status === 'cancelled' && one.step === 'google.mailbox_end' && !hasEnded(one.status));
}

/** Computers that run locked, or may have. */
export function lockedDevices(undone: Undone): readonly RunDevice[] {
  return undone.steps
    .filter((one) => one.step === 'jamf.lock' && one.wrote.length > 0 && !isErased(undone, one.subject))
    .map((one) => deviceOf({ id: one.subject, facts: one.facts }));
}

export function isErased(undone: Undone, subject: string): boolean {
  return undone.steps.some((one) => one.step === 'jamf.erase' && one.subject === subject && one.wrote.length > 0);
}

/** Devices with a paid box under way, out of which nothing was received. */
export function orderedBoxes(undone: Undone): readonly UndoneStep[] {
  const isReceived = (subject: string): boolean =>
    undone.steps.some((one) => one.step === 'return.receive' && one.subject === subject && one.status === 'done');
  return undone.steps.filter((one) => one.step === 'return.ship' && one.wrote.length > 0 && !isReceived(one.subject));
}

/** What no call brings back. `names`: of what, as far as it was recorded; a count where only that is known. */
export interface Lost {
  readonly what:
    | 'factors'
    | 'devices'
    | 'sessions'
    | 'google_doors'
    | 'files'
    | 'calendar'
    | 'mail_settings'
    | 'licence'
    | 'erased'
    | 'app_data'
    | 'groups_unknown';
  readonly names: readonly string[];
}

/** Said first, before anybody confirms anything. */
export function lostWith(undone: Undone): readonly Lost[] {
  const factors = recordedNames(undone, 'okta.snapshot', 'factors') ?? [];
  const removed = stepOf(undone, 'okta.devices')?.before?.devices;
  const devices = Array.isArray(removed) ? (removed as readonly string[]) : [];
  const told = (what: Lost['what'], isSo: boolean, names: readonly string[] = []): Lost[] =>
    isSo ? [{ what, names }] : [];
  const isDeactivated =
    hasWritten(undone, 'okta.deactivate_user') || stepOf(undone, 'okta.deactivate')?.status === 'done';
  return [
    ...told('factors', factors.length > 0 && (isDeactivated || hasWritten(undone, 'okta.unenroll_factor')), factors),
    ...told('devices', hasWritten(undone, 'okta.deactivate_device'), devices),
    ...told('sessions', hasWritten(undone, 'okta.end_sessions')),
    ...told('app_data', isDeactivated, recordedNames(undone, 'okta.snapshot', 'apps') ?? []),
    ...told('groups_unknown', recordedNames(undone, 'okta.snapshot', 'groupIds') === null),
    ...told('google_doors', hasWritten(undone, 'google.set_password')),
    ...told('files', hasWritten(undone, 'google.transfer_drive')),
    ...told('calendar', hasWritten(undone, 'google.transfer_calendar')),
    ...told(
      'mail_settings',
      ['google.stop_forwarding', 'google.delete_forwarding_address', 'google.delete_forwarding_filter'].some((one) =>
        hasWritten(undone, one),
      ),
    ),
    ...told('licence', hasWritten(undone, 'google.free_licence')),
    ...told(
      'erased',
      hasWritten(undone, 'jamf.erase_device'),
      undone.steps.flatMap((one) =>
        one.step === 'jamf.erase' && one.wrote.length > 0 ? [deviceOf({ id: one.subject, facts: one.facts }).name] : [],
      ),
    ),
  ];
}

/** What a plan to take an offboarding back says beside its steps. */
export interface UndoView {
  readonly runId: string;
  readonly code: string;
  /** It is under way: the yes to its undo ends it. */
  readonly isLive: boolean;
  readonly lost: readonly Lost[];
}

/** The same person is on the way in the other direction: the database let nothing in beside that. */
export class OtherWay extends Error {}
