// Slack's cursor paging: an opaque cursor in, one page and the next cursor out.
import type { Args } from './args.ts';
import { Refusal } from './refusal.ts';

/** One page of `items`; `next` is empty on the last. Throws `invalid_cursor` for a cursor it did not make. */
export function page<T>(
  items: readonly T[],
  args: Args,
  limits: { readonly most: number; readonly otherwise: number },
): { readonly items: readonly T[]; readonly next: string } {
  const limit = args.count('limit', limits.most, limits.otherwise);
  const start = readCursor(args.text('cursor'));
  const end = start + limit;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '',
  };
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const found = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  if (!found) throw new Refusal('invalid_cursor');
  return Number(found[1]);
}
