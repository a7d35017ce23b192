// What a plan says of Google: whose account, in which state, who receives the work, what Okta's app will do, what is not known.
import type { AlertBlock } from '@slack/types';
import type { GoogleManager, GoogleView, PlanView } from '../workflow/model/plan.ts';
import type { Facts } from '../workflow/model/step.ts';
import { count, countAndList, factIn, namesIn } from './amounts.ts';
import { alert } from './parts.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

export const NOT_HANDED_OVER =
  'Google Workspace is not set up: mailbox, files and calendar are not handed over by Sendoff.';

export function googleLines(google: GoogleView | undefined): readonly string[] {
  switch (google?.is) {
    case undefined:
      return [NOT_HANDED_OVER];
    case 'not_read':
      return ['Google: not known; it is read again when its steps run'];
    case 'no_account':
      return ['Google: no account with this address, so nothing is handed over'];
    case 'account':
      return [
        `Google: ${safeCode(google.address, 100)} · ${google.state} · ${managerWords(google.manager)}`,
        ...OKTA_APP[google.oktaApp],
      ];
    default:
      return google satisfies never;
  }
}

const NOBODY: Readonly<Record<Extract<GoogleManager, { is: 'none' }>['why'], string>> = {
  not_known: 'no manager is known',
  no_account: 'the manager has no Google account',
  inactive: 'the manager’s Google account is suspended or archived',
  same_person: 'the manager who is entered is this person',
};

function managerWords(manager: GoogleManager): string {
  if (manager.is === 'none') return `${NOBODY[manager.why]}: somebody will be asked who receives the work`;
  return `${safeName(manager.name ?? '', 60)} ${safeCode(manager.address, 100)} receives the work`;
}

const OKTA_APP: Readonly<Record<Extract<GoogleView, { is: 'account' }>['oktaApp'], readonly string[]>> = {
  suspends: [
    'Okta’s Google app suspends the account at the deactivation; Sendoff makes it active again, as often as three times. Better: turn off Deactivate Users in its provisioning.',
  ],
  leaves: ['Okta’s Google app leaves the account active at the deactivation'],
  not_known: [
    'Couldn’t check whether Okta’s Google app suspends the account; Sendoff looks, and makes it active again',
  ],
  none: [],
};

/** What the operator must know of it before they confirm. */
export function googleAlerts(plan: Pick<PlanView, 'google' | 'person'>): readonly AlertBlock[] {
  const { google } = plan;
  if (google?.is === 'not_read')
    return [
      alert(
        'warning',
        `*Google ${google.isRefusal ? 'refused Sendoff’s credentials' : 'did not answer'}* (${safeText(google.why, 60) || 'no reason given'}). The Okta account can be offboarded all the same.`,
      ),
    ];
  const doubt = doubtWords(plan);
  return doubt === null ? [] : [alert('error', `${doubt} Not sure? Cancel.`)];
}

/** Markup; null: nothing speaks against the account being this person's. */
export function doubtWords({ google, person }: Pick<PlanView, 'google' | 'person'>): string | null {
  if (google?.is !== 'account' || google.doubts.length === 0) return null;
  const why = google.doubts.includes('other_name')
    ? `Google calls it ${safeName(google.name ?? '', 30)}, Okta ${safeName(person.name, 30)}.`
    : 'The address is only an alias of it.';
  return `*Is this Google account theirs?* ${why} It closes ${safeCode(google.address, 50)} too.`;
}

/** What is open, in numbers: `google.contain`'s line of the plan. */
export function containWords(facts: Facts): string {
  const open = [
    countAndList(namesIn(facts, 'apps') ?? [], 'app with access', 'apps with access'),
    ...counted(facts, 'appPasswords', 'app password'),
    ...counted(facts, 'backupCodes', 'backup code'),
    ...roles(facts),
    ...(namesIn(facts, 'phones')?.length
      ? [`the work account on ${countAndList(namesIn(facts, 'phones') ?? [], 'phone or tablet', 'phones and tablets')}`]
      : []),
  ];
  const recovery = namesIn(facts, 'recovery') ?? [];
  return `new password that nobody knows, sign-out everywhere; removes ${open.join(', ')}${recovery.length > 0 ? `, recovery ${safeText(recovery.join(' and '), 60)}` : ''}. The account stays as it is otherwise`;
}

function counted(facts: Facts, key: string, one: string): string[] {
  const n = factIn(facts, key);
  return typeof n === 'number' && n > 0 ? [count(n, one)] : [];
}

function roles(facts: Facts): string[] {
  const held = namesIn(facts, 'roles') ?? [];
  return held.length === 0 ? [] : [countAndList(held, 'admin role')];
}
