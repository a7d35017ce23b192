// One reply that tells of several finished steps at once: what happened while Slack could not be reached.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { count } from './amounts.ts';
import { type Names, operatorName } from './names.ts';
import { context, date, type Message, message, section, sections } from './parts.ts';
import { safeName } from './safe-text.ts';
import { stepLine } from './step-line.ts';

/** `steps`: those whose own reply was never posted, in the order they are told. No buttons: a stopped step gets its own reply. */
export function buildCatchUp(run: RunView, steps: readonly StepView[], options: { names?: Names } = {}): Message {
  const ended = steps.filter((step) => step.endedAt !== null);
  const lines = steps.map((step) => `${stepLine(step, null)}${ending(step, options.names)}`);
  const head = `:inbox_tray:  *While Slack could not be reached, ${count(ended.length, 'step')} of ${safeName(run.person.name)}’s run ended*`;
  return message(
    section(head),
    ...sections(lines),
    context('Nothing was lost: the run went on, and this is what it did.'),
  );
}

function ending(step: StepView, names: Names | undefined): string {
  const retry = step.retries.at(-1);
  const by = retry === undefined ? '' : ` · retried by ${operatorName(retry.by, names)}`;
  return `${by}${step.endedAt === null ? '' : ` · ${date(step.endedAt, 'time')}`}`;
}
