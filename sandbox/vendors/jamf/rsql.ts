// The part of RSQL that Jamf's filters here take: comparisons joined by `;` (and) and `,` (or), without brackets. Knows no devices.

/** A value of a field of one row; undefined: no such field, which Jamf refuses. */
export type Look = (field: string) => string | undefined;
export type Filter = (look: Look) => boolean;

interface Comparison {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Null: not RSQL, or a field that is not there. `fields`: those a filter may name. */
export function parseFilter(text: string, fields: readonly string[]): Filter | null {
  const groups: Comparison[][] = [[]];
  let rest = text.trim();
  while (rest !== '') {
    const found = /^([\w.]+)(==|!=|=in=|=out=)/.exec(rest);
    const [whole = '', field = '', operator = ''] = found ?? [];
    if (!found || !fields.includes(field)) return null;
    const taken = operator.length === 2 ? readValue(rest.slice(whole.length)) : readList(rest.slice(whole.length));
    if (!taken) return null;
    groups.at(-1)?.push({ field, operator, values: taken.values });
    rest = taken.rest;
    if (rest === '') break;
    if (rest[0] === ',') groups.push([]);
    else if (rest[0] !== ';') return null;
    rest = rest.slice(1);
    if (rest === '') return null;
  }
  if (groups.some((group) => group.length === 0)) return null;
  return (look) => groups.some((group) => group.every((one) => holds(one, look(one.field) ?? '')));
}

interface Taken {
  readonly values: readonly string[];
  readonly rest: string;
}

/** In quotes with backslashes before quotes and backslashes, or bare up to a reserved character. */
function readValue(text: string): Taken | null {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") {
    const bare = /^[^"'();,=<>!~\s]+/.exec(text)?.[0];
    return bare ? { values: [bare], rest: text.slice(bare.length) } : null;
  }
  let value = '';
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === quote) return { values: [value], rest: text.slice(at + 1) };
    if (text[at] === '\\') at += 1;
    value += text[at] ?? '';
  }
  return null; // the quote is never closed
}

function readList(text: string): Taken | null {
  if (text[0] !== '(') return null;
  const values: string[] = [];
  let rest = text;
  do {
    const taken = readValue(rest.slice(1));
    if (!taken) return null;
    values.push(...taken.values);
    rest = taken.rest;
  } while (rest[0] === ',');
  return rest[0] === ')' ? { values, rest: rest.slice(1) } : null;
}

function holds({ operator, values }: Comparison, value: string): boolean {
  const isOne = values.some((wanted) => matches(wanted, value));
  return operator === '==' || operator === '=in=' ? isOne : !isOne;
}

/** `*` stands for anything. Letters are told apart by case: the worst that a server may do. */
function matches(wanted: string, value: string): boolean {
  if (!wanted.includes('*')) return wanted === value;
  const parts = wanted.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
}
