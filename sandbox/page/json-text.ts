// Values as lines of JSON, with Map, Set and Date. Not node:v8's serializer: what it allocates is given back to the system late or
// never, and a process that saves each second stays 200 MB larger than what it holds.

/** No key of ours begins so. */
const KIND = '\u0000kind';

interface Marked {
  readonly [KIND]: 'map' | 'set' | 'date';
  readonly of: unknown;
}

/** One line. */
export function toLine(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, given: unknown) {
    // A date is a text already where it is given.
    const raw = this[key];
    if (raw instanceof Map) return marked('map', [...raw]);
    if (raw instanceof Set) return marked('set', [...raw]);
    if (raw instanceof Date) return marked('date', raw.getTime());
    return given;
  });
}

export function fromLine(line: string): unknown {
  return JSON.parse(line, (_, given: unknown) => {
    if (typeof given !== 'object' || given === null || !(KIND in given)) return given;
    const { [KIND]: kind, of } = given as Marked;
    if (kind === 'date') return new Date(of as number);
    return kind === 'map' ? new Map(of as [unknown, unknown][]) : new Set(of as unknown[]);
  });
}

function marked(kind: Marked[typeof KIND], of: unknown): Marked {
  return { [KIND]: kind, of };
}
