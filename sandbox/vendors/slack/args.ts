// The arguments of one call, the same whether they came as a form (nested JSON as text) or as JSON.
import type { Request } from '../simulator.ts';
import { isRecord } from './block-kit-schema.ts';
import { invalidArguments, Refusal } from './refusal.ts';

export interface Args {
  has(name: string): boolean;
  /** Undefined if absent or empty. */
  text(name: string): string | undefined;
  /** Throws `invalid_arguments` if absent. */
  need(name: string): string;
  flag(name: string): boolean;
  /** Throws `invalid_arguments` unless it is a whole number from 1 to `most`. */
  count(name: string, most: number, otherwise: number): number;
  /** Parsed JSON; throws `code` if it is none. */
  json(name: string, code: string): unknown;
}

export function readArgs(request: Request): Args {
  const given = readBody(request);
  const text = (name: string): string | undefined => {
    const value = given[name];
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
  return {
    has: (name) => given[name] !== undefined && given[name] !== null,
    text,
    need: (name) => {
      const value = text(name);
      if (value === undefined) throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag: (name) => ['true', '1'].includes(String(given[name] ?? '')),
    count: (name, most, otherwise) => {
      const value = text(name);
      if (value === undefined) return otherwise;
      const number = Number(value);
      if (!Number.isInteger(number) || number < 1 || number > most)
        throw invalidArguments(`${name} must be from 1 to ${most}`);
      return number;
    },
    json: (name, code) => parse(given[name], code),
  };
}

function readBody(request: Request): Record<string, unknown> {
  if (request.raw === '') return {};
  if (isRecord(request.body)) return request.body;
  const isJson = (request.headers['content-type'] ?? '').includes('json');
  throw new Refusal(isJson ? 'invalid_json' : 'invalid_form_data');
}

function parse(value: unknown, code: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new Refusal(code);
  }
}
