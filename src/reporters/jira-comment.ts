// What a ticket is told: a line for each step's end, each retry, the run's start and end. As a document of plain words, so
// that nothing in it is live.

import { passWords } from '../blocks/cause-words.ts';
import { factsInShort } from '../blocks/fact-text.ts';
import { failureInShort, isFailure } from '../blocks/failure-text.ts';
import { coverageLines } from '../blocks/handover-text.ts';
import { DOOR_NAMES } from '../blocks/names.ts';
import { evidenceWords } from '../blocks/outcome-words.ts';
import { APP_OWNER } from '../blocks/owner-words.ts';
import { plainOf } from '../blocks/parts.ts';
import { needWords } from '../blocks/step-line.ts';
import { stepWords } from '../blocks/step-words.ts';
import { subjectWords } from '../blocks/subject-text.ts';
import { watchInShort } from '../blocks/watch-text.ts';
import { type AdfDocument, adfDocument, paragraph, strong, text } from '../connectors/jira/adf.ts';
import type { RunEvent } from '../store/history.ts';
import type { RunView } from '../workflow/model/run.ts';
import { WATCH } from '../workflow/model/watch.ts';
import { JIRA_TICKET } from '../workflow/steps/jira-ticket.ts';

/** `T123/U123` → name. */
type Names = Readonly<Record<string, string>>;

/** Not told: that there is a ticket, which its reader sees. */
export function isTold(event: RunEvent): boolean {
  return !(event.step === JIRA_TICKET && event.action === 'step.satisfy');
}

/** One comment for all of these. */
export function commentOn(run: RunView, events: readonly RunEvent[], names: Names): AdfDocument {
  return adfDocument(
    ...events.map((event) => {
      const [title, ...rest] = wordsOf(run, event, names);
      const told = [...rest, timeOf(event.at)].filter((word) => word !== '').join(' · ');
      return paragraph(strong(title), text(` · ${told}`));
    }),
  );
}

function wordsOf(run: RunView, event: RunEvent, names: Names): [string, ...string[]] {
  const words = stepWords(event.step);
  const about = plainOf(subjectWords({ subject: event.subject, facts: stepOf(run, event)?.facts ?? {} }));
  const subject = about === '' ? '' : ` ${about}`;
  switch (event.action) {
    case 'run.opened':
      return [`${run.code} was started`, `by ${nameOf(event.actor, names)}`];
    case 'run.approval_asked':
      return [`${run.code} waits for approval`, `asked by ${nameOf(event.actor, names)}`];
    case 'run.plan_changed':
      return ['The plan changed before it was approved', 'it was asked for anew'];
    case 'run.approved':
      return [`${run.code} was approved`, `by ${nameOf(event.actor, names)}`];
    case 'run.declined':
      return [`${run.code} was declined`, `by ${nameOf(event.actor, names)}`, event.reason ?? ''];
    case 'step.answered':
      return [`Answered: ${words.todo}${subject}`, `by ${nameOf(event.actor, names)}`];
    case 'step.written_off':
      return [`Written off${subject}`, `by ${nameOf(event.actor, names)}`, event.reason ?? ''];
    case 'run.held':
      return ['Legal hold set', `by ${nameOf(event.actor, names)}`, event.reason ?? ''];
    case 'run.hold_lifted':
      return ['Legal hold lifted', `by ${nameOf(event.actor, names)}`, event.reason ?? ''];
    case 'run.closed':
      return [`${run.code} has ended`, endedWords(run)];
    case 'run.cancelled':
      return [`${run.code} was cancelled`, `by ${nameOf(event.actor, names)}`];
    case 'run.undone':
      return [
        `${run.code} is taken back${run.undoneBy ? ` by ${run.undoneBy.code}` : ''}`,
        `allowed by ${nameOf(event.actor, names)}`,
      ];
    case 'step.satisfy': {
      if (event.step === WATCH) return [watchTitle(event.subject), watchInShort(event.after)];
      const seen = {
        step: event.step,
        before: stepOf(run, event)?.before ?? null,
        after: event.after,
        evidence: event.evidence,
      };
      const title = event.evidence === 'moot' ? words.moot : words.done;
      return [
        `Done: ${title}${subject}`,
        evidenceWords(event.evidence, event.step),
        plainOf(factsInShort(seen)),
        staysWords(event),
      ];
    }
    case 'step.pass':
    case 'step.skip':
      return [`Passed over: ${words.todo}${subject}`, passWords(event.cause)];
    case 'step.ask':
      return isFailure(event.need)
        ? [`Failed: ${words.failed}${subject}`, failureInShort(event.need, event.step), 'waits for somebody in Slack']
        : [`Waits for somebody: ${words.todo}${subject}`, needWords(event.need)];
    case 'step.stop':
      return [`Not done: ${words.todo}${subject}`, passWords(event.cause)];
    case 'step.retried':
      return [`Retried: ${words.todo}${subject}`, `by ${nameOf(event.actor, names)}`];
    case 'step.skipped':
      return [
        `${event.step === APP_OWNER ? 'Exception signed' : 'Skipped'}: ${words.todo}${subject}`,
        `by ${nameOf(event.actor, names)}`,
        event.reason ?? '',
      ];
    case 'step.attested':
      return [
        `${event.step === APP_OWNER ? 'Attested' : 'Marked done by hand'}: ${words.todo}${subject}`,
        `by ${nameOf(event.actor, names)}`,
        event.reason ?? '',
      ];
    case 'step.help_asked':
      return [`Help asked for: ${words.todo}${subject}`, `by ${nameOf(event.actor, names)}`, event.reason ?? ''];
    case 'step.extended':
      return [`Put off: ${words.todo}${subject}`, `by ${nameOf(event.actor, names)}`, event.reason ?? ''];
    case 'run.cut_again':
      return ['Cut again', `by ${nameOf(event.actor, names)}`, 'what a watch found open is closed once more'];
    case 'step.reopened':
      return [`Open again: ${words.todo}${subject}`, 'it is worked on once more'];
    default:
      return event.action satisfies never;
  }
}

function watchTitle(day: string): string {
  return day === '1' ? 'Looked again a day later' : `Looked again ${day} days later`;
}

/** What a transfer does not move stands in the ticket too. */
function staysWords({ step, after }: RunEvent): string {
  const [line] = coverageLines([{ step, facts: after }]);
  return line === undefined ? '' : `does not move: ${plainOf(line.replace(/^• \w+: /, ''))}`;
}

function endedWords(run: RunView): string {
  const done = run.steps.filter((step) => step.status === 'done').length;
  const skipped = run.steps.filter((step) => step.status === 'skipped').length;
  return `${done} of ${run.steps.length} steps done${skipped > 0 ? `, ${skipped} passed over` : ''}`;
}

function stepOf(run: RunView, event: RunEvent): RunView['steps'][number] | undefined {
  return run.steps.find((step) => step.step === event.step && step.subject === event.subject);
}

/** An operator, a door, or Sendoff itself at the moment that was agreed. */
function nameOf(actor: string, names: Names): string {
  if (actor === 'runner') return 'Sendoff';
  return names[actor] ?? DOOR_NAMES[actor] ?? `Slack user ${actor.slice(actor.indexOf('/') + 1)}`;
}

/** "2026-11-23 06:45:10 UTC": a ticket's readers sit in several zones. */
function timeOf(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
