// Shown when the run is open: that it started, and where to watch it.
import type { Person } from '../workflow/model/run.ts';
import { ACTIONS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { actions, context, linkButton, section } from './parts.ts';
import { safeName, safeText } from './safe-text.ts';

export interface Started {
  readonly person: Person;
  readonly code: string;
  readonly channelId: string;
  /** Absent or null until the run's message is posted. */
  readonly threadUrl?: string | null;
}

export function buildStartedModal(started: Started): Modal {
  const link = linkButton(ACTIONS.openThread, 'Open thread', started.threadUrl ?? null);
  const code = safeText(started.code, 40);
  return modal({
    title: 'Offboarding started',
    close: 'Close',
    blocks: [
      section(
        `:arrow_forward:  *Offboarding ${safeName(started.person.name)} has started*${code === '' ? '' : ` · ${code}`}`,
      ),
      section(
        `Watch it in ${channelWords(started.channelId)}: each step is shown there, and whoever must act is called there. You can close this.`,
      ),
      ...(link ? [actions(link)] : []),
      context('Closing this window stops nothing.'),
    ],
  });
}

/** In its place where a second person has to be asked. */
export function buildAskedModal(started: Started & { readonly containsFirst: boolean }): Modal {
  const code = safeText(started.code, 40);
  const name = safeName(started.person.name);
  return modal({
    title: 'Approval asked for',
    close: 'Close',
    blocks: [
      section(`:raised_hand:  *Offboarding ${name} waits for approval*${code === '' ? '' : ` · ${code}`}`),
      section(
        started.containsFirst
          ? '*Access is being closed now.* Everything else starts once another approver has agreed.'
          : '*Nothing has changed yet.* It starts once another approver has agreed, never by itself.',
      ),
      context(`Approvers are called in ${channelWords(started.channelId)}. You asked, so you cannot approve it.`),
    ],
  });
}

/** In its place where it starts later. */
export function buildScheduledModal(started: Started): Modal {
  const code = safeText(started.code, 40);
  return modal({
    title: 'Offboarding scheduled',
    close: 'Close',
    blocks: [
      section(
        `:calendar:  *Offboarding ${safeName(started.person.name)} is scheduled*${code === '' ? '' : ` · ${code}`}`,
      ),
      section(
        `*Nothing has changed yet.* ${channelWords(started.channelId)} shows when it starts, and how to stop or move it. Then everything is read again; if it is no longer what you saw, it waits and asks there.`,
      ),
      context('Closing this window stops nothing.'),
    ],
  });
}

/** A channel link, or words where the id is none. */
export function channelWords(channelId: string): string {
  return /^[CG][A-Z0-9]{1,30}$/.test(channelId) ? `<#${channelId}>` : 'the IT channel';
}
