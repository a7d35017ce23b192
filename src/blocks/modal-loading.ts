// The modal opened within Slack's three seconds, before anything is known of the person.
import { type Modal, modal } from './modal-parts.ts';
import { context, section } from './parts.ts';
import { safeCode } from './safe-text.ts';

export function buildLoadingModal({ email }: { email: string }): Modal {
  return modal({
    close: 'Cancel',
    blocks: [
      section(`:hourglass_flowing_sand:  Looking up ${safeCode(email)} in Okta…`),
      context('Nothing has changed yet.'),
    ],
  });
}
