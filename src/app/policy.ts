// Reads sendoff.policy.yaml: everything that is wrong at once, with its line and what to do. The pure part is workflow/model/policy.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { StartError } from '../store/start-error.ts';
import { checkPolicy, DEFAULT_POLICY, type Policy, type PolicyIssue, policyFacts } from '../workflow/model/policy.ts';

export const POLICY_FILE = 'sendoff.policy.yaml';
/** Beside package.json, wherever the process was started from: a policy that is not found protects nobody. */
const DEFAULT_PATH = path.resolve(import.meta.dirname, '../..', POLICY_FILE);
const MOST_BYTES = 262_144;
const MOST_SHOWN = 80;
const MOST_PROBLEMS = 20;

/** Each problem begins with the file's name and the line. */
export class PolicyError extends StartError {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The policy cannot be used. Nothing was started.\n${problems.map((one) => `  - ${one}`).join('\n')}`);
    this.problems = problems;
  }
}

export interface PinnedPolicy {
  readonly policy: Policy;
  /** Over what it says, not over how it is written: a comment changes nothing. */
  readonly hash: string;
  /** Null: the built-in defaults. */
  readonly file: string | null;
}

/** `file`: SENDOFF_POLICY, which must exist then. Null: the checked-in one; absent, the defaults. */
export function readPolicy(file: string | null): PinnedPolicy {
  const from = file === null ? DEFAULT_PATH : path.resolve(file);
  const name = path.basename(from);
  let bytes: Buffer;
  try {
    bytes = readFileSync(from);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && file === null) return pin(DEFAULT_POLICY, null);
    throw new PolicyError([
      `${name}: cannot be read (${code}): ${file === null ? 'let Sendoff read it' : 'set SENDOFF_POLICY to the file’s path, or leave it out'}`,
    ]);
  }
  if (bytes.length > MOST_BYTES)
    throw new PolicyError([`${name}: is larger than ${MOST_BYTES / 1024} KB: is this the policy?`]);
  return pin(parsePolicy(bytes.toString('utf8'), name), from);
}

/** Throws PolicyError, and nothing else. */
export function parsePolicy(text: string, name = POLICY_FILE): Policy {
  const lines = new LineCounter();
  const at = (offset: number | null): string => `${name}:${offset === null ? 1 : lines.linePos(offset).line || 1}`;
  let document: Document.Parsed;
  let given: unknown;
  try {
    document = parseDocument(text.replace(/^\uFEFF/, ''), {
      lineCounter: lines,
      logLevel: 'error',
      prettyErrors: false,
    });
    const broken = [...document.errors, ...document.warnings];
    if (broken.length > 0)
      throw new PolicyError(
        // The first of a line: what follows it there is mostly an echo.
        [...new Map(broken.reverse().map((one) => [at(one.pos[0]), shown(one.message)]))]
          .reverse()
          .slice(0, MOST_PROBLEMS)
          .map(([where, what]) => `${where}: ${what}: put the YAML right (blanks, not tabs; one value a line)`),
      );
    given = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof PolicyError) throw error;
    // The parser's own limits: nesting, aliases.
    throw new PolicyError([`${name}:1: cannot be read as YAML (${shown((error as Error).message)}): simplify it`]);
  }
  const checked = checkPolicy(given);
  if ('policy' in checked) return checked.policy;
  const found = checked.issues.map((issue) => ({ offset: offsetOf(document, issue), issue }));
  throw new PolicyError(
    found
      .sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0))
      .map(({ offset, issue }) => `${at(offset)}: ${nameOf(issue)} ${issue.says}`),
  );
}

function pin(policy: Policy, file: string | null): PinnedPolicy {
  const said = JSON.stringify(Object.entries(policyFacts(policy)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { policy, hash: `sha256:${createHash('sha256').update(said).digest('hex')}`, file };
}

/** Where the key stands, or the value; where neither does, what is around it. */
function offsetOf(document: Document.Parsed, issue: PolicyIssue): number | null {
  for (let depth = issue.path.length; depth > 0; depth--) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(issue.path.slice(0, depth - 1), true);
    const key = issue.path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((one) => String(isScalar(one.key) ? one.key.value : one.key) === String(key));
      if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = document.getIn(issue.path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? null;
}

function nameOf(issue: PolicyIssue): string {
  if (issue.path.length === 0) return 'the file';
  return shown(
    issue.path.reduce<string>(
      (name, part) => (typeof part === 'number' ? `${name}[${part + 1}]` : `${name}${name && '.'}${part}`),
      '',
    ),
  );
}

function shown(text: string): string {
  const plain = text.replace(/[^ -~\u00a0-\uffff]+/g, ' ').trim();
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain;
}
