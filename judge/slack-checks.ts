// What must be true in Slack after an offboarding: one true thread, everybody answered in time, nothing secret said.
import type { Call, Evidence, Message } from './evidence.ts';
import type { Check, Finding } from './judge.ts';
import { isOffboarding } from './return-run-checks.ts';
import { WATCHED } from './watch-checks.ts';

/** Slack gives up on an app after this. */
const MOST_ACK_MS = 3_000;
/** One line about the use of a door, which is no run's message. */
const NOTICE = /\bran \S*\/|\bwas refused\b|\bchanged the list of operators\b/;
/** Somebody is called into the thread, which an edit would not do: no step's reply. */
const CALL =
  /is asked to receive the device of|starts by itself|A reminder stood here|has not answered in time about|needs help with/;
const SECRETS = {
  'a Slack token': /xox[a-z]-[\w-]{8,}/,
  'an Okta token': /\bSSWS\s+\S{8,}|\b00[\w-]{40}\b/,
  'a bearer token': /\b(?:Bearer|DPoP)\s+[\w.~+/-]{8,}/,
  'a signed token': /\beyJ[\w-]{8,}\.[\w-]{8,}/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY|"d"\s*:\s*"[\w-]{20,}"/,
  'a passcode': /\b(?:passcode|pin|unlock code)\b[^\n]{0,30}?\b\d{6}\b/i,
  'a signing secret': /signing-secret-\w{8,}/,
};

export const SLACK_CHECKS: readonly Check[] = [
  { id: 'one_root', sentence: 'The channel has exactly one root message for the run.', find: oneRoot },
  {
    id: 'one_reply_a_step',
    sentence: 'The thread has at most one reply a step, and exactly one report.',
    find: oneReplyAStep,
  },
  {
    id: 'ends_offboarded',
    sentence: 'The last picture says that the person is offboarded, with every step done.',
    applies: isOffboarding,
    find: endsOffboarded,
  },
  {
    id: 'refusal_announced',
    sentence: 'Every refused attempt was announced in the channel, and started nothing.',
    find: refusalAnnounced,
  },
  { id: 'acked_in_time', sentence: 'Every request to the app was answered within three seconds.', find: ackedInTime },
  {
    id: 'no_unknown_operation',
    sentence: 'No vendor was asked for something it does not have.',
    find: noUnknownOperation,
  },
  { id: 'no_secret_told', sentence: 'No passcode, token or key stands in any message or window.', find: noSecretTold },
];

function oneRoot(evidence: Evidence): Finding {
  const roots = rootsOf(evidence);
  return {
    holds: roots.length === 1,
    evidence: `${roots.length} found${roots.map((root) => `: “${titleOf(root)}”`).join('')}`,
  };
}

function oneReplyAStep(evidence: Evidence): Finding {
  const roots = rootsOf(evidence).map((root) => root.ts);
  const replies = messagesOf(evidence).filter(
    (message) =>
      message.thread_ts !== null &&
      roots.includes(message.thread_ts) &&
      !CALL.test(message.text) &&
      !WATCHED.test(message.text),
  );
  const reports = replies.filter((message) => message.text.startsWith('Report: '));
  const titles = replies.map(titleOf);
  const twice = titles.filter((title, at) => titles.indexOf(title) !== at);
  const steps = Math.max(0, ...rootsOf(evidence).map((root) => Number(/ of (\d+) steps/.exec(root.text)?.[1] ?? 0)));
  const told = replies.length - reports.length;
  return {
    holds: reports.length === 1 && told > 0 && told <= steps && twice.length === 0,
    evidence: `${told} replies for ${steps} steps, ${reports.length} reports${twice.map((title) => `; twice: “${title}”`).join('')}`,
  };
}

function endsOffboarded(evidence: Evidence): Finding {
  const root = rootsOf(evidence).at(-1);
  if (!root) return { holds: false, evidence: 'there is no root message' };
  const [, done, steps] = /(\d+) of (\d+) steps done/.exec(root.text) ?? [];
  // Whose account was deactivated by hand is nobody in Slack any more when the run begins: that one step has nothing to see.
  const passed = evidence.begun?.by === 'okta' && root.text.includes('· 1 passed over') ? 1 : 0;
  const holds =
    root.text.includes(`${evidence.person.name} is offboarded`) &&
    done !== undefined &&
    Number(done) + passed === Number(steps) &&
    !hasButton(root);
  return { holds, evidence: `“${titleOf(root)}”${hasButton(root) ? ', with a button left' : ''}` };
}

function refusalAnnounced(evidence: Evidence): Finding {
  const notices = messagesOf(evidence).filter(
    (message) => message.thread_ts === null && /\bwas refused\b/.test(message.text),
  );
  const silent = evidence.refused.filter(
    (user) => !notices.some((notice) => JSON.stringify(notice.blocks).includes(`<@${user}>`)),
  );
  const shown = evidence.refused.filter((user) => (evidence.after.slack.views[user] ?? []).length > 0);
  return {
    holds: silent.length === 0 && shown.length === 0,
    evidence: `${evidence.refused.length - silent.length} of ${evidence.refused.length} announced${shown.map((user) => `; ${user} was shown a window`).join('')}`,
  };
}

function ackedInTime(evidence: Evidence): Finding {
  const { deliveries, timeouts } = evidence.after.slack;
  const real = deliveries.filter((one) => !one.forged);
  const late = real.filter((one) => one.status !== 200 || one.ackMs > MOST_ACK_MS);
  const slowest = Math.max(0, ...real.map((one) => one.ackMs));
  return {
    holds: real.length > 0 && late.length === 0 && timeouts.length === 0,
    evidence: `${real.length} requests, the slowest in ${slowest} ms${late.map((one) => `; ${one.kind}: HTTP ${one.status} in ${one.ackMs} ms`).join('')}${timeouts.map((one) => `; ${one.kind}: ${one.problem}`).join('')}`,
  };
}

function noUnknownOperation(evidence: Evidence): Finding {
  const calls = Object.values(evidence.journals).flat();
  const unknown = calls.filter(
    (call) =>
      call.operation.endsWith('.unknown') ||
      call.detail.error === 'unknown_method' ||
      call.detail.crashed !== undefined,
  );
  return {
    holds: calls.length > 0 && unknown.length === 0,
    evidence: `${calls.length} calls, ${unknown.length} unknown${unknown.map(described).join('')}`,
  };
}

function noSecretTold(evidence: Evidence): Finding {
  const { channels, ephemerals, views } = evidence.after.slack;
  const messages = [...channels.flatMap((channel) => channel.messages), ...Object.values(ephemerals).flat()];
  const said = [
    ...messages.flatMap(({ text, blocks, original, edits }) => [{ text, blocks }, original, ...edits]),
    ...Object.values(views).flatMap((open) => open.flatMap((view) => view.shown)),
    ...evidence.after.jira.issues,
  ].map((one) => JSON.stringify(one));
  const told = Object.entries(SECRETS).filter(([, pattern]) =>
    said.some((text) => pattern.test(text) || pattern.test(text.replaceAll('\\"', '"'))),
  );
  return {
    holds: told.length === 0,
    evidence: `${said.length} texts read${told.map(([what]) => `; found ${what}`).join('')}`,
  };
}

function rootsOf(evidence: Evidence): Message[] {
  return messagesOf(evidence).filter((message) => message.thread_ts === null && !NOTICE.test(message.text));
}

/** The app's own, in the run's channel. */
function messagesOf(evidence: Evidence): Message[] {
  const { bot, channels } = evidence.after.slack;
  return channels
    .filter((channel) => channel.id === evidence.channelId)
    .flatMap((channel) => channel.messages.filter((message) => message.user === bot.userId));
}

/** Its first words, up to the first stop. */
function titleOf(message: Message): string {
  return message.text.split(/[.·]/)[0]?.trim() ?? '';
}

/** Of the kind that somebody has to press: an offboarding can be taken back whenever, which asks nobody for anything. */
function hasButton(message: Message): boolean {
  return message.blocks.some((block) => {
    const { type, elements } = block as { type?: unknown; elements?: readonly { action_id?: unknown }[] };
    const isUndoAlone = elements?.length === 1 && elements[0]?.action_id === 'undo_open';
    return type === 'actions' && !isUndoAlone;
  });
}

function described(call: Call): string {
  return `; ${call.operation} (call ${call.seq})`;
}
