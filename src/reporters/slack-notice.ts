// One line in the channel for each use of a door: a command, a refused attempt, a change of the operators.

import type { Names } from '../blocks/names.ts';
import { buildCommandNotice, buildOperatorNotice, buildRefusedNotice } from '../blocks/notice.ts';
import { buildPreflight } from '../blocks/preflight.ts';
import { buildDoorNotice, type ToldByDoor } from '../blocks/start-text.ts';
import { buildSweep } from '../blocks/sweep.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { ClaimedReport } from '../store/reports.ts';
import type { OperatorNames } from './operator-names.ts';
import { type PostOnceDeps, showMessage } from './post-once.ts';

interface NoticeDeps extends PostOnceDeps {
  readonly inbound: Pick<InboundStore, 'find'>;
  readonly names: OperatorNames;
}

/** Answers as `drawRun` does. */
export async function drawNotice(
  deps: NoticeDeps,
  report: Pick<ClaimedReport, 'key'>,
  inboundId: string,
): Promise<number | null> {
  const inbound = await deps.inbound.find(inboundId);
  if (inbound === null) return null;
  const named = [inbound.actor, String(inbound.payload.operator ?? '')].filter((key) => key.includes('/'));
  const [[known], names] = await Promise.all([deps.reports.deliveries(report.key), deps.names.of(named)]);
  const content = noticeOf(inbound, names);
  const shown = await showMessage(deps, { reportKey: report.key, message: 'notice' }, known, content);
  return 'later' in shown ? shown.later : null;
}

type Told = Parameters<typeof buildSweep>[0]['told'];
type Failing = Parameters<typeof buildPreflight>[0]['failing'];

function noticeOf(inbound: Inbound, names: Names): Message {
  const text = (key: string): string => String(inbound.payload[key] ?? '');
  const who = { actor: inbound.actor, at: inbound.receivedAt, names };
  switch (inbound.kind) {
    case 'refused':
      return buildRefusedNotice({ ...who, door: text('door'), why: text('why') });
    case 'preflight_told':
      return buildPreflight({ failing: (inbound.payload.failing ?? []) as Failing, at: inbound.receivedAt });
    case 'sweep_told':
      return buildSweep({ told: (inbound.payload.told ?? []) as Told, at: inbound.receivedAt });
    case 'door_told':
      return buildDoorNotice({ ...(inbound.payload as Omit<ToldByDoor, 'at'>), at: inbound.receivedAt });
    case 'operators':
      return buildOperatorNotice({ ...who, operator: text('operator'), role: text('role') || null });
    default:
      return buildCommandNotice({ ...who, command: text('command'), subject: text('email') });
  }
}
