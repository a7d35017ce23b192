// What every reply about a step begins and ends with: whom it is about, who tried again, and what stays open.
import type { KnownBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { type Names, operatorName } from './names.ts';
import { openAccess } from './open-access.ts';
import { actions, date } from './parts.ts';
import { lockOf, revealButton } from './reveal.ts';
import { clipMarkup, safeName } from './safe-text.ts';
import { decideButtons, stepEmoji, stepTitle } from './step-line.ts';

export interface ReplyOptions {
  readonly names?: Names;
  /** Given, short work and short waits stay silent; absent, working steps have no reply and waiting ones do. */
  readonly now?: Date;
}

const MOST_RETRIES_TOLD = 5;

export function openLine(run: RunView, step: StepView): string {
  return openAccess(run).some((one) => one.id === step.id && one.step === step.step)
    ? ':warning:  *Access may still be open.* Nothing has shown yet that the account is deactivated.'
    : '';
}

export function retriesTold(step: StepView, { names }: ReplyOptions): string[] {
  const told = step.retries
    .slice(-MOST_RETRIES_TOLD)
    .map((retry) => `retried by ${operatorName(retry.by, names)} ${date(retry.at, 'time')}`);
  const older = step.retries.length - told.length;
  return older > 0 ? [`${older} earlier retries`, ...told] : told;
}

/** The person is named in every reply: a notification shows the reply without its thread. */
export function replyHead(run: RunView, step: StepView): string {
  return clipMarkup(`${stepEmoji(step)}  *${stepTitle(step)}* for ${safeName(run.person.name)}`, 1_000);
}

export function revealBlocks(run: RunView, step: StepView): KnownBlock[] {
  const reveal = revealButton(lockOf(step, run), run);
  const late = step.status === 'waiting' ? decideButtons(step, { personName: run.person.name }) : [];
  const buttons = [...(reveal ? [reveal] : []), ...late];
  return buttons.length > 0 ? [actions(...buttons)] : [];
}

export function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text];
}
