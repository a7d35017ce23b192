// The last lines of a terminal, redrawn in place; what is printed goes above them and stays. Writes ANSI codes.
import type { WriteStream } from 'node:tty';

const ESC = '\u001b';

export interface LiveRegion {
  /** Replaces the region. Lines must fit the width; where there are more than the screen holds, the first are left out. */
  draw(lines: readonly string[]): void;
  /** Above the region, for good. */
  print(lines: readonly string[]): void;
  /** Takes the region away and shows the cursor again. */
  close(): void;
}

export function createLiveRegion(out: Pick<WriteStream, 'write' | 'rows'>): LiveRegion {
  let shown: readonly string[] = [];
  const erase = (): string => (shown.length === 0 ? '' : `${ESC}[${shown.length}A\r${ESC}[0J`);
  const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  out.write(`${ESC}[?25l`);
  return {
    draw(lines) {
      const room = Math.max(4, (out.rows || 24) - 2);
      const fitting =
        lines.length <= room
          ? lines
          : [`  … ${lines.length - room + 1} lines above`, ...lines.slice(lines.length - room + 1)];
      out.write(erase() + text(fitting));
      shown = fitting;
    },
    print(lines) {
      out.write(erase() + text(lines) + text(shown));
    },
    close() {
      out.write(`${erase()}${ESC}[?25h`);
      shown = [];
    },
  };
}
