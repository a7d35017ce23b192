// The part of Okta's filter expressions that the simulator takes: eq, sw, co and pr joined by and/or, no brackets.
// @see https://developer.okta.com/docs/api/#filter

export type Predicate = (subject: unknown) => boolean;

/** Null if the expression cannot be read: the caller answers 400. */
export function parseFilter(expression: string): Predicate | null {
  const any: Predicate[][] = [];
  for (const part of splitOutsideQuotes(expression, ' or ')) {
    const all: Predicate[] = [];
    for (const term of splitOutsideQuotes(part, ' and ')) {
      const predicate = parseTerm(term.trim());
      if (!predicate) return null;
      all.push(predicate);
    }
    any.push(all);
  }
  return (subject) => any.some((all) => all.every((one) => one(subject)));
}

const TERM = /^(?<path>[A-Za-z_.]+) +(?:(?<present>pr)|(?<operator>eq|sw|co) +"(?<value>(?:[^"\\]|\\.)*)")$/;

function parseTerm(term: string): Predicate | null {
  const groups = TERM.exec(term)?.groups;
  if (!groups) return null;
  const { path = '', present, operator, value = '' } = groups;
  const wanted = value.replaceAll(/\\(.)/g, '$1').toLowerCase();
  return (subject) => {
    const found = valuesAt(subject, path.split('.')).map((one) => String(one).toLowerCase());
    if (present) return found.length > 0;
    return found.some((one) => matches(one, operator, wanted));
  };
}

function matches(found: string, operator: string | undefined, wanted: string): boolean {
  if (operator === 'sw') return found.startsWith(wanted);
  return operator === 'co' ? found.includes(wanted) : found === wanted;
}

/** A list on the way stands for each of its elements, as in `target.id`. */
function valuesAt(subject: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(subject)) return subject.flatMap((one: unknown) => valuesAt(one, path));
  if (subject === undefined || subject === null) return [];
  const [first, ...rest] = path;
  if (first === undefined) return [subject];
  return typeof subject === 'object' ? valuesAt((subject as Record<string, unknown>)[first], rest) : [];
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"' && text[at - 1] !== '\\') isQuoted = !isQuoted;
    if (isQuoted || !text.startsWith(separator, at)) continue;
    parts.push(text.slice(start, at));
    start = at + separator.length;
  }
  return [...parts, text.slice(start)];
}
