// What an operator reads when the window could not be opened in time, or Sendoff was restarted while it looked.
import type { RunKind } from '../workflow/model/run.ts';
import { KIND_WORDS } from './kind-text.ts';
import { context, type Message, message, section } from './parts.ts';
import { safeCode } from './safe-text.ts';

/** A person whose run is open may have had what somebody reopened closed again; that stands in the run's own thread. */
export function buildInterrupted({ email, kind = 'offboarding' }: { email: string; kind?: RunKind }): Message {
  const { command, did } = KIND_WORDS[kind];
  return message(
    section(
      `:warning:  I could not show you the plan for ${safeCode(email)} in time. *This command ${did}.* Type \`${command}\` with the address once more.`,
    ),
    context('Slack lets a window open only within 3 seconds of a command.'),
  );
}
