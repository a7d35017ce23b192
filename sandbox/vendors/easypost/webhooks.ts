// EasyPost's signed events: sent at once, or kept and sent in another order; sent again on command. Knows no route.
import { createHmac, randomBytes } from 'node:crypto';
import { newId, render, type Tracker } from './trackers.ts';

export interface Event {
  readonly id: string;
  /** The very bytes: a retry has the same. */
  readonly body: string;
  readonly signature: string;
  /** What each delivery was answered; null: no answer. */
  readonly answers: (number | null)[];
}

const SEND_WITHIN_MS = 7_000;

export class Outbox {
  readonly events: Event[] = [];
  url: string | null = null;
  /** Held until `release`. */
  isHeld = false;
  /** A weight of 17 is signed as 17.0 and written so; true: written as 17 and still signed as 17.0. */
  writesIntegers = false;
  readonly secret: string = `sësame-${randomBytes(12).toString('hex')}`; // a letter that NFKD takes apart
  readonly #held: Event[] = [];
  readonly #hookId = newId('hook');

  hooks(): readonly unknown[] {
    if (this.url === null) return [];
    return [{ id: this.#hookId, object: 'Webhook', mode: 'test', url: this.url, disabled_at: null }];
  }

  /** Makes an event of the tracker as it is now, and sends it unless events are held. */
  async tell(tracker: Tracker, description = 'tracker.updated'): Promise<Event> {
    const event = this.make({ description, result: render(tracker) });
    if (this.isHeld) this.#held.push(event);
    else await this.send(event);
    return event;
  }

  /** `result` as it stands in the event: a tracker, or anything else that EasyPost tells of. */
  make(facts: { readonly description: string; readonly result: unknown }): Event {
    const id = newId('evt');
    const at = new Date().toISOString();
    const whole = { id, object: 'Event', mode: 'test', created_at: at, updated_at: at, status: 'pending' };
    const text = JSON.stringify({ ...whole, previous_attributes: {}, ...facts });
    const signed = text.replaceAll(/("weight":\s*)(\d+)(\s*)(?=,|\})/g, '$1$2.0');
    const event = {
      id,
      body: this.writesIntegers ? text : signed,
      signature: signatureOf(signed, this.secret),
      answers: [],
    };
    this.events.push(event);
    return event;
  }

  async send(event: Event): Promise<number | null> {
    if (this.url === null) return null;
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hmac-signature': event.signature },
      body: event.body,
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
    }).then(
      (response) => response.status,
      () => null,
    );
    event.answers.push(answer);
    return answer;
  }

  /** Sends what was held, in the order that `arrange` makes of it. */
  async release(arrange: (held: readonly Event[]) => readonly Event[]): Promise<readonly Event[]> {
    const held = arrange(this.#held.splice(0));
    this.isHeld = false;
    for (const event of held) await this.send(event);
    return held;
  }

  reset(): void {
    this.events.length = 0;
    this.#held.length = 0;
    this.isHeld = false;
    this.writesIntegers = false;
  }
}

/** @see validateWebhook in EasyPost's client libraries: the secret is taken in its NFKD form. */
export function signatureOf(body: string, secret: string): string {
  return `hmac-sha256-hex=${createHmac('sha256', secret.normalize('NFKD')).update(body, 'utf8').digest('hex')}`;
}
