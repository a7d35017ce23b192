// What must be true in Okta after an offboarding: the person is out, once, in the right order, and nobody else was touched.
import { isDeepStrictEqual } from 'node:util';
import type { Call, Evidence, OktaDevice, OktaUser } from './evidence.ts';
import type { Check, Finding } from './judge.ts';
import { pressesIn } from './watch-checks.ts';

/** From the confirmation to the blocked sign-in. */
const MOST_REVOKE_MS = 10_000;
const CLOSES_SIGN_IN = ['okta.suspendUser', 'okta.deactivateUser'];
const TAKES_FACTORS = ['okta.unenrollFactor', 'okta.resetFactors', 'okta.deactivateDevice', 'okta.deleteDevice'];

export const OKTA_CHECKS: readonly Check[] = [
  {
    id: 'deactivated_once',
    sentence: 'The person was deactivated exactly once, and once more for each Cut again, and stays deactivated.',
    find: deactivatedOnce,
  },
  {
    id: 'fast_enough',
    sentence: 'Sign-in was blocked within ten seconds of the confirmation, or of the moment that was agreed.',
    applies: isCutByUs,
    find: fastEnough,
  },
  {
    id: 'blocked_first',
    sentence: 'Sign-in was blocked before any factor or device was removed.',
    applies: isCutByUs,
    find: blockedFirst,
  },
  { id: 'ended_again', sentence: 'Sessions and tokens were ended once more after the deactivation.', find: endedAgain },
  { id: 'no_session_left', sentence: 'No session, token or grant is left.', find: noSessionLeft },
  { id: 'no_factor_left', sentence: 'No second factor is left.', find: noFactorLeft },
  {
    id: 'no_own_device_left',
    sentence: 'No device of the person’s own is registered any more.',
    find: noOwnDeviceLeft,
  },
  { id: 'shared_device_left', sentence: 'A device shared with others was left to them.', find: sharedDeviceLeft },
  {
    id: 'nobody_else_touched',
    sentence: 'Nobody else in Okta, and no device of theirs, was touched.',
    find: nobodyElseTouched,
  },
];

/** Not so where somebody deactivated the account by hand before. */
function isCutByUs(evidence: Evidence): boolean {
  return evidence.begun?.by !== 'okta';
}

/** Whoever deactivated by hand did it once, and Sendoff not again. */
function deactivatedOnce(evidence: Evidence): Finding {
  const times = appliedTo(evidence, ['okta.deactivateUser']).length;
  const byHand = evidence.begun?.by === 'okta';
  const status = personIn(evidence, 'after')?.status ?? 'not there';
  const pressed = pressesIn(evidence).length;
  return {
    holds: times === (byHand ? 0 : 1) + pressed && status === 'DEPROVISIONED',
    evidence: `${count(times, 'deactivation')}${byHand ? ' beside the one by hand' : ''} took effect, ${pressed} pressed, status ${status}`,
  };
}

function fastEnough(evidence: Evidence): Finding {
  const submit = evidence.after.slack.deliveries.find(
    (one) => one.kind === 'view_submission' && !one.forged && !evidence.refused.includes(one.user),
  );
  const block = appliedTo(evidence, CLOSES_SIGN_IN)[0];
  const from = evidence.begun?.at ?? submit?.at;
  if (from === undefined || !block)
    return { holds: false, evidence: block ? 'nobody confirmed' : 'sign-in was never blocked' };
  const ms = block.at - from;
  return { holds: ms >= 0 && ms <= MOST_REVOKE_MS, evidence: `${(ms / 1000).toFixed(1)} s to ${block.operation}` };
}

function blockedFirst(evidence: Evidence): Finding {
  const block = appliedTo(evidence, CLOSES_SIGN_IN)[0];
  const removal = appliedTo(evidence, TAKES_FACTORS)[0];
  if (!block) return { holds: false, evidence: 'sign-in was never blocked' };
  if (!removal) return { holds: true, evidence: `${nameOf(block)}; nothing was removed one by one` };
  const inOrder = [block, removal].sort((one, other) => one.seq - other.seq);
  return { holds: inOrder[0] === block, evidence: inOrder.map(nameOf).join(', then ') };
}

function endedAgain(evidence: Evidence): Finding {
  const deactivation = appliedTo(evidence, ['okta.deactivateUser'])[0];
  const ending = appliedTo(evidence, ['okta.revokeUserSessions']).at(-1);
  const isLater = isCutByUs(evidence)
    ? deactivation !== undefined && ending !== undefined && ending.seq > deactivation.seq
    : ending !== undefined && ending.at > (evidence.begun?.at ?? 0);
  const holds = isLater && ending?.detail.oauthTokens === 'true';
  return {
    holds,
    evidence: ending
      ? `last ${nameOf(ending)}, oauthTokens=${String(ending.detail.oauthTokens)}`
      : 'sessions were never ended',
  };
}

function noSessionLeft(evidence: Evidence): Finding {
  const person = personIn(evidence, 'after');
  if (!person) return { holds: false, evidence: 'the person is not there' };
  const tokens = Object.values(person.clientTokens).reduce((sum, one) => sum + one, 0);
  return {
    holds: person.sessions + tokens + person.grants === 0,
    evidence: `${count(person.sessions, 'session')}, ${count(tokens, 'token')}, ${count(person.grants, 'grant')}`,
  };
}

function noFactorLeft(evidence: Evidence): Finding {
  const left = personIn(evidence, 'after')?.factors.length ?? -1;
  return { holds: left === 0, evidence: left < 0 ? 'the person is not there' : count(left, 'factor') };
}

function noOwnDeviceLeft(evidence: Evidence): Finding {
  const own = devicesBefore(evidence).filter((device) => device.userIds.length === 1);
  const left = own.filter((device) => deviceAfter(evidence, device.id) !== undefined);
  return {
    holds: left.length === 0,
    evidence: `${left.length} of ${count(own.length, 'own device')} left${listed(left.map((device) => device.displayName))}`,
  };
}

function sharedDeviceLeft(evidence: Evidence): Finding {
  const { oktaId } = evidence.person;
  const shared = devicesBefore(evidence).filter((device) => device.userIds.length > 1);
  const harmed = shared.filter((device) => {
    const now = deviceAfter(evidence, device.id);
    const others = device.userIds.filter((id) => id !== oktaId);
    return now?.status !== device.status || !others.every((id) => now.userIds.includes(id));
  });
  return {
    holds: harmed.length === 0,
    evidence: `${shared.length - harmed.length} of ${count(shared.length, 'shared device')} as before${listed(harmed.map((device) => device.displayName))}`,
  };
}

function nobodyElseTouched(evidence: Evidence): Finding {
  const { oktaId } = evidence.person;
  const theirs = new Set(devicesBefore(evidence).map((device) => device.id));
  const others = evidence.before.okta.users.filter((user) => user.id !== oktaId);
  const changed = others.filter(
    (user) =>
      !isDeepStrictEqual(
        withoutDevices(user),
        withoutDevices(evidence.after.okta.users.find((one) => one.id === user.id)),
      ),
  );
  const devices = evidence.before.okta.devices.filter(
    (device) => !theirs.has(device.id) && !isDeepStrictEqual(device, deviceAfter(evidence, device.id)),
  );
  const strays = evidence.journals.okta.filter(
    (call) => call.write && call.applied && call.detail.subject !== oktaId && !theirs.has(String(call.detail.subject)),
  );
  const found = [...changed.map((user) => user.id), ...devices.map((device) => device.id), ...strays.map(nameOf)];
  return {
    holds: found.length === 0,
    evidence: `${count(others.length, 'other person', 'other people')} compared, ${found.length} changed${listed(found)}`,
  };
}

/** In the order in which they took effect, on the person or on a device of theirs. */
function appliedTo(evidence: Evidence, operations: readonly string[]): Call[] {
  const subjects = new Set([evidence.person.oktaId, ...devicesBefore(evidence).map((device) => device.id)]);
  return evidence.journals.okta
    .filter((call) => call.applied && operations.includes(call.operation) && subjects.has(String(call.detail.subject)))
    .sort((one, other) => one.seq - other.seq);
}

function personIn(evidence: Evidence, when: 'before' | 'after'): OktaUser | undefined {
  return evidence[when].okta.users.find((user) => user.id === evidence.person.oktaId);
}

function devicesBefore(evidence: Evidence): OktaDevice[] {
  return evidence.before.okta.devices.filter((device) => device.userIds.includes(evidence.person.oktaId));
}

function deviceAfter(evidence: Evidence, id: string): OktaDevice | undefined {
  return evidence.after.okta.devices.find((device) => device.id === id);
}

/** Devices are compared by themselves. */
function withoutDevices(user: OktaUser | undefined): Record<string, unknown> {
  const { deviceIds: _compared, ...rest } = (user ?? {}) as Record<string, unknown>;
  return rest;
}

function nameOf(call: Call): string {
  return `${call.operation} (call ${call.seq})`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '' : `: ${names.join(', ')}`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
