// The demo as one JSON object a line, for programs.
import { drawWindow } from '../terminal/blocks.ts';
import { paint } from '../terminal/spans.ts';
import { createChanges, drawMessage, MOST_COLUMNS, nameOf, readerOf } from './drawing.ts';
import type { Output, Show } from './show.ts';

export function createJsonShow(out: Output): Show {
  const startedAt = performance.now();
  const changes = createChanges(MOST_COLUMNS);
  const emit = (event: string, fields: object): void => {
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    out.write(`${JSON.stringify({ event, at: seconds, ...fields })}\n`);
  };
  return {
    say: (sentence) => emit('say', { sentence }),
    channel(messages, picture) {
      for (const { kind, message, lines } of changes(messages, picture)) {
        emit('message', { change: kind, ts: message.ts, thread_ts: message.thread_ts, text: message.text, lines });
      }
    },
    window(user, view, picture) {
      const lines = drawWindow(view, readerOf(picture), MOST_COLUMNS).map((line) => paint(line, false).trimEnd());
      emit('window', { user, name: nameOf(user, picture), lines });
    },
    whisper(user, message, picture) {
      const lines = drawMessage(message, picture, MOST_COLUMNS).map((line) => paint(line, false).trimEnd());
      emit('whisper', { user, name: nameOf(user, picture), text: message.text, lines });
    },
    verdict(verdict) {
      for (const check of verdict.checks) emit('check', check);
    },
    end: (ended) => emit('end', ended),
  };
}
