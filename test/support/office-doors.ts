// The doors of an office that no operator stands at: what BambooHR and Okta send there, genuine or not.
import { createHmac, randomUUID } from 'node:crypto';
import type { App } from '../../src/app/compose.ts';

export const WEBHOOK_KEY = 'webhook-key-of-the-tests-only';
export const HOOK_SECRET = 'hook-secret-of-the-tests-only-0001';
export const DOOR_SETTINGS = { BAMBOOHR_WEBHOOK_KEY: WEBHOOK_KEY, OKTA_EVENT_HOOK_SECRET: HOOK_SECRET } as const;

export interface Sent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As BambooHR signs it: body, then timestamp. Each is another delivery. */
export function fromBambooHr(
  employeeIds: readonly string[],
  given: { at?: number; key?: string; withFields?: boolean } = {},
): Sent {
  const timestamp = String(Math.floor((given.at ?? Date.now()) / 1000));
  const nonce = randomUUID();
  const body = given.withFields
    ? JSON.stringify({
        employees: employeeIds.map((id) => ({ id, action: 'Updated', changedFields: ['status'], fields: {} })),
        nonce,
      })
    : JSON.stringify({
        type: 'employee.updated',
        timestamp: nonce,
        data: { companyId: '1', employeeId: employeeIds[0], changedFields: [] },
      });
  const signature = createHmac('sha256', given.key ?? WEBHOOK_KEY)
    .update(body)
    .update(timestamp)
    .digest('hex');
  return { body, headers: { 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': signature } };
}

export function fromOkta(userIds: readonly string[], given: { secret?: string; eventType?: string } = {}): Sent {
  const events = userIds.map((id) => ({
    uuid: randomUUID(),
    published: new Date().toISOString(),
    eventType: given.eventType ?? 'user.lifecycle.deactivate',
    target: [{ id, type: 'User', alternateId: 'x@acme.test', displayName: 'X' }],
  }));
  const body = JSON.stringify({ eventType: 'com.okta.event_hook', data: { events } });
  return { body, headers: { authorization: given.secret ?? HOOK_SECRET } };
}

export async function post(app: App, door: 'bamboohr' | 'okta', { body, headers }: Sent): Promise<number> {
  const answer = await fetch(`${app.url}/webhooks/${door}`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}
