// The breaker in words: the channel's one message about runs that are on hold since many would have begun, and answers to its button.
import type { KnownBlock } from '@slack/types';
import type { BreakerStop, HeldByBreaker } from '../workflow/model/breaker.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import { count } from './amounts.ts';
import { ACTIONS } from './ids.ts';
import { isUserId, knownName, mention, type Names, operatorName } from './names.ts';
import { actions, button, context, date, type Message, message, privateMessage, section, sections } from './parts.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

const LINES_BUDGET = 8_000;
const MOST_CALLED = 5;

/** Why a plan, or a run that waits for its approval, needs another approver. */
export function manyWords(most: number): string {
  return `${most} offboardings began within an hour, which is as many as the policy lets begin unasked`;
}

export function buildBreakerMessage(
  stop: BreakerStop,
  options: { readonly names?: Names; readonly approvers: readonly OperatorId[] },
): Message {
  const waits = stop.held.filter((one) => one.stands === 'waits');
  const dealt = dealtLines(stop, options.names);
  if (waits.length === 0)
    return message(
      section(
        `:white_check_mark:  *Nothing is on hold any more for the limit of ${stop.most} offboardings an hour.* ${count(stop.held.length, 'run was', 'runs were')} held.`,
      ),
      ...(dealt.length > 0 ? [context(...dealt)] : []),
    );
  const called = options.approvers.filter(({ userId }) => isUserId(userId)).slice(0, MOST_CALLED);
  const blocks: KnownBlock[] = [
    section(
      'Many at once may be meant, or an import, a changed field or a stolen key. *None of these has begun, and access is as it was.*',
    ),
    ...sections(waits.map(lineOf), LINES_BUDGET),
    actions(letButton(stop, waits.length)),
  ];
  return message(
    section(
      `:rotating_light:  *More than ${stop.most} offboardings would have begun within an hour: ${waits.length === 1 ? '1 is' : `${waits.length} are`} on hold* ${called.map(({ userId }) => `<@${userId}>`).join(' ')}`.trim(),
    ),
    ...blocks,
    context(
      'An approver may let them all begin. For one alone: `/offboard` with its address. Nobody lets begin what they asked for, or their own.',
      ...dealt,
    ),
  );
}

function lineOf({ name, email, code, requestedBy }: HeldByBreaker): string {
  return `• *${safeName(name)}* ${safeCode(email, 80)} · ${safeText(code, 20)} · ${operatorName(requestedBy)}`;
}

function dealtLines({ held }: BreakerStop, names: Names = {}): string[] {
  const others = held.filter((one) => one.stands === 'moved').length;
  const lets = new Map<string, { by: string; at: Date; n: number }>();
  for (const { stands, letBy, letAt } of held)
    if (stands === 'let' && letBy !== null && letAt !== null) {
      const key = `${letBy} ${letAt.toISOString()}`;
      lets.set(key, { by: letBy, at: letAt, n: (lets.get(key)?.n ?? 0) + 1 });
    }
  return [
    ...[...lets.values()].slice(-5).map(({ by, at, n }) => `${operatorName(by, names)} let ${n} begin · ${date(at)}`),
    ...(others > 0 ? [`${others} dealt with one by one`] : []),
  ];
}

function letButton(stop: BreakerStop, n: number): ReturnType<typeof button> {
  return button({
    actionId: ACTIONS.breakerLet,
    label: n === 1 ? 'Let it begin' : `Let all ${n} begin`,
    value: JSON.stringify({ stop: stop.id, upTo: stop.upTo }),
    danger: true,
    about: `${count(n, 'offboarding')} on hold`,
    confirm: {
      title: n === 1 ? 'Let it begin?' : `Let all ${n} offboardings begin?`,
      text: 'Each is read once more first. What is still as it was agreed begins, and access ends; what changed waits on its own message.',
      yes: 'Let them begin',
      no: 'Go back',
    },
  });
}

export function buildLetBegun({ let: n }: { readonly let: number }): Message {
  return privateMessage(
    section(
      `:arrow_forward:  ${n === 1 ? '1 offboarding is' : `${n} offboardings are`} read once more now, and ${n === 1 ? 'begins' : 'each begins'} if it is still as it was agreed.`,
    ),
    context('Only you can see this.'),
  );
}

export function buildStaleLet(
  late:
    | { readonly verdict: 'unknown' }
    | { readonly verdict: 'stale'; readonly by: string | null; readonly at: Date | null },
  names: Names = {},
): Message {
  const by = late.verdict === 'stale' ? late.by : null;
  const when = late.verdict === 'stale' && late.at ? ` ${date(late.at, 'time')}` : '';
  const did =
    by === null
      ? 'None of these is on hold for that any more'
      : `${knownName(by, names) ?? mention(by)} let them begin${when}`;
  return privateMessage(
    section(`:information_source:  ${did}. Your click changed nothing.`),
    context('Only you can see this.'),
  );
}
