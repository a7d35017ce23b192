// What must be true of a device return that is no offboarding: it came to its end, and no account was touched on the way.
import type { Call, Evidence } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

const READS_BY_POST = ['okta.token', 'google.token'];

export const isReturn = ({ kind }: Evidence): boolean => kind === 'device_return';
export const isOffboarding = ({ kind }: Evidence): boolean => kind === 'offboarding';

export const RETURN_RUN_CHECKS: readonly Check[] = [
  {
    id: 'return_touches_no_account',
    sentence: 'The device return came to its end, locked nothing, and touched no account.',
    applies: isReturn,
    find: touchesNoAccount,
  },
];

function touchesNoAccount({ after, channelId, journals, person }: Evidence): Finding {
  const touched = [...journals.okta, ...journals.google].filter(isWrite);
  const locks = journals.jamf.filter((call) => call.applied && call.detail.commandType === 'DEVICE_LOCK');
  const messages = after.slack.channels.find((channel) => channel.id === channelId)?.messages ?? [];
  const isDone = messages.some(
    (one) => one.thread_ts === null && one.text.includes(`Device return of ${person.name} is done`),
  );
  return {
    holds: touched.length === 0 && locks.length === 0 && isDone,
    evidence: `${touched.length} changes of accounts, ${locks.length} locks, ${isDone ? 'told as done' : 'not told as done'}`,
  };
}

function isWrite(call: Call): boolean {
  return call.write && call.applied && !READS_BY_POST.includes(call.operation);
}
