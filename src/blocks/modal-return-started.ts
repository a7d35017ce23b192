// Shown when a device return is open: that it started, and where to watch it.
import type { ReturnChoice } from '../workflow/model/device-return.ts';
import { KIND_WORDS } from './kind-text.ts';
import { type Modal, modal } from './modal-parts.ts';
import { channelWords, type Started } from './modal-started.ts';
import { context, section } from './parts.ts';
import { safeName, safeText } from './safe-text.ts';

export function buildReturnStartedModal(started: Started & Pick<ReturnChoice, 'reason'>): Modal {
  const code = safeText(started.code, 40);
  return modal({
    title: KIND_WORDS.device_return.title,
    close: 'Close',
    blocks: [
      section(
        `:arrow_forward:  *Device return of ${safeName(started.person.name)} has started*${code === '' ? '' : ` · ${code}`}`,
      ),
      section(
        `Watch it in ${channelWords(started.channelId)}: each step is shown there, and whoever must act is called there. You can close this.`,
      ),
      context(
        started.reason === 'offboarding'
          ? 'It closes no access. Closing this window stops nothing.'
          : 'Nothing is locked. Closing this window stops nothing.',
      ),
    ],
  });
}
