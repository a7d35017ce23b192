// The App Home of one viewer: what needs them, what is running, what was, and who may act. Others read a polite page without any name.
import type { HomeView, KnownBlock, SectionBlock } from '@slack/types';
import type { BatchView } from '../workflow/model/batch.ts';
import type { OperatorId, Role, RunView } from '../workflow/model/run.ts';
import { count, duration } from './amounts.ts';
import { batchLine } from './batch-text.ts';
import { deviceOutLines } from './devices-out.ts';
import { ACTIONS } from './ids.ts';
import { delegationOf } from './mailbox-reminder.ts';
import { channelWords } from './modal-started.ts';
import { isUserId } from './names.ts';
import { actions, button, context, date, linkButton, mrkdwn, plainText, section, sections } from './parts.ts';
import { delegationLine, needsYou, needsYouLines, recentLine, runningLine, stepsNeedingYou } from './run-lines.ts';
import { timeToRevokeMs } from './run-root.ts';
import { safeText } from './safe-text.ts';

/** A view of our own blocks only. */
export type Home = Omit<HomeView, 'blocks'> & { readonly blocks: KnownBlock[] };

export interface HomePicture {
  /** The viewer's. */
  readonly role: Role;
  readonly running: readonly RunView[];
  /** Those that wait for approvers; absent: none. */
  readonly batches?: readonly BatchView[];
  /** Ended in the last 30 days, newest first. */
  readonly recent: readonly RunView[];
  readonly operators: readonly (OperatorId & { readonly role: Role })[];
  /** Run id → where its thread stands. */
  readonly threads: ReadonlyMap<string, string>;
  readonly channelId: string;
  /** Why the channel cannot be written to and what to do, raw; null: it can. */
  readonly channelTrouble?: string | null;
  readonly now: Date;
}

const MOST_NEEDING = 15;
const MOST_RUNNING = 20;
const MOST_SCHEDULED = 15;
const MOST_DELEGATIONS = 20;
const MOST_DEVICES = 20;
const MOST_RECENT = 15;
const MOST_OPERATORS = 50;

export function buildHome(picture: HomePicture): Home {
  const waiting = picture.running.filter(needsYou);
  const scheduled = picture.running.filter((run) => run.status === 'scheduled').sort(byMoment);
  const others = picture.running.filter((run) => !needsYou(run) && run.status !== 'scheduled');
  return home(
    ...(picture.channelTrouble ? [troubleOf(picture.channelId, picture.channelTrouble)] : []),
    ...(picture.running.length === 0
      ? [
          header('Nothing running'),
          section(
            'Start with `/offboard name@company.com` or `/return-device name@company.com` anywhere in Slack. You will see what would happen before anything changes.',
          ),
        ]
      : []),
    ...batchesWaiting(picture),
    ...(waiting.length > 0 ? listOf('Needs you', waiting, MOST_NEEDING, (run) => needing(run, picture)) : []),
    ...(others.length > 0
      ? listOf('Running now', others, MOST_RUNNING, (run) => linked(runningLine(run), run, picture))
      : []),
    ...(scheduled.length > 0
      ? listOf('Scheduled', scheduled, MOST_SCHEDULED, (run) => linked(runningLine(run), run, picture))
      : []),
    ...devicesOut(picture),
    ...delegations(picture),
    { type: 'divider' },
    header('Last 30 days'),
    figures(picture),
    ...sections(picture.recent.slice(0, MOST_RECENT).map(recentLine)),
    ...(picture.recent.length > MOST_RECENT ? [context(`and ${picture.recent.length - MOST_RECENT} more`)] : []),
    { type: 'divider' },
    header(`Operators (${picture.operators.length})`),
    ...sections(picture.operators.slice(0, MOST_OPERATORS).map(operatorLine)),
    ...(picture.operators.length > MOST_OPERATORS
      ? [context(`and ${picture.operators.length - MOST_OPERATORS} more`)]
      : []),
    ...(picture.role === 'admin'
      ? [actions(button({ actionId: ACTIONS.homeOperators, label: 'Manage operators' }))]
      : []),
    context(
      `Threads stand in ${channelWords(picture.channelId)}.`,
      `Drawn · ${date(picture.now)}`,
      ...(picture.role === 'admin' ? [] : ['Only admins change the list of operators.']),
    ),
  );
}

function troubleOf(channelId: string, trouble: string): SectionBlock {
  return section(
    `:warning:  *${channelWords(channelId)} cannot be written to.* ${safeText(trouble, 300)}\nOffboardings go on meanwhile; their threads follow by themselves.`,
  );
}

/** Nobody who leaves is named here. */
export function buildPoliteHome(given: { contacts: readonly OperatorId[] }): Home {
  const asked = given.contacts.filter(({ userId }) => isUserId(userId)).slice(0, 3);
  const whom = asked.length === 0 ? 'your IT team' : asked.map(({ userId }) => `<@${userId}>`).join(' or ');
  return home(
    header('Offboarding'),
    section(`Only IT operators can use this app. If somebody has to be offboarded, please ask ${whom}.`),
  );
}

function home(...blocks: readonly KnownBlock[]): Home {
  return { type: 'home', blocks: [...blocks] };
}

function header(text: string): KnownBlock {
  return { type: 'header', text: plainText(text, 150) };
}

function batchesWaiting({ batches = [] }: HomePicture): KnownBlock[] {
  if (batches.length === 0) return [];
  return [header(`Batches that need approvers (${batches.length})`), ...sections(batches.map(batchLine), 2_000)];
}

function listOf(
  title: string,
  runs: readonly RunView[],
  most: number,
  draw: (run: RunView) => KnownBlock,
): KnownBlock[] {
  const more = runs.length > most ? [context(`and ${runs.length - most} more: \`/offboard status\` lists them`)] : [];
  return [header(`${title} (${runs.length})`), ...runs.slice(0, most).map(draw), ...more];
}

/** Soonest first. A cancelled run's may still stand for a moment: it is among the recent ones. */
function delegations({ running, recent, now }: HomePicture): KnownBlock[] {
  const ends = (run: RunView): number => delegationOf(run)?.endsAt.getTime() ?? 0;
  const lines = [...running, ...recent]
    .sort((one, other) => ends(one) - ends(other))
    .flatMap((run) => delegationLine(run, now) ?? []);
  if (lines.length === 0) return [];
  const more = lines.length > MOST_DELEGATIONS ? [context(`and ${lines.length - MOST_DELEGATIONS} more`)] : [];
  return [
    header(`Mailboxes with somebody else (${lines.length})`),
    ...sections(lines.slice(0, MOST_DELEGATIONS)),
    ...more,
  ];
}

/** Soonest first. */
function byMoment(one: RunView, other: RunView): number {
  return (one.start?.at?.getTime() ?? 0) - (other.start?.at?.getTime() ?? 0);
}

/** Of offboardings and of returns alike, the longest under way first. */
function devicesOut({ running }: HomePicture): KnownBlock[] {
  const lines = running.flatMap(deviceOutLines);
  if (lines.length === 0) return [];
  const more = lines.length > MOST_DEVICES ? [context(`and ${lines.length - MOST_DEVICES} more`)] : [];
  return [header(`Devices out (${lines.length})`), ...sections(lines.slice(0, MOST_DEVICES)), ...more];
}

function needing(run: RunView, picture: HomePicture): SectionBlock {
  return linked(needsYouLines(run, picture.now), run, picture);
}

function linked(markup: string, run: RunView, { threads }: HomePicture): SectionBlock {
  const link = linkButton(ACTIONS.openThread, 'Open thread', threads.get(run.id) ?? null);
  return link ? { ...section(markup), accessory: link } : section(markup);
}

function figures({ running, recent }: HomePicture): SectionBlock {
  const offboarded = recent.filter((run) => run.kind === 'offboarding' && run.status === 'closed');
  const revoked = offboarded.flatMap((run) => timeToRevokeMs(run) ?? []).sort((a, b) => a - b);
  const helped = offboarded.filter((run) => run.steps.some((step) => step.retries.length > 0)).length;
  const open = running.reduce((sum, run) => sum + stepsNeedingYou(run).length, 0);
  const fields = [
    ['Offboarded', String(offboarded.length)],
    ['Median time to revoke', revoked.length === 0 ? '–' : duration(median(revoked))],
    ['Needed a person', `${helped} of ${offboarded.length}`],
    ['Open failures', open === 0 ? 'none' : count(open, 'step')],
  ];
  return { type: 'section', fields: fields.map(([what, value]) => mrkdwn(`*${what}*\n${value}`)) };
}

/** Of at least one, in order. */
function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** A mention: on a Home it calls nobody, and Slack shows the name. */
function operatorLine({ userId, role }: OperatorId & { readonly role: Role }): string {
  return `• ${isUserId(userId) ? `<@${userId}>` : safeText(userId, 40) || 'unknown'} · ${role}`;
}
