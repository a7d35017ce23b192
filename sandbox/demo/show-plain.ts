// The demo as plain lines: each change once, no colours, nothing redrawn. For logs and pipes.
import { drawWindow } from '../terminal/blocks.ts';
import { paint } from '../terminal/spans.ts';
import { createChanges, drawMessage, MOST_COLUMNS, nameOf, readerOf } from './drawing.ts';
import type { Output, Show } from './show.ts';

export function createPlainShow(out: Output): Show {
  const changes = createChanges(MOST_COLUMNS - 8);
  const write = (lines: readonly string[], indent = ''): void => {
    out.write(lines.map((line) => `${`${indent}${line}`.trimEnd()}\n`).join(''));
  };
  return {
    say: (sentence) => write(['', `> ${sentence}`]),
    channel(messages, picture) {
      for (const { kind, message, lines, fresh, gone } of changes(messages, picture)) {
        const isReply = message.thread_ts !== null;
        const indent = isReply ? '      | ' : '    ';
        const where = isReply ? 'the thread' : 'the channel';
        if (kind === 'posted') write([`  + in ${where}`]);
        else write([`  ~ in ${where}, “${lines[0] ?? ''}”`]);
        if (kind === 'posted') write(lines, indent);
        else if (fresh.length > 0) write(withoutTitle(fresh, lines), indent);
        else
          write(
            gone.map((line) => `no longer: ${line}`),
            indent,
          );
      }
    },
    window(user, view, picture) {
      write([`  ${nameOf(user, picture)} sees`]);
      write(
        drawWindow(view, readerOf(picture), MOST_COLUMNS - 8).map((line) => paint(line, false)),
        '    ',
      );
    },
    whisper(user, message, picture) {
      write([`  only ${nameOf(user, picture)} sees`]);
      write(
        drawMessage(message, picture, MOST_COLUMNS - 8).map((line) => paint(line, false)),
        '    ',
      );
    },
    verdict(verdict) {
      write(['', 'The judge, by what the vendors saw:']);
      write(
        verdict.checks.map(({ holds, sentence, evidence }) => `${holds ? 'ok  ' : 'FAIL'}  ${sentence} (${evidence})`),
        '  ',
      );
    },
    end: ({ holds, seconds, problem }) =>
      write([
        '',
        ...(problem ? [problem] : []),
        `${holds ? 'Every check holds' : 'It does not hold'}, ${seconds.toFixed(1)} s.`,
      ]),
  };
}

/** The title stands in the line above already. */
function withoutTitle(fresh: readonly string[], lines: readonly string[]): string[] {
  return fresh.filter((line) => line !== lines[0]);
}
