// Somebody was deactivated in Okta: by hand, by HR's own connection, or by us. Read again by id; the rest of an offboarding follows.
import { type BeginDeps, beginRun, endedBefore, joinRun, lookFor } from './begin.ts';
import type { LiveRun } from './model/ports.ts';
import type { Knock } from './model/start-ports.ts';

const MINUTE_MS = 60_000;

/** Answers how it ended, in a word; throws where a look failed. */
export async function lookAtAccount(
  deps: BeginDeps,
  { subject: userId, knockedAt }: Pick<Knock, 'subject' | 'knockedAt'>,
): Promise<string> {
  const user = await deps.okta.getUser(userId);
  if (!user) return 'deleted';
  if (user.status !== 'DEPROVISIONED') return 'not_deactivated';
  const live = await deps.runs.live('offboarding', userId);
  if (live) return joinLive(deps, live, user.profile);
  const seen = await lookFor(deps, { email: user.profile.email ?? user.profile.login, oktaId: userId });
  if (seen.kind === 'refused') {
    const { why } = seen.refusal;
    const key = `refused:${userId}:${user.statusChanged?.toISOString() ?? ''}:${why}`;
    await deps.tell({ ...aboutUser(user.profile), key, says: 'not_begun', code: null, why });
    return why;
  }
  const { hris } = seen.plan;
  const record = hris?.is === 'same_person' ? hris.record : null;
  const end = record?.status === 'Inactive' ? { record: record.id, day: record.terminationDate } : null;
  const ended = await endedBefore(deps, seen);
  if (await deps.starts.isDoneBefore(userId, end, seen.deactivatedAt)) return 'done_before';
  // Where HR ended it too, this is HR's exit, in whichever order the two are heard of: it can be stopped as long.
  const { startsRuns, stopMinutes } = deps.policy.policy.hris;
  const at = end && startsRuns ? new Date(deps.clock.now().getTime() + stopMinutes * MINUTE_MS) : null;
  return beginRun(deps, seen, { door: 'okta', knockedAt, end, at, lastWorkingAt: null, ended });
}

async function joinLive(
  deps: BeginDeps,
  live: LiveRun,
  profile: { displayName?: string | null | undefined; login: string },
): Promise<string> {
  if (live.status === 'open') {
    // Okta tells everybody of a deactivation, us of our own too.
    if (await deps.starts.hasDeactivated(live.id)) return 'our_own';
    return joinRun(deps, live, 'okta');
  }
  const row = await deps.starts.read(live.id);
  await deps.starts.note(live.id, 'okta', 'run.joined', { trigger: 'okta' });
  // HR's own connection closes the account when HR's date comes; before that it was somebody's hand.
  if (row?.trigger === 'hris' && row.start?.lastWorkingAt === null) return 'joined';
  await deps.tell({
    ...aboutUser(profile),
    key: `early:${live.id}`,
    says: 'deactivated_early',
    code: live.code,
    why: null,
  });
  return 'joined';
}

function aboutUser(profile: { displayName?: string | null | undefined; login: string }) {
  return { door: 'okta', name: profile.displayName ?? null, email: profile.login } as const;
}
