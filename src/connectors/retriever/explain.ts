// Why Retriever said no, without its own words about an address: its messages repeat what was sent, and ours stand in logs.
import { z } from 'zod';
import type { HttpAnswer } from '../http.ts';

const Detail = z.object({ detail: z.string() });
const Errors = z.record(z.string(), z.unknown());
const MOST_FIELDS = 5;

/** `{detail}` as it is; of `{field: [messages]}` the fields' names, and what is the matter in words of our own. */
export function explain({ status, body }: HttpAnswer): { reason: string; code?: string } | null {
  const told = Detail.safeParse(body);
  if (told.success) return { reason: status === 400 ? 'malformed request' : told.data.detail };
  const errors = Errors.safeParse(body);
  if (!errors.success) return null;
  const fields = Object.entries(errors.data).flatMap(([name, said]) => fieldsOf(name, said));
  if (fields.length === 0) return null;
  const words = fields.slice(0, MOST_FIELDS).map(({ path, says }) => `${path} ${says}`);
  return { reason: words.join('; '), code: fields[0]?.path ?? '' };
}

interface Field {
  readonly path: string;
  readonly says: string;
}

function fieldsOf(path: string, said: unknown): Field[] {
  const name = path.replaceAll(/[^\w.]/g, '?').slice(0, 60);
  if (Array.isArray(said)) return [{ path: name, says: matterOf(path, said.map(String).join(' ')) }];
  const inner = Errors.safeParse(said);
  if (!inner.success) return [{ path: name, says: 'is refused' }];
  return Object.entries(inner.data).flatMap(([field, more]) => fieldsOf(`${path}.${field}`, more));
}

/** Its wording is not documented: what is not recognised is only refused. */
function matterOf(path: string, message: string): string {
  if (/\bp\.?\s*o\.?\s*box\b/i.test(message)) return 'is a PO box';
  if (/country/.test(path)) return 'is not served';
  if (/required|blank/i.test(message)) return 'is missing';
  if (/no more than|too long/i.test(message)) return 'is too long';
  return 'is refused';
}
