// Who looks after apps outside Okta is told of theirs: one direct message each and run, drawn again as rows change; reminders, since an edit
// calls nobody; and the thread hears what concerns operators: time that ran out, a call for help, somebody who could not be told.
import { appName, appsOf, buildOwnerNudge, buildOwnerTask, isOpen } from '../blocks/owner-task.ts';
import { buildOwnerHelp, buildOwnerUntold, buildPassedOn } from '../blocks/owner-text.ts';
import { isOwners, ownersOf } from '../blocks/owner-words.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { RunView } from '../workflow/model/run.ts';
import type { Notices } from './mailbox-notices.ts';
import { hashOf } from './post-once.ts';
import { type TellDeps, tellDirectly } from './tell-directly.ts';

const TASK = 'owner_task:';
const NUDGE = 'owner_nudge:';
const UNTOLD = 'owner_untold:';
const PASSED_ON = 'owner_passed_on:';
const HELP = 'owner_help:';
/** In place of a message's hash: the question itself, posted then, was the call. */
const IN_TASK = 'in the question';

type Draw = (deps: TellDeps, reportKey: string, notices: Notices) => Promise<void>;

export const showOwnerTasks: Draw = async (deps, reportKey, notices) => {
  const { run, known, names, show } = notices;
  for (const userId of ownersOf(run)) {
    const apps = appsOf(run, userId);
    if (apps.length === 0) continue; // it is not their turn yet
    const isTold = await drawTask(deps, reportKey, notices, userId);
    const untold = `${UNTOLD}${userId}`;
    if (!isTold || known.has(untold)) {
      const about = { userId, apps: apps.map(appName), isTold, isOver: !apps.some(isOpen) };
      if (known.has(untold) || !about.isOver) await show(untold, buildOwnerUntold(run, about, names));
    }
    await drawCalls(deps, reportKey, notices, userId);
  }
  await showPassedOn(notices);
  for (const step of run.steps.filter(isOwners))
    for (const help of step.decisions.filter(({ kind }) => kind === 'help'))
      await show(`${HELP}${step.subject}:${help.attempt}`, buildOwnerHelp(run, step, help, names));
};

/** True: it stands, as far as is known. */
async function drawTask(
  deps: TellDeps,
  reportKey: string,
  { run, known, names }: Notices,
  userId: string,
): Promise<boolean> {
  const message = `${TASK}${userId}`;
  const content = buildOwnerTask(run, userId, names);
  const row = known.get(message);
  if (row?.ts) return redraw(deps, { reportKey, message, userId, ts: row.ts, hash: row.hash }, content);
  // Sent, and no answer was read: it may stand there, and is not sent twice.
  if (row) return false;
  return appsOf(run, userId).some(isOpen) ? tellDirectly(deps, { reportKey, message }, userId, content) : true;
}

/**
 * Each once, and of reminders only the newest: what an outage skipped is not told late. An app that is asked about after the message
 * stood is called out too. Those that stand say so once nothing is open.
 */
async function drawCalls(deps: TellDeps, reportKey: string, { run, known }: Notices, userId: string): Promise<void> {
  const task = known.get(`${TASK}${userId}`);
  const calls = callsOf(run, userId);
  const newest = calls.filter((one) => !isNew(one)).at(-1);
  for (const about of calls) {
    const message = `${NUDGE}${about}`;
    const row = known.get(message);
    if (row?.hash === IN_TASK) continue;
    const isOpenStill = appsOf(run, userId).some((step) => isOpen(step) && callsIn(step.after).includes(about));
    if (!row && !(isOpenStill && (isNew(about) || about === newest))) continue;
    // The message itself calls them.
    if (!row && isNew(about) && !task) {
      await deps.reports.shared(reportKey, message, IN_TASK, IN_TASK);
      continue;
    }
    // Where the question itself is in doubt, what comes later carries its buttons.
    const content =
      task && task.ts === null
        ? buildOwnerTask(run, userId)
        : buildOwnerNudge(run, about, row?.ts || !task?.ts ? null : await linkTo(deps, userId, task.ts));
    if (!row) await tellDirectly(deps, { reportKey, message }, userId, content);
    else if (row.ts && !appsOf(run, userId).some(isOpen))
      await redraw(deps, { reportKey, message, userId, ts: row.ts, hash: row.hash }, content);
  }
}

async function redraw(
  deps: TellDeps,
  at: { reportKey: string; message: string; userId: string; ts: string; hash: string | null },
  content: Message,
): Promise<boolean> {
  const hash = hashOf(content);
  if (at.hash === hash) return true;
  try {
    const channel = await deps.slack.openDirect(at.userId);
    await deps.pace.wait('update');
    await deps.slack.update(channel, at.ts, content);
    await deps.reports.posted(at.reportKey, at.message, at.ts, hash);
  } catch (error) {
    // The thread must not wait for it. Whoever was deactivated since reads it no more.
    if (!(error instanceof ConnectorError) || error.kind === 'rate_limited' || error.kind === 'transient') throw error;
    deps.log.warn({ err: error }, 'a question to an app’s owner could not be redrawn');
  }
  return true;
}

async function linkTo(deps: TellDeps, userId: string, ts: string): Promise<string | null> {
  try {
    return await deps.slack.getPermalink(await deps.slack.openDirect(userId), ts);
  } catch (error) {
    if (error instanceof ConnectorError) return null;
    throw error;
  }
}

/** Oldest first, those of all their apps. */
function callsOf(run: RunView, userId: string): readonly string[] {
  const all = appsOf(run, userId).flatMap(({ after }) => callsIn(after));
  const mine = [...new Set(all)].filter((one) => one.startsWith(`${userId}|`));
  return mine.sort((a, b) => (a.split('|')[2] ?? '').localeCompare(b.split('|')[2] ?? ''));
}

function callsIn(after: RunView['steps'][number]['after']): readonly string[] {
  return Array.isArray(after?.nudges) ? after.nudges : [];
}

function isNew(about: string): boolean {
  return about.split('|')[1] === 'new';
}

async function showPassedOn({ run, known, names, show }: Notices): Promise<void> {
  for (const step of run.steps.filter(isOwners)) {
    const message = `${PASSED_ON}${step.subject}`;
    if (step.after?.ownerPassed === 'silent' && (known.has(message) || isOpen(step)))
      await show(message, buildPassedOn(run, step, names));
  }
}
