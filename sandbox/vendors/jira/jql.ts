// The part of JQL that the simulator takes: terms joined by AND, then ORDER BY. What it cannot read it refuses as Jira does.
import { findProject, ISSUE_TYPES, type Issue, PROJECTS, STATUSES, statusOf, typeOf } from './site.ts';

export interface Query {
  matches(issue: Issue): boolean;
  compare(a: Issue, b: Issue): number;
  /** Named in the query: whoever may see none of them finds nothing. */
  readonly projectKeys: readonly string[];
}

type Token = { readonly kind: 'word' | 'text' | 'sign'; readonly value: string };

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|=|\(|\)|,)|([^\s"'=!(),]+))/y;
/** Not to be used without quotes. @see https://support.atlassian.com/jira-software-cloud/docs/jql-keywords/ */
const RESERVED = new Set(['and', 'or', 'not', 'in', 'is', 'empty', 'null', 'order', 'by', 'asc', 'desc', 'was']);

/** The query, or Jira's words about what is wrong with it. */
export function parseJql(jql: string): Query | string {
  const tokens = tokensOf(jql);
  if (typeof tokens === 'string') return tokens;
  const cut = tokens.findIndex((one) => isWord(one, 'order'));
  const terms = splitTerms(cut === -1 ? tokens : tokens.slice(0, cut));
  if (terms.length === 0) {
    return 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.';
  }
  const tests: ((issue: Issue) => boolean)[] = [];
  const projectKeys: string[] = [];
  for (const term of terms) {
    const test = parseTerm(term, projectKeys);
    if (typeof test === 'string') return test;
    tests.push(test);
  }
  const compare = parseOrder(cut === -1 ? [] : tokens.slice(cut + 1));
  if (typeof compare === 'string') return compare;
  return { matches: (issue) => tests.every((test) => test(issue)), compare, projectKeys };
}

function tokensOf(jql: string): Token[] | string {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = jql.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(jql);
    if (!found) return `Error in the JQL Query: The character at position ${at} is not valid.`;
    const [, double, single, sign, word] = found;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll(/\\(.)/g, '$1') });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'word', value: word ?? '' });
  }
  return tokens;
}

function splitTerms(tokens: readonly Token[]): Token[][] {
  const terms: Token[][] = [];
  let term: Token[] = [];
  for (const one of tokens) {
    if (isWord(one, 'and')) {
      terms.push(term);
      term = [];
    } else term.push(one);
  }
  return term.length === 0 && terms.length === 0 ? [] : [...terms, term];
}

function parseTerm(term: readonly Token[], projectKeys: string[]): ((issue: Issue) => boolean) | string {
  const [field, operator, ...rest] = term;
  if (field?.kind !== 'word' || operator === undefined) return malformed(term);
  const isList = isWord(operator, 'in');
  const isNot = operator.value === '!=';
  if (!isList && !isNot && operator.value !== '=') return malformed(term);
  const values = isList ? listOf(rest) : rest;
  if (values === null || values.length === 0 || (!isList && values.length !== 1)) return malformed(term);
  const wrong = values.find(
    (one) => one.kind === 'sign' || (one.kind === 'word' && RESERVED.has(one.value.toLowerCase())),
  );
  if (wrong) return malformed(term);
  const wanted = values.map((one) => one.value);
  const test = testOf(field.value.toLowerCase(), wanted, projectKeys);
  if (typeof test === 'string') return test;
  return isNot ? (issue) => !test(issue) : test;
}

function testOf(field: string, wanted: readonly string[], projectKeys: string[]): ((issue: Issue) => boolean) | string {
  const lower = wanted.map((one) => one.toLowerCase());
  const has = (...found: string[]): boolean => found.some((one) => lower.includes(one.toLowerCase()));
  const missing = (known: readonly string[]): string | undefined =>
    wanted.find((one) => !known.some((other) => other.toLowerCase() === one.toLowerCase()));
  const absent = (value: string): string => `The value '${value}' does not exist for the field '${field}'.`;
  if (field === 'project') {
    const unknown = missing(PROJECTS.flatMap((one) => [one.key, one.id, one.name]));
    if (unknown !== undefined) return absent(unknown);
    projectKeys.push(...wanted.map((one) => findProject(one)?.key ?? one));
    return (issue) => {
      const project = findProject(issue.projectKey);
      return has(issue.projectKey, project?.id ?? '', project?.name ?? '');
    };
  }
  if (field === 'labels') return (issue) => issue.labels.some((one) => wanted.includes(one));
  if (field === 'key' || field === 'issuekey' || field === 'id') return (issue) => has(issue.key, issue.id);
  if (field === 'status') {
    const unknown = missing(STATUSES.map((one) => one.name));
    return unknown === undefined ? (issue) => has(statusOf(issue.statusId).name) : absent(unknown);
  }
  if (field === 'statuscategory') return (issue) => has(statusOf(issue.statusId).category.name);
  if (field === 'issuetype' || field === 'type') {
    const unknown = missing(ISSUE_TYPES.map((one) => one.name));
    return unknown === undefined ? (issue) => has(typeOf(issue.typeId).name) : absent(unknown);
  }
  return `Field '${field}' does not exist or you do not have permission to view it.`;
}

function listOf(rest: readonly Token[]): Token[] | null {
  if (rest[0]?.value !== '(' || rest.at(-1)?.value !== ')') return null;
  const inner = rest.slice(1, -1);
  const isListed = inner.every((one, at) => (at % 2 === 1) === (one.kind === 'sign' && one.value === ','));
  return isListed && inner.length % 2 === 1 ? inner.filter((_, at) => at % 2 === 0) : null;
}

function parseOrder(tokens: readonly Token[]): ((a: Issue, b: Issue) => number) | string {
  if (tokens.length === 0) return (a, b) => Number(b.id) - Number(a.id);
  const [by, field, direction, ...rest] = tokens;
  const name = field?.value.toLowerCase() ?? '';
  const isKnown = ['created', 'updated', 'key', 'id'].includes(name);
  const way = direction?.value.toLowerCase() ?? 'asc';
  if (!by || !isWord(by, 'by') || !isKnown || rest.length > 0 || !['asc', 'desc'].includes(way))
    return malformed(tokens);
  const sign = way === 'desc' ? -1 : 1;
  const value = (issue: Issue): number => {
    if (name === 'created') return Date.parse(issue.createdAt);
    return name === 'updated' ? Date.parse(issue.updatedAt) : Number(issue.id);
  };
  return (a, b) => sign * (value(a) - value(b) || Number(a.id) - Number(b.id));
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.value.toLowerCase() === word;
}

function malformed(tokens: readonly Token[]): string {
  return `Error in the JQL Query: Expecting operator or value near '${tokens.map((one) => one.value).join(' ')}'.`;
}
