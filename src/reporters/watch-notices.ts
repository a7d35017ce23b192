// What each watch found: a message of its own in the run's thread, once a day of the watch, drawn again when it was cut or a later look took its place.
import { buildWatch } from '../blocks/watch-text.ts';
import type { Notices } from './mailbox-notices.ts';

const WATCHED = 'watch:';

export async function showWatchNotices({ run, names, show }: Notices): Promise<void> {
  for (const watched of run.watch ?? []) {
    const content = buildWatch(run, watched, names);
    if (content) await show(`${WATCHED}${watched.subject}`, content);
  }
}
