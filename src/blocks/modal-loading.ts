// The modal opened within Slack's three seconds, before anything is known of the person.
import type { RunKind } from '../workflow/model/run.ts';
import { KIND_WORDS } from './kind-text.ts';
import { type Modal, modal } from './modal-parts.ts';
import { context, section } from './parts.ts';
import { safeCode } from './safe-text.ts';

/** `email` absent: it is not asked by address. */
export function buildLoadingModal({ email, kind = 'offboarding' }: { email?: string; kind?: RunKind }): Modal {
  return modal({
    title: KIND_WORDS[kind].title,
    close: 'Cancel',
    blocks: [
      section(
        `:hourglass_flowing_sand:  Looking up ${email === undefined ? 'what is so now' : `${safeCode(email)} in Okta`}…`,
      ),
      context('Nothing has changed yet.'),
    ],
  });
}
