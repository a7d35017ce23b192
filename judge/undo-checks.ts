// What must be true after an offboarding was taken back: the person is in again as far as was promised, by two people's word, and once.
import type { Call, Evidence, OktaUser } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

/** Whoever lost the password with the deactivation follows Okta's mail before the account counts as active. */
const ALIVE = ['ACTIVE', 'PROVISIONED'];
const LETS_IN = ['okta.activateUser', 'okta.unsuspendUser'];

export const isUndo = ({ kind }: Evidence): boolean => kind === 'undo';

export const UNDO_CHECKS: readonly Check[] = [
  {
    id: 'undo_account_back',
    sentence: 'The Okta account is alive again, and was let in exactly once.',
    find: accountBack,
  },
  {
    id: 'undo_groups_back',
    sentence: 'The groups are those from before, but for what was said not to come back.',
    find: groupsBack,
  },
  {
    id: 'undo_mailbox_free',
    sentence: 'Nobody else reads the mailbox, and the Google account is active.',
    find: mailboxFree,
  },
  { id: 'undo_two_people', sentence: 'Who approved is not who asked, and nothing came back before.', find: twoPeople },
  {
    id: 'undo_audited',
    sentence: 'The audit log has who asked, who approved, and which run was taken back.',
    find: audited,
  },
  { id: 'undo_told', sentence: 'The thread ends with what came back, and with what did not.', find: told },
].map((check) => ({ ...check, applies: isUndo }));

function accountBack(evidence: Evidence): Finding {
  const times = evidence.journals.okta.filter((call) => isAbout(evidence, call, LETS_IN)).length;
  const status = userIn(evidence, 'after')?.status ?? 'not there';
  return { holds: times === 1 && ALIVE.includes(status), evidence: `let in ${times} times, status ${status}` };
}

function groupsBack(evidence: Evidence): Finding {
  const [before, after] = (['before', 'after'] as const).map((when) => groupsOf(userIn(evidence, when)));
  const missing = (before ?? []).filter((id) => !(after ?? []).includes(id));
  const more = (after ?? []).filter((id) => !(before ?? []).includes(id));
  const said = [...reportOf(evidence).matchAll(/(?:does not|do not) come back|adds them by hand|comes by itself/g)]
    .length;
  return {
    holds: (before ?? []).length > 0 && more.length === 0 && missing.length <= said,
    evidence: `${(after ?? []).length} of ${(before ?? []).length} groups, ${said} said not to come back, ${more.length} that were not there`,
  };
}

function mailboxFree({ after, person }: Evidence): Finding {
  const user = after.google.users.find((one) => one.id === person.googleId);
  const delegates = user?.mailbox.delegates.length ?? -1;
  const isActive = user !== undefined && !user.suspended && !user.archived;
  return {
    holds: delegates === 0 && isActive,
    evidence: `${delegates} delegates, ${isActive ? 'active' : 'not active'}`,
  };
}

function twoPeople(evidence: Evidence): Finding {
  const said = evidence.after.slack.deliveries.filter((one) => !one.forged && one.status === 200);
  const asked = said.find((one) => one.kind === 'view_submission' && one.raw.includes('undo_confirm'));
  const approved = said.findLast((one) => one.raw.includes('approval_approve'));
  const first = evidence.journals.okta.find((call) => isAbout(evidence, call, LETS_IN));
  const holds =
    asked !== undefined &&
    approved !== undefined &&
    first !== undefined &&
    asked.user !== approved.user &&
    asked.at <= approved.at &&
    approved.at <= first.at;
  return { holds, evidence: `asked by ${asked?.user ?? 'nobody'}, approved by ${approved?.user ?? 'nobody'}` };
}

function audited({ audit }: Evidence): Finding {
  const of = (action: string) =>
    audit.find((one) => one.action === action && (action === 'run.undone' || isUndoChain(audit, one.chain)));
  const [asked, approved, undone] = ['run.approval_asked', 'run.approved', 'run.undone'].map(of);
  const holds =
    asked !== undefined &&
    approved !== undefined &&
    undone !== undefined &&
    asked.actor !== approved.actor &&
    undone.actor === approved.actor &&
    undone.chain !== asked.chain;
  return {
    holds,
    evidence: `${audit.length} entries, asked ${asked?.actor ?? 'by nobody'}, approved ${approved?.actor ?? 'by nobody'}, ${undone ? 'taken back' : 'nothing taken back'}`,
  };
}

function isUndoChain(audit: Evidence['audit'], chain: string): boolean {
  return audit.some((one) => one.chain === chain && one.action === 'run.approval_asked' && one.kind === 'rehire');
}

function told(evidence: Evidence): Finding {
  const words = `${evidence.person.name} is back`;
  const isTold = messagesOf(evidence).some((one) => one.thread_ts === null && one.text.includes(words));
  const report = reportOf(evidence);
  return {
    holds: isTold && report.includes('What did not come back') && /second factor/.test(report),
    evidence: `${isTold ? 'told as back' : 'not told as back'}, ${report === '' ? 'no report' : 'a report'}`,
  };
}

function reportOf(evidence: Evidence): string {
  const report = messagesOf(evidence).find(
    (one) => one.text.startsWith('Report: ') && one.text.includes(`${evidence.person.name} is back`),
  );
  return report === undefined ? '' : JSON.stringify(report.blocks);
}

function messagesOf({ after, channelId }: Evidence) {
  return after.slack.channels.find((channel) => channel.id === channelId)?.messages ?? [];
}

function userIn(evidence: Evidence, when: 'before' | 'after'): OktaUser | undefined {
  return evidence[when].okta.users.find((one) => one.id === evidence.person.oktaId);
}

function groupsOf(user: OktaUser | undefined): readonly string[] {
  return Array.isArray(user?.groups) ? (user.groups as readonly string[]) : [];
}

function isAbout({ person }: Evidence, call: Call, operations: readonly string[]): boolean {
  return call.applied && operations.includes(call.operation) && call.detail.subject === person.oktaId;
}
