// Okta's event hook: whether a request is genuine, and who was deactivated. Okta signs nothing: it sends a header that we have agreed on.
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DEACTIVATED } from './log-events.ts';
import { LogEvent } from './schema.ts';

const Hook = z.object({
  eventType: z.literal('com.okta.event_hook'),
  data: z.object({ events: z.array(z.unknown()).max(1_000) }),
});

export interface Deactivation {
  readonly uuid: string;
  readonly userId: string;
}

type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/** Constant time, whatever the lengths: compared are digests. */
export function isFromOkta(headers: Headers, secret: string): boolean {
  const sent = headers.authorization;
  if (sent?.length !== 1) return false;
  const [ours, theirs] = [secret, sent[0] ?? ''].map((text) => createHash('sha256').update(text, 'utf8').digest());
  return ours !== undefined && theirs !== undefined && timingSafeEqual(ours, theirs);
}

/**
 * The one-time challenge that Okta wants back when the hook is verified; null: there is none.
 * @see https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request, read 2026-11
 */
export function challengeIn(headers: Headers): string | null {
  const sent = headers['x-okta-verification-challenge'];
  const challenge = sent?.length === 1 ? (sent[0] ?? '') : '';
  return /^[\x21-\x7e]{1,500}$/.test(challenge) ? challenge : null;
}

/** Null: not what Okta publishes. Events of other kinds are left out. */
export function deactivationsIn(body: Buffer): readonly Deactivation[] | null {
  try {
    const { data } = Hook.parse(JSON.parse(body.toString('utf8')));
    return data.events.flatMap((one) => {
      const event = LogEvent.parse(one);
      const userId = event.target.find(({ type }) => type === 'User')?.id;
      return event.eventType === DEACTIVATED && userId ? [{ uuid: event.uuid, userId }] : [];
    });
  } catch {
    return null;
  }
}
