// What must be true in Jira after an offboarding: one ticket, which tells each step's end once and is closed.
import type { Evidence, Ticket } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

/** What the thread in Slack says of each step that has ended, as a ticket's line begins. */
const DONE = /^(?:Done|Attested|Passed over): ([^·]+?) ·/gm;

export const JIRA_CHECKS: readonly Check[] = [
  { id: 'one_ticket', sentence: 'There is exactly one ticket for the run, and one was made.', find: oneTicket },
  {
    id: 'steps_commented',
    sentence: 'The ticket tells each step’s end once, the failure and the retry too.',
    find: stepsCommented,
  },
  { id: 'ticket_closed', sentence: 'The ticket is closed.', find: ticketClosed },
];

function oneTicket(evidence: Evidence): Finding {
  const tickets = ticketsOf(evidence);
  const made = evidence.journals.jira.filter((call) => call.operation === 'jira.createIssue' && call.applied);
  return {
    holds: tickets.length === 1 && made.length === 1,
    evidence: `${tickets.length} found${tickets.map(({ key }) => `: ${key}`).join('')}, ${made.length} made`,
  };
}

function stepsCommented(evidence: Evidence): Finding {
  const said = ticketsOf(evidence)
    .flatMap((ticket) => ticket.comments.map(({ text }) => text))
    .join('\n');
  const done = [...said.matchAll(DONE)].map(([, title = '']) => title);
  const twice = done.filter((title, at) => done.indexOf(title) !== at);
  // The ticket's own step is the ticket.
  const steps = Math.max(0, ...[...said.matchAll(/ of (\d+) steps done/g)].map(([, n]) => Number(n) - 1));
  // What was open again is done again, and told again.
  const again = [...said.matchAll(/^Open again: /gm)].length;
  // What was retried in Slack had failed: both are told.
  const isRetried = evidence.after.slack.deliveries.some((one) => !one.forged && one.raw.includes('step_retry'));
  const [failed, retried] = [/^Failed: /m, /^Retried: .* by /m].map((told) => !isRetried || told.test(said));
  return {
    holds: steps > 0 && done.length === steps + again && twice.length <= again && failed === true && retried === true,
    evidence: `${done.length} of ${steps + again} steps told${twice.map((title) => `; twice: “${title}”`).join('')}${failed ? '' : '; no failure told'}${retried ? '' : '; no retry told'}`,
  };
}

function ticketClosed(evidence: Evidence): Finding {
  const tickets = ticketsOf(evidence);
  return {
    holds: tickets.length > 0 && tickets.every((ticket) => ticket.statusCategory === 'done'),
    evidence: tickets.map(({ key, status }) => `${key}: ${status}`).join(', ') || 'there is no ticket',
  };
}

function ticketsOf(evidence: Evidence): readonly Ticket[] {
  return evidence.after.jira.issues.filter((ticket) => ticket.summary.includes(evidence.person.name));
}
