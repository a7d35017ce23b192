// The org's event hook: verified once by a challenge, then told of each deactivation, twice at most, in no promised order.
// @see https://developer.okta.com/docs/concepts/event-hooks/, read 2026-11
import { randomUUID } from 'node:crypto';
import type { Okta } from './operation.ts';
import type { LogEvent } from './org.ts';

export interface EventHook {
  readonly url: string;
  /** Sent as Authorization. */
  readonly secret: string;
  verified: boolean;
  /** Events of the log that it has been told of. */
  told: number;
  /** Status of each delivery, oldest first; 0: no answer within Okta's three seconds. */
  readonly deliveries: number[];
  readonly underWay: Set<Promise<void>>;
}

const DEADLINE_MS = 3_000;
const EVENT = 'user.lifecycle.deactivate';

/** Registers and verifies; events from before are not told. */
export async function registerHook(okta: Okta, url: string, secret: string): Promise<{ verified: boolean }> {
  const hook: EventHook = {
    url,
    secret,
    verified: false,
    told: okta.org.log.length,
    deliveries: [],
    underWay: new Set(),
  };
  const challenge = randomUUID();
  const headers = { 'x-okta-verification-challenge': challenge, authorization: secret };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(DEADLINE_MS) }).catch(() => null);
  const body = (await answer?.json().catch(() => null)) as { verification?: string } | null;
  hook.verified = answer?.status === 200 && body?.verification === challenge;
  okta.hook = hook;
  return { verified: hook.verified };
}

/** After whatever may have written to the log. */
export function tellHook(okta: Okta): void {
  const { hook } = okta;
  if (!hook?.verified) return;
  const fresh = okta.org.log.slice(hook.told).filter((event) => event.eventType === EVENT);
  hook.told = okta.org.log.length;
  for (const event of fresh) {
    const sending = send(hook, event).finally(() => hook.underWay.delete(sending));
    hook.underWay.add(sending);
  }
}

export function hookBody(events: readonly LogEvent[]): string {
  return JSON.stringify({
    eventType: 'com.okta.event_hook',
    eventTypeVersion: '1.0',
    cloudEventsVersion: '0.1',
    eventId: randomUUID(),
    eventTime: events.at(-1)?.published ?? new Date().toISOString(),
    source: 'https://acme.okta.test/api/v1/eventHooks/whoSandbox0000000001',
    contentType: 'application/json',
    data: { events },
  });
}

async function send(hook: EventHook, event: LogEvent): Promise<void> {
  const body = hookBody([event]);
  for (let tried = 1; tried <= 2; tried++) {
    const headers = { 'content-type': 'application/json', authorization: hook.secret };
    const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(DEADLINE_MS) };
    const status = await fetch(hook.url, init).then(
      (answer) => answer.status,
      () => 0,
    );
    hook.deliveries.push(status);
    if (status >= 200 && status < 300) return;
  }
}
