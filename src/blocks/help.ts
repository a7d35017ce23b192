// What /offboard and /return-device take, and why what was typed is not it. For its caller only.
import type { RunKind } from '../workflow/model/run.ts';
import { KIND_WORDS } from './kind-text.ts';
import { context, type Message, privateMessage, section } from './parts.ts';
import { safeCode } from './safe-text.ts';

export function buildHelp(): Message {
  return privateMessage(
    section(':wave:  *How to use /offboard*\nType `/offboard name@company.com` with the exact work address.'),
    section(
      [
        '• No address at hand? The shortcut “Offboard someone” finds the person by name.',
        '• You see a plan first: who it is and what will happen. Nothing changes until you confirm it.',
        '• Then sign-in is blocked, sessions end, second factors and devices are removed, and the Okta account is deactivated.',
        '• Every step is shown in the IT channel. A step that stops says why and has a Retry button.',
        '• Several leave together? `/offboard batch` takes a list, and two other approvers allow it.',
        '• `/offboard status` lists what is running and what needs you. `/offboard help` shows this.',
        '• Only a laptop, a monitor or a phone has to come back? `/return-device`.',
      ].join('\n'),
    ),
    context('Operators only. Only you can see this.'),
  );
}

export function buildReturnHelp(): Message {
  return privateMessage(
    section(
      ':wave:  *How to use /return-device*\nType `/return-device name@company.com` with the exact work address, also of somebody who has left.',
    ),
    section(
      [
        '• No address at hand? The shortcut “Return a device” finds the person by name.',
        '• A window asks why, which devices, and how they come back. Nothing begins until you confirm it.',
        '• Leaving: computers that Jamf manages are locked. Laptop refresh, Broken: nothing is locked, and nothing is erased before somebody says that the replacement is in use.',
        '• What Jamf does not know (a monitor, a phone, a Windows laptop) is typed by its serial number.',
        '• It closes no access: `/offboard` does. A device that another run has on its way is not ordered twice.',
        '• `/offboard status` lists what is running. `/return-device help` shows this.',
      ].join('\n'),
    ),
    context('Operators only. Only you can see this.'),
  );
}

export type OddKind = 'invisible' | 'direction' | 'space' | 'control' | 'foreign';

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly why: 'empty' | 'several' | 'mention' | 'not_an_address' | 'too_long' | 'odd_characters';
  /** What was typed, cut short, with odd characters named as [U+0430]; raw. */
  readonly shown: string;
  /** With odd_characters only: what kinds there are. */
  readonly odd?: readonly OddKind[];
}

const ODD: Readonly<Record<OddKind, string>> = {
  invisible: 'invisible characters',
  direction: 'characters that turn the writing direction',
  space: 'an unusual space',
  control: 'control characters',
  foreign: 'letters outside a to z, which can look exactly like them',
};

export function buildUnreadable(unreadable: Unreadable, kind: RunKind = 'offboarding'): Message {
  const typed = unreadable.shown === '' ? [] : [`You typed ${safeCode(unreadable.shown, 120)}`];
  return privateMessage(
    section(
      `:mag:  ${reason(unreadable)} *Nothing was changed.* Type \`${KIND_WORDS[kind].command} name@company.com\` with the exact work address.`,
    ),
    context(...typed, 'Only you can see this.'),
  );
}

function reason(unreadable: Unreadable): string {
  switch (unreadable.why) {
    case 'empty':
      return 'An address is missing.';
    case 'several':
      return 'That is more than one address. One person at a time.';
    case 'mention':
      return 'A Slack mention does not say which work account is meant. Type the work address instead.';
    case 'not_an_address':
      return 'That is not an address I can read exactly, and I never guess.';
    case 'too_long':
      return 'That is longer than an address can be (254 characters).';
    case 'odd_characters': {
      const kinds = (unreadable.odd ?? []).map((kind) => ODD[kind]).join(', ');
      return `The address contains ${kinds || 'unusual characters'}, so it may not be the one it looks like.`;
    }
    default:
      return unreadable.why satisfies never;
  }
}
