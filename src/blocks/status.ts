// `/offboard status`: what is running and what needs somebody, for its caller only; drawn from state, without any call to a vendor.
import type { RunView } from '../workflow/model/run.ts';
import { channelWords } from './modal-started.ts';
import { context, type Message, privateMessage, section, sections } from './parts.ts';
import { needsYou, needsYouLines, runningLine } from './run-lines.ts';

const BUDGET = 4_500;

export function buildStatus(given: { runs: readonly RunView[]; now: Date; channelId: string }): Message {
  const waiting = given.runs.filter(needsYou);
  const others = given.runs.filter((run) => !needsYou(run));
  if (given.runs.length === 0)
    return privateMessage(
      section(':white_check_mark:  *Nothing is running, and nothing needs you.*'),
      context('Only you can see this.'),
    );
  return privateMessage(
    section(headline(given.runs.filter((run) => run.status !== 'closed').length, waiting.length)),
    ...(waiting.length > 0
      ? sections(['*Needs you*', ...waiting.map((run) => needsYouLines(run, given.now))], BUDGET)
      : []),
    ...(others.length > 0 ? sections(['*Running*', ...others.map(runningLine)], BUDGET) : []),
    context(`Each has its thread in ${channelWords(given.channelId)}.`, 'Only you can see this.'),
  );
}

function headline(all: number, waiting: number): string {
  if (waiting === 0) return `:hourglass_flowing_sand:  *${all} running · none needs you*`;
  return `:rotating_light:  *${all} running · ${waiting} ${waiting === 1 ? 'needs' : 'need'} you*`;
}
