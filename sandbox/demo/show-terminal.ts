// The demo on a terminal: what people do scrolls by, and the channel below it is redrawn in place as Slack redraws it.
import { drawWindow } from '../terminal/blocks.ts';
import { createLiveRegion } from '../terminal/live-region.ts';
import { type Line, paint, span, wrap } from '../terminal/spans.ts';
import type { ShownMessage, SlackPicture } from './control.ts';
import { drawMessage, MOST_COLUMNS, nameOf, readerOf } from './drawing.ts';
import type { Output, Show } from './show.ts';

const EMPTY: Line = [];

export function createTerminalShow(out: Output, options: { isColoured: boolean }): Show {
  const region = createLiveRegion({
    write: (text: string) => Boolean(out.write(text)),
    get rows() {
      return out.rows ?? 24;
    },
  });
  const width = (): number => Math.min(MOST_COLUMNS, (out.columns || 80) - 1);
  const painted = (lines: readonly Line[]): string[] => lines.map((line) => paint(line, options.isColoured));
  const print = (lines: readonly Line[]): void => region.print(painted(lines));
  let last: { messages: readonly ShownMessage[]; picture: SlackPicture } | null = null;

  const close = (): void => {
    region.close();
    // The whole thread, for good.
    if (last)
      out.write(
        `${painted([EMPTY, ...drawChannel(last.messages, last.picture, { width: width(), whole: true })]).join('\n')}\n`,
      );
    last = null;
  };

  return {
    say: (sentence) => print([EMPTY, ...wrap([span('▶ ', 'good'), span(sentence, 'bold')], width(), '  ')]),
    channel(messages, picture) {
      last = { messages, picture };
      region.draw(painted([EMPTY, ...drawChannel(messages, picture, { width: width(), whole: false })]));
    },
    window(user, view, picture) {
      print([
        [span(`  ${nameOf(user, picture)} sees`, 'dim')],
        ...indented(drawWindow(view, readerOf(picture), width() - 2)),
      ]);
    },
    whisper(user, message, picture) {
      print([
        [span(`  Only ${nameOf(user, picture)} sees`, 'dim')],
        ...indented(drawMessage(message, picture, width() - 2)),
      ]);
    },
    verdict(verdict) {
      close();
      const lines = verdict.checks.flatMap(({ holds, sentence, evidence }) =>
        wrap(
          [span(holds ? '  ✔ ' : '  ✖ ', holds ? 'good' : 'bad'), span(sentence), span(` ${evidence}`, 'dim')],
          width(),
          '    ',
        ),
      );
      out.write(`${painted([EMPTY, [span('The judge, by what the vendors saw', 'bold')], ...lines]).join('\n')}\n`);
    },
    end({ holds, seconds, problem }) {
      close();
      const words = `${holds ? 'Every check holds' : 'It does not hold'}, ${seconds.toFixed(1)} s.`;
      const told = (problem ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line): Line => [span(line, 'bad')]);
      out.write(`${painted([EMPTY, ...told, [span(words, holds ? 'good' : 'bad', 'bold')]]).join('\n')}\n`);
    },
  };
}

function drawChannel(
  messages: readonly ShownMessage[],
  picture: SlackPicture,
  how: { width: number; whole: boolean },
): Line[] {
  const title = '── #it-offboarding ';
  const rule: Line = [span(`${title}${'─'.repeat(Math.max(0, how.width - title.length))}`, 'dim')];
  const tops = messages.filter((message) => message.thread_ts === null);
  const lines = tops.flatMap((top) => {
    const replies = messages
      .filter((message) => message.thread_ts === top.ts)
      .flatMap((reply) => drawReply(reply, picture, how));
    return [...drawMessage(top, picture, how.width), ...replies, ...(how.whole ? [EMPTY] : [])];
  });
  return [rule, ...lines];
}

/** While it is live a reply is one line, so that the run's message stays on the screen. */
function drawReply(reply: ShownMessage, picture: SlackPicture, how: { width: number; whole: boolean }): Line[] {
  const lines = drawMessage(reply, picture, how.width - 4);
  const shown = how.whole ? lines : lines.slice(0, 1);
  return shown.map((line): Line => [span('  │ ', 'dim'), ...line]);
}

function indented(lines: readonly Line[]): Line[] {
  return lines.map((line): Line => [span('  '), ...line]);
}
