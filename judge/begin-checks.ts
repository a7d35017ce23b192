// What must be true of a run that began by itself: nothing before its time, the rest at once after it, and only one run.
import type { Call, Evidence, Message } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

/** From the moment to the first change that Sendoff makes. */
const MOST_BEGIN_MS = 10_000;
const VENDORS = ['okta', 'google', 'jamf', 'retriever', 'snipeit'] as const;
/** Somebody is asked for a token, or told something: nothing of the leaver changes by it. */
const CHANGES_NOTHING = ['okta.token', 'google.token', 'jamf.token'];
const DOOR_WORDS = { hris: /BambooHR/, okta: /\bOkta\b/, schedule: /\bLin\b|<@U0LIN>/ } as const;

export const BEGIN_CHECKS: readonly Check[] = [
  {
    id: 'nothing_before_its_time',
    sentence: 'Until its moment the run changed nothing at any vendor.',
    applies: beganByItself,
    find: nothingBefore,
  },
  {
    id: 'begins_at_once',
    sentence: 'Within ten seconds of its moment the run acted.',
    applies: beganByItself,
    find: beginsAtOnce,
  },
  {
    id: 'says_who_began_it',
    sentence: 'The run’s message and its ticket say through which door it came.',
    applies: beganByItself,
    find: saysWho,
  },
];

function beganByItself({ begun }: Evidence): boolean {
  return begun !== undefined;
}

function nothingBefore(evidence: Evidence): Finding {
  const early = changes(evidence).filter((call) => call.at < (evidence.begun?.at ?? 0));
  return {
    holds: early.length === 0,
    evidence: `${changes(evidence).length} changes, ${early.length} too early${early.map((call) => `; ${call.operation} (call ${call.seq})`).join('')}`,
  };
}

function beginsAtOnce(evidence: Evidence): Finding {
  const first = Math.min(...changes(evidence).map((call) => call.at));
  const ms = first - (evidence.begun?.at ?? 0);
  return { holds: ms <= MOST_BEGIN_MS, evidence: `the first change after ${(ms / 1000).toFixed(1)} s` };
}

function saysWho(evidence: Evidence): Finding {
  const messages = evidence.after.slack.channels.find((one) => one.id === evidence.channelId)?.messages ?? [];
  const root = messages.findLast((one: Message) => one.thread_ts === null && one.text.includes('is offboarded'));
  const words = DOOR_WORDS[evidence.begun?.by ?? 'hris'];
  const line = /Started by[^"\\]*/.exec(JSON.stringify(root?.blocks ?? []))?.[0] ?? '';
  // A door is nobody in Slack.
  const nobody = JSON.stringify(evidence.after.jira.issues).match(/by Slack user \w+/)?.[0];
  const told = line === '' ? 'it does not say who started it' : `“${line}”`;
  return { holds: words.test(line) && nobody === undefined, evidence: nobody ? `the ticket: “${nobody}”` : told };
}

function changes({ journals }: Evidence): Call[] {
  return VENDORS.flatMap((vendor) =>
    journals[vendor].filter((call) => call.write && call.applied && !CHANGES_NOTHING.includes(call.operation)),
  ).sort((one, other) => one.at - other.at);
}
