// Holds a recorded HTTP exchange against a vendor's published OpenAPI 3.0 document; knows no vendor.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';

export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly requestBody?: unknown;
  /** Parsed JSON; undefined for an empty body. */
  readonly responseBody?: unknown;
}

export interface PublishedSpec {
  /** Problems in words, none if the exchange is as published. */
  validateExchange(exchange: Exchange): string[];
  /** What the spec gives as its first example of the answer, where that is JSON in a text; null: none. */
  exampleOf(exchange: Pick<Exchange, 'method' | 'path' | 'status'>): unknown;
  /** Null if the spec has no such operation. */
  operationIdOf(exchange: Pick<Exchange, 'method' | 'path'>): string | null;
  /** Operation ids of the path this exchange went to, whatever their method. */
  siblingsOf(exchange: Pick<Exchange, 'path'>): string[];
}

type Json = Readonly<Record<string, unknown>>;
interface Operation extends Json {
  readonly operationId?: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** Words of a schema that say something about an instance; the rest is prose, or OpenAPI's own. */
const KEPT = [
  'type',
  'enum',
  'required',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'pattern',
];
const FOLDER = path.resolve(import.meta.dirname, '../..', process.env.SENDOFF_VENDOR_SPECS ?? '../shared/specs');

/** Null if the file is not there: the specs are not ours to check in, so the caller skips and says so. */
export function loadSpec(file: string): PublishedSpec | null {
  const at = path.join(FOLDER, file);
  if (!existsSync(at)) return null;
  const text = readFileSync(at, 'utf8');
  return specOf((file.endsWith('.json') ? JSON.parse(text) : parse(text, { maxAliasCount: -1 })) as Json);
}

function specOf(document: Json): PublishedSpec {
  const paths = document.paths as Readonly<Record<string, Json>>;
  // A template with fewer parameters wins, so that /users/me is not taken for /users/{userId}.
  const templates = Object.keys(paths)
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
    .map((template) => ({ template, pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`) }));
  const check = createChecker(document);
  const itemAt = (where: string): Json => {
    const found = templates.find((one) => one.pattern.test(where.split('?')[0] ?? ''));
    return (found && paths[found.template]) ?? {};
  };
  const operationAt = (exchange: Pick<Exchange, 'method' | 'path'>): Operation | null =>
    (itemAt(exchange.path)[exchange.method.toLowerCase()] as Operation | undefined) ?? null;
  return {
    exampleOf: (exchange) => exampleIn(operationAt(exchange)?.responses[exchange.status]),
    operationIdOf: (exchange) => operationAt(exchange)?.operationId ?? null,
    siblingsOf: (exchange) => {
      const item = itemAt(exchange.path);
      return METHODS.flatMap((method) => (item[method] as Operation | undefined)?.operationId ?? []);
    },
    validateExchange: (exchange) => {
      const operation = operationAt(exchange);
      if (!operation) return [`${exchange.method} ${exchange.path}: not in the spec`];
      const shared = (itemAt(exchange.path).parameters ?? []) as readonly Json[];
      const problems = [
        ...problemsOfQuery(document, [...shared, ...(operation.parameters ?? [])], exchange.path),
        ...problemsOfRequest(document, operation, exchange, check),
        ...problemsOfAnswer(document, operation, exchange, check),
      ];
      return problems.map((one) => `${exchange.method} ${exchange.path} (${exchange.status}): ${one}`);
    },
  };
}

type Check = (schema: Json, value: unknown) => string[];

function problemsOfQuery(document: Json, parameters: readonly Json[], where: string): string[] {
  const declared = parameters.map((one) => resolve(document, one)).filter((one) => one.in === 'query');
  const sent = new URLSearchParams(where.split('?')[1] ?? '');
  const unknown = [...sent.keys()].filter((name) => !declared.some((one) => one.name === name));
  const missing = declared.filter((one) => one.required === true && !sent.has(String(one.name)));
  return [
    ...unknown.map((name) => `query parameter ${name} is not in the spec`),
    ...missing.map((one) => `query parameter ${String(one.name)} is missing`),
  ];
}

function problemsOfRequest(document: Json, operation: Operation, { requestBody }: Exchange, check: Check): string[] {
  const schema = operation.requestBody && schemaOf(resolve(document, operation.requestBody));
  if (requestBody === undefined) return [];
  return schema ? check(schema, requestBody).map((one) => `request ${one}`) : ['request has a body, the spec has none'];
}

function problemsOfAnswer(document: Json, operation: Operation, exchange: Exchange, check: Check): string[] {
  const { status, responseBody } = exchange;
  const { responses } = operation;
  // Specs leave out many refusals: those need the shape of the refusals they do name.
  const documented = responses[status] ?? responses.default ?? (status >= 400 ? responses['403'] : undefined);
  if (!documented) return ['status is not in the spec'];
  const schema = schemaOf(resolve(document, documented));
  const isEmpty = responseBody === undefined || JSON.stringify(responseBody) === '{}';
  if (!schema) return isEmpty ? [] : ['answer has a body, the spec has none'];
  return check(schema, responseBody).map((one) => `answer ${one}`);
}

function exampleIn(answer: Json | undefined): unknown {
  const media = (answer?.content as Readonly<Record<string, Json>> | undefined)?.['application/json'];
  const [first] = Object.values((media?.examples ?? {}) as Readonly<Record<string, { readonly value?: unknown }>>);
  return typeof first?.value === 'string' && first.value !== '' ? (JSON.parse(first.value) as unknown) : null;
}

function schemaOf(part: Json): Json | undefined {
  const content = part.content as Readonly<Record<string, Json>> | undefined;
  const media = content?.['application/json'] ?? content?.['*/*'];
  return media?.schema as Json | undefined;
}

function resolve(document: Json, part: Json): Json {
  if (typeof part.$ref !== 'string') return part;
  let found: unknown = document;
  for (const key of part.$ref.replace('#/', '').split('/')) found = (found as Json)[key];
  return resolve(document, found as Json);
}

/** Compiles each schema once, together with those it names. Null counts as absent: vendors send it where the spec says nothing. */
function createChecker(document: Json): Check {
  const compiled = new Map<Json, ReturnType<Ajv2019['compile']>>();
  return (schema, value) => {
    let validate = compiled.get(schema);
    if (!validate) {
      const definitions: Record<string, Json> = {};
      const root = translate(document, schema, definitions, true);
      validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile({
        ...root,
        definitions,
      });
      compiled.set(schema, validate);
    }
    if (validate(withoutNulls(value)) === true) return [];
    return (validate.errors ?? []).map((one) => {
      const extra = (one.params as { unevaluatedProperty?: string }).unevaluatedProperty ?? '';
      return `${one.instancePath || 'body'} ${one.message} ${extra}`.trim();
    });
  };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutNulls(one)]));
}

/** OpenAPI 3.0 to JSON Schema. `isWhole`: a value by itself, not one part of an `allOf`, so unnamed properties are errors. */
function translate(document: Json, schema: Json, definitions: Record<string, Json>, isWhole: boolean): Json {
  const target = resolve(document, schema);
  const { mapping } = (target.discriminator ?? {}) as { mapping?: Readonly<Record<string, string>> };
  // A base that only names its kinds by a discriminator: one of those, or the base alone.
  if (isWhole && mapping && !target.oneOf && !target.anyOf) {
    const kinds = [...new Set(Object.values(mapping))].map(($ref) =>
      translateOne(document, { $ref }, definitions, true),
    );
    return { anyOf: [...kinds, translateOne(document, schema, definitions, true)] };
  }
  return translateOne(document, schema, definitions, isWhole);
}

function translateOne(document: Json, schema: Json, definitions: Record<string, Json>, isWhole: boolean): Json {
  const target = resolve(document, schema);
  const closed = isWhole && namesProperties(document, target) ? { unevaluatedProperties: false } : {};
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    if (!(name in definitions)) {
      definitions[name] = {};
      definitions[name] = translate(document, target, definitions, false);
    }
    return { $ref: `#/definitions/${name}`, ...closed };
  }
  const go = (part: unknown, whole: boolean): Json => translate(document, part as Json, definitions, whole);
  const list = (parts: unknown): Json[] => (parts as Json[]).map((one) => go(one, false));
  const out: Record<string, unknown> = { ...closed };
  for (const key of KEPT) if (schema[key] !== undefined) out[key] = schema[key];
  if (schema.items) out.items = go(schema.items, true);
  if (schema.properties) {
    const named = Object.entries(schema.properties);
    out.properties = Object.fromEntries(named.map(([key, one]) => [key, go(one, true)]));
  }
  const { additionalProperties: others } = schema;
  if (others !== undefined) out.additionalProperties = typeof others === 'object' ? go(others, true) : others;
  if (schema.allOf) out.allOf = list(schema.allOf);
  // A discriminator makes a choice where several of the shapes fit.
  const anyOf = schema.anyOf ?? (schema.discriminator ? schema.oneOf : undefined);
  if (anyOf) out.anyOf = list(anyOf);
  else if (schema.oneOf) out.oneOf = list(schema.oneOf);
  return out;
}

function namesProperties(document: Json, schema: Json): boolean {
  if (schema.additionalProperties !== undefined) return false;
  const parts = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((one) => (one ?? []) as Json[]);
  return schema.properties !== undefined || parts.some((one) => namesProperties(document, resolve(document, one)));
}
