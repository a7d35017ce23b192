// Shown at once after the confirmation, while the plan is read again.
import type { RunKind } from '../workflow/model/run.ts';
import { KIND_WORDS } from './kind-text.ts';
import { type Modal, modal } from './modal-parts.ts';
import { context, section } from './parts.ts';

/** `asks`: a second person is asked before it starts. */
export function buildCheckingModal({
  asks = false,
  kind = 'offboarding',
}: {
  asks?: boolean;
  kind?: RunKind;
} = {}): Modal {
  return modal({
    title: KIND_WORDS[kind].title,
    close: 'Close',
    blocks: [
      section(
        ':hourglass_flowing_sand:  *Checking once more*, because something may have changed since you saw the plan…',
      ),
      context(
        asks
          ? 'Nothing has changed yet. If the plan is still the same, approval is asked for now, also when you close this.'
          : 'Nothing has changed yet. If the plan is still the same it starts now, also when you close this.',
      ),
    ],
  });
}
