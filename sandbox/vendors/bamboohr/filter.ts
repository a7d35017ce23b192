// BambooHR's OData-style filter: comparisons joined by `and` or by `or`, never both; knows no employee.
// @see https://documentation.bamboohr.com/reference/get-data-from-dataset-v2

export type Row = Readonly<Record<string, string | null>>;

export interface Filter {
  /** Dataset names it compares. */
  readonly fields: readonly string[];
  matches(row: Row): boolean;
}

const TERM = /^(?<field>\w+) (?:(?<operator>eq|ne|lt|le|gt|ge) '(?<value>(?:[^']|'')*)'|in \((?<list>[^)]*)\))$/;
const LITERAL = /'(?:[^']|'')*'/g;
/** Fields with a fixed set of values: only these take `in` with several. */
const OPTIONS = ['status', 'employmentStatus', 'jobInformationDepartment', 'jobInformationLocation'];

/** Null: BambooHR cannot read it. */
export function parseFilter(text: string): Filter | null {
  // Literals are put aside, so that an `and` in a name is none.
  const literals = text.match(LITERAL) ?? [];
  const bare = text.replaceAll(LITERAL, '\u0000');
  if (bare.includes(' and ') && bare.includes(' or ')) return null;
  const joiner = bare.includes(' or ') ? ' or ' : ' and ';
  let next = 0;
  const terms = bare.split(joiner).map((one) => parseTerm(one.replaceAll('\u0000', () => literals[next++] ?? '')));
  if (terms.some((one) => one === null)) return null;
  const known = terms as Filter[];
  return {
    fields: known.flatMap((one) => one.fields),
    matches: (row) =>
      joiner === ' or ' ? known.some((one) => one.matches(row)) : known.every((one) => one.matches(row)),
  };
}

function parseTerm(text: string): Filter | null {
  const { field = '', operator, value = '', list } = TERM.exec(text.trim())?.groups ?? {};
  if (list !== undefined) {
    const values = (list.match(LITERAL) ?? []).map((one) => unquote(one.slice(1, -1)));
    const isRefused = values.length === 0 || (values.length > 1 && !OPTIONS.includes(field));
    return isRefused ? null : { fields: [field], matches: (row) => values.includes(row[field] ?? '') };
  }
  if (operator === undefined) return null;
  const wanted = unquote(value);
  return { fields: [field], matches: (row) => compare(operator, row[field] ?? '', wanted) };
}

/** `eq` is exact to the letter: whether BambooHR's is, is not documented, so nobody may lean on more. */
function compare(operator: string, one: string, other: string): boolean {
  if (operator === 'eq') return one === other;
  if (operator === 'ne') return one !== other;
  if (one === '') return false;
  if (operator === 'lt') return one < other;
  if (operator === 'le') return one <= other;
  return operator === 'gt' ? one > other : one >= other;
}

function unquote(text: string): string {
  return text.replaceAll("''", "'");
}
