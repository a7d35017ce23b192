// EasyPost's events at the app's own address: taken in any order and number, kept once, and of a parcel that nobody follows nothing follows.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice({ retriever: true, easypost: true });
});

afterEach(() => office.clear());

afterAll(() => office.close());

interface Kept {
  readonly key: string;
  readonly outcome: string | null;
  readonly payload: object;
}

const easypost = () => office.easypost as NonNullable<Office['easypost']>;
const kept = (): Promise<readonly Kept[]> =>
  office.db.query<Kept>(`SELECT * FROM inbound_delivery WHERE source = 'easypost' ORDER BY received_at, key`, []);
const handled = (count: number): Promise<void> =>
  office.until(async () => (await kept()).filter((one) => one.outcome !== null).length === count);
const events = () => (easypost().state() as { events: { id: string; answers: number[] }[] }).events;
const webhookAt = (): string => String((easypost().state() as { webhookUrl: string }).webhookUrl);

async function track(code: string): Promise<void> {
  await fetch(`${easypost().url}/v2/trackers`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${easypost().apiKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tracker: { tracking_code: code } }),
  });
}

describe('an event', () => {
  it('of a parcel that nobody follows is answered, noted, and changes nothing', async () => {
    await track('1Z999AA1');
    await handled(1);

    expect(events().map((one) => one.answers)).toEqual([[200]]);
    expect(await kept()).toMatchObject([
      { key: events()[0]?.id, outcome: 'unknown_parcel', payload: { code: '1Z999AA1' } },
    ]);
    expect([await office.runs(), office.channel.messages()]).toEqual([[], []]);
  });

  it('that comes ten times, and behind a later one, is kept once and answered each time', async () => {
    easypost().command('hold_events', { on: true });
    await track('1Z999AA2');
    for (const status of ['in_transit', 'delivered'])
      await easypost().command('scan', { code: '1Z999AA2', status, at: '2026-02-27T10:00:00Z' });
    await easypost().command('release_events', { order: 'reverse' });
    await easypost().command('send_again', { times: 9 });
    await handled(3);

    expect(events().flatMap((one) => one.answers)).toEqual(Array(12).fill(200));
    expect(await kept()).toHaveLength(3);
    // What it says of the parcel is not kept: the parcel is read again.
    expect(JSON.stringify(await kept())).not.toMatch(/in_transit|delivered|SPRINGFIELD|WHITFIELD/);
  });

  it('is taken in no other way than it is sent, and counted', async () => {
    const statuses = await Promise.all(
      [{}, { method: 'PUT', body: '{}' }, { method: 'POST', body: '{}' }].map(
        async (request) => (await fetch(webhookAt(), request)).status,
      ),
    );
    const metrics = await (await fetch(webhookAt().replace('/webhooks/easypost', '/metrics'))).text();

    expect(statuses).toEqual([405, 405, 401]);
    expect(await kept()).toEqual([]);
    expect(metrics).toMatch(/sendoff_webhook_requests_total\{vendor="easypost",outcome="forged"\} [1-9]/);
  });
});

it('has no door where there is no secret; what was taken before, and not handled, is handled all the same', async () => {
  await office.db.query(
    `INSERT INTO inbound_delivery (source, key, kind, actor, payload, received_at)
       VALUES ('easypost', 'evt_left', 'parcel_news', 'easypost', '{"trackerId": "trk_left", "code": "1Z9"}', now())`,
    [],
  );
  const app = await office.start({ EASYPOST_WEBHOOK_SECRET: undefined });

  expect((await fetch(`${app.url}/webhooks/easypost`, { method: 'POST', body: '{}' })).status).toBe(404);
  await handled(1);
  expect(await kept()).toMatchObject([{ key: 'evt_left', outcome: 'unknown_parcel' }]);
});
