// One line in the channel for each use of a door: a command, a refused attempt, a change of the operators.
import { buildCommandNotice, buildOperatorNotice, buildRefusedNotice } from '../blocks/notice.ts';
import { buildPreflight } from '../blocks/preflight.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { ClaimedReport } from '../store/reports.ts';
import { type PostOnceDeps, showMessage } from './post-once.ts';

interface NoticeDeps extends PostOnceDeps {
  readonly inbound: Pick<InboundStore, 'find'>;
}

/** Answers as `drawRun` does. */
export async function drawNotice(
  deps: NoticeDeps,
  report: Pick<ClaimedReport, 'key'>,
  inboundId: string,
): Promise<number | null> {
  const inbound = await deps.inbound.find(inboundId);
  if (inbound === null) return null;
  const content = noticeOf(inbound);
  const [known] = await deps.reports.deliveries(report.key);
  const shown = await showMessage(deps, { reportKey: report.key, message: 'notice' }, known, content);
  return 'later' in shown ? shown.later : null;
}

type Failing = Parameters<typeof buildPreflight>[0]['failing'];

function noticeOf(inbound: Inbound): Message {
  const text = (key: string): string => String(inbound.payload[key] ?? '');
  const who = { userId: inbound.actor.slice(inbound.actor.indexOf('/') + 1), at: inbound.receivedAt };
  switch (inbound.kind) {
    case 'refused':
      return buildRefusedNotice({ ...who, door: text('door'), why: text('why') });
    case 'preflight_told':
      return buildPreflight({ failing: (inbound.payload.failing ?? []) as Failing, at: inbound.receivedAt });
    case 'operators':
      return buildOperatorNotice({ ...who, operator: text('operator'), role: text('role') || null });
    default:
      return buildCommandNotice({ ...who, command: text('command'), subject: text('email') });
  }
}
