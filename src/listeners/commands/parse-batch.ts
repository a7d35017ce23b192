// Reads a pasted list of addresses, or CSV: the column named email, else the first one. Never corrects, never guesses; each address once.
import { parsePersonCommand } from './parse-command.ts';

export interface BatchList {
  readonly addresses: readonly string[];
  /** What stands there and is no address that can be read exactly; odd characters are named. */
  readonly unreadable: readonly string[];
}

export function parseBatch(text: string): BatchList {
  const rows = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .map(cellsOf);
  const named = rows[0]?.findIndex((cell) => /^e-?mail$/i.test(cell)) ?? -1;
  const typed = named < 0 ? rows.map(firstOf) : rows.slice(1).map((row) => row[named] ?? '');
  const addresses = new Map<string, string>();
  const unreadable = new Set<string>();
  for (const cell of typed.filter((one) => one !== '')) {
    const parsed = parsePersonCommand(cell, []);
    if (parsed.kind === 'unreadable') unreadable.add(parsed.shown);
    else if (parsed.kind === 'person' && !addresses.has(parsed.email.toLowerCase()))
      addresses.set(parsed.email.toLowerCase(), parsed.email);
  }
  return { addresses: [...addresses.values()], unreadable: [...unreadable] };
}

/** Two addresses on a line: nobody knows whether the second is another leaver or somebody's manager. */
function firstOf(row: readonly string[]): string {
  const [first = ''] = row;
  return first === '' || row.filter((cell) => cell.includes('@')).length > 1 ? row.join(' ').trim() : first;
}

/** Quoted or not, between commas, semicolons or tabs. */
function cellsOf(line: string): string[] {
  const cells = [''];
  let isQuoted = false;
  for (const character of line) {
    const at = cells.length - 1;
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[,;\t]/.test(character)) cells.push('');
    else cells[at] += character;
  }
  return cells.map((cell) => cell.trim());
}
