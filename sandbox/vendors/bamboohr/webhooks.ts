// BambooHR's webhooks: signed, sent when a change takes effect, in either of the two published shapes.
// @see https://documentation.bamboohr.com/docs/webhooks, read 2026-11
import { createHmac } from 'node:crypto';
import { nowOf } from '../clock.ts';
import { type Change, type Company, todayOf } from './company.ts';

export interface Subscription {
  readonly url: string;
  /** Shown once, when the webhook is made. */
  readonly privateKey: string;
  readonly shape: 'event' | 'with_fields';
  told: number;
  readonly deliveries: number[];
  readonly underWay: Set<Promise<void>>;
}

export function subscribe(company: Company, given: Pick<Subscription, 'url' | 'shape' | 'privateKey'>): Subscription {
  return { ...given, told: company.changes.length, deliveries: [], underWay: new Set() };
}

/** A termination that lies ahead is told when it takes effect, not when it is entered. */
export function tellSubscriber(company: Company, subscription: Subscription | null): void {
  if (!subscription) return;
  const fresh = company.changes.slice(subscription.told).filter((change) => !liesAhead(company, change));
  subscription.told = company.changes.length;
  for (const change of fresh) tell(subscription, change);
}

/** Of terminations whose day has come since `before`. */
export function tellOfDays(company: Company, subscription: Subscription | null, before: string): void {
  if (!subscription) return;
  const isDue = ({ employeeId, fields }: Change): boolean => {
    const endsOn = company.employees.get(employeeId)?.endsOn ?? '';
    return isTermination(fields) && endsOn > before && endsOn <= todayOf(company);
  };
  const newest = new Map(company.changes.filter(isDue).map((one) => [one.employeeId, one]));
  for (const change of newest.values()) tell(subscription, { ...change, at: nowOf(company) });
}

function tell(subscription: Subscription, change: Change): void {
  const sending = send(subscription, change).finally(() => subscription.underWay.delete(sending));
  subscription.underWay.add(sending);
}

function liesAhead(company: Company, { employeeId, fields }: Change): boolean {
  const endsOn = company.employees.get(employeeId)?.endsOn ?? null;
  return isTermination(fields) && endsOn !== null && endsOn > todayOf(company);
}

function isTermination(fields: Change['fields']): boolean {
  return fields.length === 1 && fields[0] === 'endsOn';
}

export function bodyOf({ employeeId, action, at, fields }: Change, shape: Subscription['shape']): string {
  const type = { Inserted: 'created', Updated: 'updated', Deleted: 'deleted' }[action];
  if (shape === 'event')
    return JSON.stringify({
      type: `employee.${type}`,
      timestamp: at.toISOString(),
      data: { companyId: '1', employeeId, changedFields: fields },
    });
  const one = { id: employeeId, action, timestamp: at.toISOString(), changedFields: fields, fields: {} };
  return JSON.stringify({ employees: [one] });
}

/** The raw body, then the timestamp, no separator. */
export function signatureOf(privateKey: string, body: string, timestamp: string): string {
  return createHmac('sha256', privateKey).update(body).update(timestamp).digest('hex');
}

async function send(subscription: Subscription, change: Change): Promise<void> {
  const body = bodyOf(change, subscription.shape);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    'x-bamboohr-timestamp': timestamp,
    'x-bamboohr-signature': signatureOf(subscription.privateKey, body, timestamp),
  };
  const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) };
  const status = await fetch(subscription.url, init).then(
    (answer) => answer.status,
    () => 0,
  );
  subscription.deliveries.push(status);
}
