// How much there is to hand over, and how much stays: for people's eyes, never for a decision. Numbers that cannot be had are left out.

import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Google } from '../../connectors/google/client.ts';
import type { Count } from '../../connectors/google/counts.ts';
import type { User as Account } from '../../connectors/google/schema.ts';

/** A plan has 8 seconds for everything: a count that takes longer is not worth its line. */
const LONGEST_MS = 4_000;

/** "12", or "1,000+" where there are at least so many. Null: not counted. */
export type Counted = string | null;
export type Files = { readonly files: Counted };
export type Calendar = { readonly events: Counted; readonly stayingEvents: Counted; readonly otherCalendars: Counted };

export async function countFiles(google: Pick<Google, 'counts'>, account: Account): Promise<Files> {
  const files = await inTime(google.counts.countFiles(account));
  return { files: files && worded(files) };
}

export async function countCalendar(google: Pick<Google, 'counts'>, account: Account, from: Date): Promise<Calendar> {
  const seen = await inTime(google.counts.countCalendar(account, from));
  return {
    events: seen && worded(seen.moving),
    stayingEvents: seen && worded(seen.staying),
    otherCalendars: seen && String(seen.otherCalendars),
  };
}

function worded({ count, isMore }: Count): string {
  return `${count.toLocaleString('en-US')}${isMore ? '+' : ''}`;
}

/** Null also where Google refuses or is slow: what is counted is told, nothing waits for it. */
async function inTime<T>(counting: Promise<T | null>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((give) => {
    timer = setTimeout(() => give(null), LONGEST_MS);
  });
  const counted = counting.catch((error: unknown) => {
    if (error instanceof ConnectorError) return null;
    throw error;
  });
  try {
    return await Promise.race([counted, late]);
  } finally {
    clearTimeout(timer);
  }
}
