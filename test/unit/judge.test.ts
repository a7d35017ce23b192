// Shows that the judge passes a good record, and that each of its checks finds the one thing it is there for.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../judge/evidence.ts';
import { CHECKS, judge } from '../../judge/judge.ts';
import {
  ALEX,
  aCall,
  aDevice,
  aDirect,
  aMessage,
  anEvidence,
  anOrder,
  anUndo,
  aParcelPicture,
  aReply,
  aTicket,
  DANA,
  messagesOf,
  personAfter,
  rootOf,
} from '../support/evidence.ts';

type Spoil = (evidence: Evidence) => unknown;
const nothing: Spoil = () => undefined;
/** A good record of what the check is about. */
const recordFor = (id: string): Evidence => (id.startsWith('undo_') ? anUndo() : anEvidence());
const googleCall = (calls: Evidence['journals']['google'], seq: number) => {
  const found = calls.find((call) => call.seq === seq);
  if (!found) throw new Error(`no call ${seq}`);
  return found;
};

/** Dana was cut a second time, and somebody pressed Cut again so many ms after that. */
function pressedOnce(evidence: Evidence, afterMs: number): void {
  const { journals, after } = evidence;
  journals.okta.push(aCall(8.5, 'okta.deactivateUser', DANA), aCall(9, 'okta.revokeUserSessions', DANA));
  const at = (journals.okta.at(-2)?.at ?? 0) + afterMs;
  const press = after.slack.deliveries[3];
  if (press) after.slack.deliveries.splice(4, 0, { ...press, at, raw: 'payload=cut_again' });
  for (const one of messagesOf(evidence)) one.text = one.text.replace('Still closed 7 days', 'Open again 7 days');
}

/** What each check must find, by its id: a change that makes a good record bad. */
const SPOILED: Readonly<Record<string, Readonly<Record<string, Spoil>>>> = {
  deactivated_once: {
    'a second deactivation': ({ journals }) => journals.okta.splice(6, 0, aCall(6.5, 'okta.deactivateUser', DANA)),
    'an account that is active again': (evidence) => Object.assign(personAfter(evidence), { status: 'ACTIVE' }),
  },
  fast_enough: {
    'a block eleven seconds after the confirmation': ({ after }) => {
      for (const delivery of after.slack.deliveries) delivery.at -= 11_000;
    },
    'nobody who confirmed': ({ after }) => after.slack.deliveries.splice(2, 1),
  },
  blocked_first: {
    'a factor removed before the block': ({ journals }) => journals.okta.unshift(aCall(0, 'okta.unenrollFactor', DANA)),
  },
  ended_again: {
    'no ending after the deactivation': ({ journals }) => journals.okta.pop(),
    'an ending that leaves tokens': ({ journals }) =>
      Object.assign(journals.okta.at(-1)?.detail ?? {}, { oauthTokens: 'false' }),
  },
  no_session_left: {
    'a session': (evidence) => Object.assign(personAfter(evidence), { sessions: 1 }),
    'a token': (evidence) => Object.assign(personAfter(evidence), { clientTokens: { mail: 1 } }),
    'a grant': (evidence) => Object.assign(personAfter(evidence), { grants: 1 }),
  },
  no_factor_left: { 'a factor': (evidence) => Object.assign(personAfter(evidence), { factors: ['push'] }) },
  no_own_device_left: {
    'a device': ({ after }) => after.okta.devices.push({ ...aDevice('own', []), status: 'DEACTIVATED' }),
  },
  shared_device_left: {
    'a shared device that is gone': ({ after }) => after.okta.devices.splice(0, 1),
    'a shared device that was deactivated': ({ after }) =>
      Object.assign(after.okta.devices[0] ?? {}, { status: 'DEACTIVATED' }),
    'a shared device without its other user': ({ after }) =>
      Object.assign(after.okta.devices[0] ?? {}, { userIds: [DANA] }),
  },
  nobody_else_touched: {
    'somebody else suspended': ({ after }) => Object.assign(after.okta.users[1] ?? {}, { status: 'SUSPENDED' }),
    'somebody else gone': ({ after }) => after.okta.users.splice(1, 1),
    'a device of somebody else': ({ after }) => after.okta.devices.pop(),
    'a write on somebody else': ({ journals }) => journals.okta.push(aCall(9, 'okta.suspendUser', ALEX)),
  },
  google_closed: {
    'a session': ({ after }) => Object.assign(after.google.users[0] ?? {}, { sessions: 1 }),
    'an app': ({ after }) => after.google.users[0]?.tokens.push('app'),
    'a recovery phone': ({ after }) => Object.assign(after.google.users[0] ?? {}, { recoveryPhone: '+12025550123' }),
  },
  google_password_set: {
    'no new password': ({ journals }) => journals.google.shift(),
    'a forced change': ({ journals }) =>
      Object.assign(journals.google[0]?.detail.sent ?? {}, { changePasswordAtNextLogin: true }),
  },
  mailbox_given_once: {
    'a mailbox that was given twice': ({ journals }) =>
      journals.google.push({ ...googleCall(journals.google, 5), seq: 5.2 }),
  },
  mailbox_taken_back: {
    'a mailbox that nobody took back': ({ journals }) => journals.google.splice(5, 1),
    'a delegate who is left': ({ after }) =>
      after.google.users[0]?.mailbox.delegates.push({ email: 'g-alex@acme.test' }),
  },
  transferred_once: {
    'a transfer that was asked for twice': ({ journals }) =>
      journals.google.push({ ...googleCall(journals.google, 3), seq: 8 }),
    'a transfer that has not ended': ({ after }) =>
      Object.assign(after.google.transfers[0] ?? {}, { status: 'inProgress' }),
    'a transfer to somebody else': ({ after }) =>
      Object.assign(after.google.transfers[0] ?? {}, { newOwner: 'g-sam@acme.test' }),
  },
  google_shut_last: {
    'an account that is open': ({ after }) => Object.assign(after.google.users[0] ?? {}, { suspended: false }),
    'an account that was shut before the mailbox was taken back': ({ journals }) =>
      Object.assign(googleCall(journals.google, 7), { seq: 5.5 }),
  },
  phones_not_wiped: {
    'a phone that was wiped': ({ after }) => after.google.devices[0]?.actions.push('admin_remote_wipe'),
    'a phone that was left': ({ after }) => after.google.devices[0]?.actions.pop(),
  },
  google_nobody_else: {
    'somebody else signed out': ({ after }) => Object.assign(after.google.users[1] ?? {}, { sessions: 0 }),
  },
  undo_account_back: {
    'a second activation': ({ journals }) => journals.okta.push(aCall(31, 'okta.activateUser', DANA)),
    'an account that stays out': (evidence) => Object.assign(personAfter(evidence), { status: 'DEPROVISIONED' }),
  },
  undo_groups_back: {
    'a group that is missing without a word': (evidence) => Object.assign(personAfter(evidence), { groups: [] }),
    'a group that was not there': (evidence) =>
      Object.assign(personAfter(evidence), { groups: ['everyone', 'engineering', 'admins'] }),
  },
  undo_mailbox_free: {
    'a delegate': ({ after }) => after.google.users[0]?.mailbox.delegates.push({ email: 'grace@acme.test' }),
    'a suspended account': ({ after }) => Object.assign(after.google.users[0] ?? {}, { suspended: true }),
  },
  undo_two_people: {
    'the same person twice': ({ after }) => Object.assign(after.slack.deliveries.at(-1) ?? {}, { user: 'U0LIN' }),
    'a door that opened before the yes': ({ journals }) =>
      Object.assign(journals.okta.at(-1) ?? {}, { at: journals.okta[0]?.at }),
  },
  undo_audited: {
    'no word of who approved': ({ audit }) => audit.pop(),
    'the same actor twice': ({ audit }) => Object.assign(audit.at(-1) ?? {}, { actor: 'T/U0LIN' }),
    'nothing in the log of the run that was taken back': ({ audit }) => audit.splice(1, 1),
  },
  undo_told: {
    'no report': (evidence) => messagesOf(evidence).pop(),
  },
  return_touches_no_account: {
    'an offboarding that was asked for as a return': (evidence) => Object.assign(evidence, { kind: 'device_return' }),
  },
  nothing_before_its_time: {
    'a change before the agreed moment': (evidence) => {
      beginsByItself(evidence);
      evidence.journals.snipeit.unshift(aCall(-1, 'snipeit.updateAsset', '101'));
    },
  },
  begins_at_once: {
    'a run of HR that acts eleven seconds late': (evidence) => {
      beginsByItself(evidence, 'okta');
      for (const call of evidence.journals.okta.splice(6, 1)) Object.assign(call, { applied: false });
      for (const call of Object.values(evidence.journals).flat()) Object.assign(call, { at: call.at + 11_000 });
      for (const delivery of evidence.after.slack.deliveries) delivery.at += 11_000;
    },
  },
  says_who_began_it: {
    'a message that names another door': (evidence) => {
      beginsByItself(evidence);
      rootOf(evidence).blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: 'Started by Sam Rivera' }] });
      rootOf(evidence).blocks.splice(-2, 1);
    },
    'a ticket that takes a door for somebody': (evidence) => {
      beginsByItself(evidence);
      evidence.after.jira.issues[0]?.comments.unshift({ text: 'OFF-1 was started · by Slack user okta' });
    },
  },
  locked_once: {
    'a lock with another passcode': ({ journals }) => {
      for (const seq of [4, 5])
        journals.jamf.push(
          aCall(seq, 'jamf.sendCommand', '', { detail: { serials: ['C02DANA1'], commandType: 'DEVICE_LOCK' } }),
        );
    },
  },
  erased_once: {
    'a second erasure': ({ journals }) =>
      journals.jamf.push(aCall(4, 'jamf.eraseComputer', '', { detail: { serials: ['C02DANA1'] } })),
  },
  erased_when_back: {
    'another serial number': ({ journals }) =>
      Object.assign(journals.jamf[0]?.detail ?? {}, { serials: ['C02OTHER1'] }),
    'an erasure before the approval': ({ journals }) =>
      Object.assign(journals.jamf[0] ?? {}, { at: 1_772_442_000_220 }),
    'an approval by the receiver': ({ after }) => Object.assign(after.slack.deliveries.at(-1) ?? {}, { user: 'U0SAM' }),
    'an approval that was refused': ({ after }) => Object.assign(after.slack.deliveries.at(-1) ?? {}, { raw: '' }),
  },
  checked_in_once: {
    'a second check-in': ({ journals }) =>
      journals.snipeit.push(aCall(5, 'snipeit.checkin', '', { detail: { id: '101' } })),
  },
  one_root: {
    'a second root': (evidence) =>
      messagesOf(evidence).unshift(aMessage('0.1', 'Offboarding Dana Whitfield is running. 0 of 5 steps done')),
  },
  one_reply_a_step: {
    'no report': (evidence) => messagesOf(evidence).pop(),
    'a second report': (evidence) =>
      messagesOf(evidence).push(aReply('8.0', 'Report: Dana Whitfield is not offboarded.')),
    'the same reply twice': (evidence) => {
      messagesOf(evidence).splice(-2, 1);
      messagesOf(evidence).push(aReply('8.0', 'Sign-in blocked for Dana Whitfield. · 05:46'));
    },
    'more replies than steps': (evidence) =>
      messagesOf(evidence).push(aReply('8.0', 'Something else for Dana Whitfield.')),
  },
  ends_offboarded: {
    'a run that still needs somebody': (evidence) =>
      Object.assign(rootOf(evidence), { text: 'Offboarding Dana Whitfield needs you. 5 of 5 steps done' }),
    'a step that is not done': (evidence) =>
      Object.assign(rootOf(evidence), { text: 'Dana Whitfield is offboarded. 4 of 5 steps done' }),
    'a button that is left': (evidence) => rootOf(evidence).blocks.push({ type: 'actions', elements: [] }),
  },
  refusal_announced: {
    'a refusal that nobody reads of': (evidence) => messagesOf(evidence).shift(),
    'a window for who was refused': ({ after }) => Object.assign(after.slack.views, { U0ALEX: [{ shown: [] }] }),
  },
  acked_in_time: {
    'an answer after three seconds': ({ after }) => Object.assign(after.slack.deliveries[1] ?? {}, { ackMs: 3_001 }),
    'an answer that is no 200': ({ after }) => Object.assign(after.slack.deliveries[1] ?? {}, { status: 500 }),
    'something that Slack showed as failed': ({ after }) =>
      after.slack.timeouts.push({ kind: 'block_actions', problem: 'bad_answer' }),
  },
  no_unknown_operation: {
    'a path that Okta does not have': ({ journals }) =>
      journals.okta.push(aCall(9, 'okta.unknown', DANA, { write: false, applied: false, status: 404 })),
    'a method that Slack does not have': ({ journals }) =>
      journals.slack.push(aCall(9, 'slack.unknown', '', { write: false, applied: false })),
  },
  no_secret_told: {
    'a token in a message': (evidence) => Object.assign(rootOf(evidence).original, { text: 'xoxb-1234-abcdefgh' }),
    'a passcode in an edit': (evidence) => rootOf(evidence).edits.push({ text: 'The passcode is 493817', blocks: [] }),
    'a key in a window': ({ after }) =>
      after.slack.views.U0LIN?.[0]?.shown.push({ text: '{"d":"c2VjcmV0c2VjcmV0c2VjcmV0"}' }),
    'a token that only one person sees': ({ after }) =>
      after.slack.ephemerals.U0ALEX?.push(aMessage('9.1', 'SSWS 00abcdefghijkl')),
    'a token in a comment': ({ after }) => after.jira.issues[0]?.comments.push({ text: 'xoxb-1234-abcdefgh' }),
  },
  one_ticket: {
    'a second ticket': ({ after }) => after.jira.issues.push({ ...aTicket(), comments: [] }),
    'a ticket that was made and deleted': ({ journals }) =>
      journals.jira.push(aCall(2, 'jira.createIssue', 'ITOPS-42')),
  },
  steps_commented: {
    'a comment twice': ({ after }) =>
      after.jira.issues[0]?.comments.push({ text: 'Done: Sign-in blocked · read back from Okta' }),
    'a comment that is missing': ({ after }) => after.jira.issues[0]?.comments.shift(),
    'a failure that nobody reads of': ({ after }) => after.jira.issues[0]?.comments.splice(1, 1),
  },
  ticket_closed: {
    'a ticket that is open': ({ after }) =>
      Object.assign(after.jira.issues[0] ?? {}, { status: 'To Do', statusCategory: 'new' }),
  },
  one_box_a_device: {
    'a second box': ({ after }) => after.retriever?.orders.push(anOrder()),
    'an order that was sent twice': ({ journals }) =>
      journals.retriever.push(aCall(2, 'retriever.createDeviceReturn', 'OFF-1/C02DANA0001')),
  },
  parcels_forward: {
    'a box that goes back to in transit': (evidence) =>
      rootOf(evidence).edits.push(aParcelPicture('in transit', 'in transit')),
    'a device that goes back to its label': (evidence) =>
      rootOf(evidence).edits.push(aParcelPicture('delivered Mar 3', 'label made, not handed over yet')),
    'nobody who reads of the parcels': (evidence) => rootOf(evidence).edits.splice(0),
  },
  address_nowhere: {
    'an address in the thread': (evidence) =>
      Object.assign(rootOf(evidence).original, { text: 'A box goes to 12 Elm Street' }),
    'an address in a comment': ({ after }) => after.jira.issues[0]?.comments.push({ text: 'to 12 Elm Street' }),
  },
  watched_each_day: {
    'a day that nobody looked': (evidence) => {
      const at = messagesOf(evidence).findIndex(({ text }) => text.startsWith('Still closed 30 days later'));
      messagesOf(evidence).splice(at, 1);
    },
    'a look that was told twice': (evidence) =>
      messagesOf(evidence).push(aReply('8.0', 'Open again 7 days later: Dana Whitfield.')),
  },
  cut_only_by_press: {
    'a second cut before anybody pressed': (evidence) => pressedOnce(evidence, 100_000),
    'a press on what was never told as open': (evidence) => {
      pressedOnce(evidence, -1);
      for (const one of messagesOf(evidence)) one.text = one.text.replace('Open again', 'Still closed');
    },
  },
  apps_answered: {
    'an app that nobody answered for': ({ apps }) => apps.push({ name: 'Notion', asked: [] }),
    'an app that is told as done': (evidence) => spoilReport(evidence, 'attested, not verified', 'read back'),
  },
  owners_asked_once: {
    'a second question': ({ after }) => after.slack.channels[1]?.messages.push(...aDirect('U0GRACE', 'Figma').messages),
    'no question': ({ after }) => after.slack.channels.splice(1, 1),
    'another app in a later version': ({ after }) =>
      after.slack.channels[1]?.messages[0]?.edits.push({ text: 'and Miro', blocks: [] }),
    'a question to a stranger': ({ after }) => after.slack.channels.push(aDirect('U0DANA', 'Figma')),
  },
};

function spoilReport(evidence: Evidence, was: string, is: string): void {
  const report = messagesOf(evidence).find((one) => one.text.startsWith('Report: '));
  if (report) Object.assign(report, { blocks: JSON.parse(JSON.stringify(report.blocks).replace(was, is)) });
}

/** Right before the first call: a good record in itself. */
function beginsByItself(evidence: Evidence, by: 'hris' | 'okta' = 'hris'): void {
  evidence.begun = { at: (evidence.journals.okta[0]?.at ?? 0) - 50, by };
  const text = `Started by ${by === 'hris' ? 'BambooHR' : 'Okta'} · today`;
  rootOf(evidence).blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text }] });
}

const CASES = Object.entries(SPOILED).flatMap(([id, spoilers]) =>
  Object.entries(spoilers).map(([what, spoil]) => ({ id, what, spoil })),
);
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-judge-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('judge', () => {
  it('passes a record of an offboarding that went well', () => {
    const verdict = judge(anEvidence());

    expect(verdict.checks.filter((check) => !check.holds)).toEqual([]);
    expect(verdict.holds).toBe(true);
  });

  it.each(['hris', 'okta'] as const)('passes a record of one that %s began', (by) => {
    const evidence = anEvidence();
    beginsByItself(evidence, by);
    if (by === 'okta') evidence.journals.okta.splice(6, 1);

    expect(judge(evidence).checks.filter((check) => !check.holds)).toEqual([]);
  });

  it('passes a record of an undo that went well', () => {
    expect(judge(anUndo()).checks.filter((check) => !check.holds)).toEqual([]);
  });

  it.each(CASES)('finds with $id alone: $what', ({ id, spoil }) => {
    const evidence = recordFor(id);
    spoil(evidence);

    const verdict = judge(evidence);

    expect(verdict.checks.filter((check) => !check.holds).map((check) => check.id)).toEqual([id]);
    expect(verdict.holds).toBe(false);
  });

  it('has a bad record for every check', () => {
    expect(Object.keys(SPOILED)).toEqual(CHECKS.map((check) => check.id));
  });

  it('counts a deactivation whose answer was lost and that was asked for again as one', () => {
    const evidence = anEvidence();
    Object.assign(evidence.journals.okta[6] ?? {}, { status: null });
    evidence.journals.okta.splice(7, 0, aCall(7.5, 'okta.deactivateUser', DANA, { applied: false, status: 404 }));

    expect(judge(evidence).holds).toBe(true);
  });
});

describe('node judge/main.ts', () => {
  it.each([
    { what: 'a good record', spoil: nothing, code: 0 },
    { what: 'a bad record', spoil: SPOILED.no_factor_left?.['a factor'] ?? nothing, code: 1 },
  ])('ends with $code for $what', ({ spoil, code }) => {
    const evidence = anEvidence();
    spoil(evidence);
    writeFileSync(path.join(folder, 'journals.json'), JSON.stringify(evidence));

    expect(exitCodeOf(folder)).toBe(code);
    expect(exitCodeOf(path.join(folder, 'journals.json'))).toBe(code);
  });

  it('ends with 2 for what is no record', () => {
    const file = path.join(folder, 'other.json');
    writeFileSync(file, '{"person": {}}');

    expect(exitCodeOf(file)).toBe(2);
    expect(exitCodeOf(path.join(folder, 'nowhere'))).toBe(2);
  });
});

function exitCodeOf(given: string): number {
  try {
    execFileSync(process.execPath, ['judge/main.ts', given], { stdio: 'pipe' });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}
