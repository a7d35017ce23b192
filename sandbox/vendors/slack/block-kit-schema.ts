// Checks one value against a definition of block-kit.schema.json and says where it is wrong. Knows no limits and no surfaces.
// A general validator reports every branch of a union; this one picks the branch by `type`, as Slack does, so the pointer is exact.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Problem {
  /** An error is refused by Slack; advice is only unwise. */
  readonly severity: 'error' | 'advice';
  /** JSON pointer from the argument's root: `/blocks/2/text`. */
  readonly pointer: string;
  readonly message: string;
}

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'boolean';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

interface SchemaFile {
  readonly 'x-generated-from': { readonly package: string; readonly version: string };
  readonly definitions: Readonly<Record<string, Schema>>;
}

const FILE = JSON.parse(readFileSync(path.join(import.meta.dirname, 'block-kit.schema.json'), 'utf8')) as SchemaFile;

/** Version of @slack/types the schema was generated from. */
export const schemaVersion: string = FILE['x-generated-from'].version;

export function error(pointer: string, message: string): Problem {
  return { severity: 'error', pointer, message };
}

export function advice(pointer: string, message: string): Problem {
  return { severity: 'advice', pointer, message };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function checkDefinition(name: string, value: unknown, pointer: string): Problem[] {
  return check({ $ref: `#/definitions/${name}` }, value, pointer);
}

function check(given: Schema, value: unknown, pointer: string): Problem[] {
  const branches = flatten(given);
  const [only] = branches;
  if (only === undefined) return [];
  return branches.length === 1 ? checkOne(only, value, pointer) : checkUnion(branches, value, pointer);
}

/** A schema as the list of its alternatives, references resolved. */
function flatten(given: Schema): Schema[] {
  if (given.$ref !== undefined) {
    const found = FILE.definitions[given.$ref.slice('#/definitions/'.length)];
    if (!found) throw new Error(`block-kit.schema.json has no ${given.$ref}`);
    return flatten(found);
  }
  return given.anyOf ? given.anyOf.flatMap(flatten) : [given];
}

function checkUnion(branches: readonly Schema[], value: unknown, pointer: string): Problem[] {
  const typed = branches.filter((branch) => branch.properties?.type?.const !== undefined);
  if (typed.length === 0) return fewest(branches, value, pointer);
  if (!isRecord(value)) return [error(pointer, 'must provide an object')];
  if (value.type === undefined) return [error(pointer, 'missing required field: type')];
  const chosen = typed.filter((branch) => branch.properties?.type?.const === value.type);
  return chosen.length > 0
    ? fewest(chosen, value, pointer)
    : [error(`${pointer}/type`, `unsupported type: ${String(value.type)}`)];
}

/** The complaints of the alternative the value comes nearest to. */
function fewest(branches: readonly Schema[], value: unknown, pointer: string): Problem[] {
  const tried = branches.map((branch) => check(branch, value, pointer)).sort((a, b) => a.length - b.length);
  return tried[0] ?? [];
}

function checkOne(schema: Schema, value: unknown, pointer: string): Problem[] {
  if (schema.const !== undefined && value !== schema.const)
    return [error(pointer, `must be ${JSON.stringify(schema.const)}`)];
  if (schema.enum && !schema.enum.includes(value))
    return [error(pointer, `must be one of ${schema.enum.map(String).join(', ')}`)];
  if (schema.type === 'object') return checkObject(schema, value, pointer);
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [error(pointer, 'must provide an array')];
    const { items } = schema;
    return items ? value.flatMap((item, index) => check(items, item, `${pointer}/${index}`)) : [];
  }
  if (schema.type !== undefined && typeof value !== schema.type)
    return [error(pointer, `must provide a ${schema.type}`)];
  return [];
}

function checkObject(schema: Schema, value: unknown, pointer: string): Problem[] {
  if (!isRecord(value)) return [error(pointer, 'must provide an object')];
  const missing = (schema.required ?? [])
    .filter((field) => value[field] === undefined)
    .map((field) => error(pointer, `missing required field: ${field}`));
  const fields = Object.entries(value).flatMap(([field, inner]) => {
    const known = schema.properties?.[field];
    if (known) return inner === undefined ? [] : check(known, inner, `${pointer}/${field}`);
    return schema.additionalProperties === false ? [error(pointer, `invalid additional property: ${field}`)] : [];
  });
  return [...missing, ...fields];
}
