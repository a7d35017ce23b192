// Okta's system log: a polling query has a next page for ever, so pages are read until one is not full.
import type okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import { LogEvent } from './schema.ts';

/** @see https://developer.okta.com/docs/reference/api/event-types, read 2026-11 */
export const DEACTIVATED = 'user.lifecycle.deactivate';
/** The most that Okta gives at once. */
const PAGE = 1_000;
/** A hundred thousand events in one answer are no answer. */
const MOST_PAGES = 100;

/** Oldest first. */
export async function logEvents(
  client: okta.Client,
  asked: { readonly since: string; readonly until?: string; readonly filter: string },
): Promise<readonly LogEvent[]> {
  const pages = await client.systemLogApi.listLogEvents({ ...asked, sortOrder: 'ASCENDING', limit: PAGE });
  const found: LogEvent[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const events = z.array(LogEvent).parse(await pages.getNextPage());
    found.push(...events);
    if (events.length < PAGE) return found;
  }
  return found;
}

export async function newestEvents(client: okta.Client, count: number): Promise<readonly LogEvent[]> {
  const pages = await client.systemLogApi.listLogEvents({ sortOrder: 'DESCENDING', limit: count });
  return z.array(LogEvent).parse(await pages.getNextPage());
}
