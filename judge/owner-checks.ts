// What must be true of apps outside Okta: each has one answer, told as somebody's word; each owner was asked once, about their own apps only.
import type { Evidence, Message } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

/** The question to who looks after apps, as it was first posted. */
const QUESTION = /leaves: please remove their access/;
const HOW_ENDED = ['attested, not verified', 'exception signed'];

const hasApps = ({ apps }: Evidence): boolean => apps.length > 0;

export const OWNER_CHECKS: readonly Check[] = [
  {
    id: 'apps_answered',
    sentence:
      'Every app outside Okta that concerns the person ended on somebody’s word or by exception, never as done.',
    applies: hasApps,
    find: appsAnswered,
  },
  {
    id: 'owners_asked_once',
    sentence:
      'Whoever looks after those apps was asked in one message each, which names no other app, and nobody else was.',
    applies: hasApps,
    find: ownersAskedOnce,
  },
];

function appsAnswered(evidence: Evidence): Finding {
  const rows = reportRows(evidence);
  // That there is a report is another check's.
  if (rows === null) return { holds: true, evidence: 'there is no report to read' };
  const wrong = evidence.apps.flatMap(({ name }) => {
    const mine = rows.filter(([title = '']) => title.includes(`(${name})`));
    const [, result = ''] = mine[0] ?? [];
    if (mine.length !== 1) return [`${name}: ${mine.length} rows`];
    return HOW_ENDED.includes(result) ? [] : [`${name}: “${result}”`];
  });
  return {
    holds: wrong.length === 0,
    evidence: `${evidence.apps.length - wrong.length} of ${evidence.apps.length} apps in the report${wrong.map((one) => `; ${one}`).join('')}`,
  };
}

function ownersAskedOnce(evidence: Evidence): Finding {
  const directs = evidence.after.slack.channels.filter((channel) => channel.kind === 'im');
  const owners = [...new Set(evidence.apps.flatMap(({ asked }) => asked))];
  const wrong = owners.flatMap((user) => {
    const messages = directs.filter((one) => one.members?.includes(user)).flatMap((one) => one.messages);
    const questions = messages.filter((one) => QUESTION.test(one.original.text));
    const theirs = evidence.apps.filter(({ asked }) => asked.includes(user)).map(({ name }) => name);
    const others = evidence.apps.filter(({ asked }) => !asked.includes(user)).map(({ name }) => name);
    const said = messages.map(everSaid).join('\n');
    return [
      ...(questions.length === 1 ? [] : [`${user}: ${questions.length} questions`]),
      ...theirs
        .filter((name) => !questions.some((one) => everSaid(one).includes(name)))
        .map((name) => `${user} was not asked about ${name}`),
      ...others.filter((name) => said.includes(name)).map((name) => `${user} was told of ${name}`),
    ];
  });
  const strangers = directs.filter(
    (one) =>
      !owners.some((user) => one.members?.includes(user)) &&
      one.messages.some((message) => QUESTION.test(message.original.text)),
  );
  return {
    holds: wrong.length === 0 && strangers.length === 0,
    evidence: `${owners.length} asked${wrong.map((one) => `; ${one}`).join('')}${strangers.map((one) => `; a question in ${one.id}`).join('')}`,
  };
}

/** What it said at first and in every later version. */
function everSaid({ text, blocks, original, edits }: Message): string {
  return JSON.stringify([{ text, blocks }, original, ...edits]);
}

/** Cells of the first report's table, as plain text; null: there is no report. */
function reportRows({ after, channelId }: Evidence): readonly (readonly string[])[] | null {
  const messages = after.slack.channels.find(({ id }) => id === channelId)?.messages ?? [];
  const report = messages.find((one) => one.text.startsWith('Report: '));
  if (!report) return null;
  const tables = report.blocks as { type?: string; rows?: { text?: string }[][] }[];
  return tables.flatMap(({ type, rows = [] }) =>
    type === 'table' ? rows.slice(1).map((row) => row.map((cell) => cell.text ?? '')) : [],
  );
}
