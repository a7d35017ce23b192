// Drives the EasyPost simulator by plain HTTP: trackers, test numbers, and its signed events.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EasyPostSimulator, startEasyPostSimulator } from '../../sandbox/vendors/easypost/server.ts';
import { startRetrieverSimulator } from '../../sandbox/vendors/retriever/server.ts';
import { connectRetriever } from '../../src/connectors/retriever/client.ts';
import { aReturnOrder } from '../support/return-order.ts';

interface Got {
  readonly signature: string;
  readonly body: string;
}

let simulator: EasyPostSimulator;
let door: http.Server;
let answerWith = 200;
const got: Got[] = [];

beforeAll(async () => {
  simulator = await startEasyPostSimulator();
  door = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    got.push({ signature: String(request.headers['x-hmac-signature']), body });
    response.writeHead(answerWith).end();
  });
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done));
});

afterAll(async () => {
  door.close();
  await simulator.close();
});

beforeEach(() => {
  simulator.command('reset');
  simulator.command('webhook', { url: null });
  simulator.command('follow_retriever', { url: null });
  simulator.journal.clear();
  got.length = 0;
  answerWith = 200;
});

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
type Answer = { readonly status: number; readonly body: any };

async function call(at: string, options: { body?: unknown; key?: string } = {}): Promise<Answer> {
  const { body, key = simulator.apiKey } = options;
  const response = await fetch(simulator.url + at, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const track = (code: string, more: object = {}): Promise<Answer> =>
  call('/v2/trackers', { body: { tracker: { tracking_code: code, ...more } } });
const toDoor = (): unknown =>
  simulator.command('webhook', { url: `http://127.0.0.1:${(door.address() as AddressInfo).port}/` });

describe('a tracker', () => {
  it('is the same one however often it is asked for, for three months', async () => {
    const first = await track('1Z999AA10123456784');
    const again = await track('1Z999AA10123456784', { carrier: 'UPS' });
    simulator.command('advance', { ms: 91 * 86_400_000 });
    const later = await track('1Z999AA10123456784');

    expect(first.body).toMatchObject({ object: 'Tracker', status: 'unknown', carrier: 'UPS', tracking_details: [] });
    expect(again.body.id).toBe(first.body.id);
    expect(later.body.id).not.toBe(first.body.id);
  });

  it.each([
    [1, 'pre_transit'],
    [2, 'in_transit'],
    [3, 'out_for_delivery'],
    [4, 'delivered'],
    [5, 'return_to_sender'],
    [6, 'failure'],
    [7, 'unknown'],
  ])('of test number EZ%i is %s', async (digit, status) => {
    expect((await track(`EZ${digit}00000000${digit}`)).body.status).toBe(status);
  });

  it.each([
    ['nothing', {}],
    ['no number', { tracker: {} }],
    ['a number with a blank', { tracker: { tracking_code: '1Z 999' } }],
    ['a parameter that is none', { tracker: { tracking_code: '1Z999AA1', serial: 'x' } }],
    ['a carrier that is none', { tracker: { tracking_code: '1Z999AA1', carrier: 7 } }],
  ])('is refused for %s', async (_, body) => {
    const { status, body: said } = await call('/v2/trackers', { body });

    expect([status, said.error.code]).toEqual([422, 'TRACKER.CREATE.ERROR']);
    expect(said.error.errors).toEqual([{ field: expect.any(String), message: expect.any(String) }]);
  });

  it('is found by its id and its number, page by page', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) ids.unshift((await track(`1Z999AA${at}`)).body.id);
    const first = await call('/v2/trackers?page_size=2');
    const second = await call(`/v2/trackers?page_size=2&before_id=${first.body.trackers[1].id}`);

    expect((await call(`/v2/trackers/${ids[0]}`)).body.tracking_code).toBe('1Z999AA2');
    expect((await call('/v2/trackers/trk_none')).status).toBe(404);
    expect([...first.body.trackers, ...second.body.trackers].map((one) => one.id)).toEqual(ids);
    expect([first.body.has_more, second.body.has_more]).toEqual([true, false]);
    expect((await call('/v2/trackers?tracking_code=1Z999AA1')).body.trackers).toHaveLength(1);
    expect((await call('/v2/trackers?page_size=101')).status).toBe(422);
  });

  it('is shown to the key only', async () => {
    expect((await call('/v2/trackers', { key: 'wrong' })).status).toBe(401);
    simulator.command('revoke_key');
    expect((await call('/v2/trackers')).status).toBe(401);
    expect(JSON.stringify(simulator.journal.calls)).not.toContain(simulator.apiKey);
  });
});

describe('an event', () => {
  it('comes before the answer that made its tracker, and with each scan', async () => {
    toDoor();
    const { body } = await track('1Z999AA1');
    expect(got.map((one) => JSON.parse(one.body).description)).toEqual(['tracker.created']);

    await simulator.command('scan', { code: '1Z999AA1', status: 'in_transit' });
    const event = JSON.parse(got[1]?.body ?? '');

    expect(event).toMatchObject({
      object: 'Event',
      description: 'tracker.updated',
      id: expect.stringMatching(/^evt_/),
    });
    expect(event.result).toMatchObject({ id: body.id, status: 'in_transit', object: 'Tracker' });
    expect(event.id).not.toBe(JSON.parse(got[0]?.body ?? '').id);
  });

  it('is signed with the decomposed form of the secret, over a body whose weight is a float', async () => {
    toDoor();
    await track('1Z999AA1');
    const { body, signature } = got[0] as Got;
    const sign = (text: string, secret: string): string =>
      `hmac-sha256-hex=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const secret = simulator.webhookSecret;

    expect(body).toContain('"weight":17.0,');
    expect(signature).toBe(sign(body, secret.normalize('NFKD')));
    expect(signature).not.toBe(sign(body, secret));

    simulator.command('write_integers', { on: true });
    await simulator.command('scan', { code: '1Z999AA1', status: 'in_transit' });
    const second = got[1] as Got;
    expect(second.body).toContain('"weight":17,');
    expect(second.signature).toBe(
      sign(second.body.replace('"weight":17,', '"weight":17.0,'), secret.normalize('NFKD')),
    );
  });

  it('can come twice, late, and in the wrong order', async () => {
    await track('1Z999AA1');
    toDoor();
    simulator.command('hold_events', { on: true });
    await simulator.command('scan', { code: '1Z999AA1', status: 'in_transit' });
    await simulator.command('scan', { code: '1Z999AA1', status: 'delivered' });
    expect(got).toEqual([]);

    await simulator.command('release_events', { order: 'reverse' });
    await simulator.command('send_again', { times: 2 });

    const statuses = got.map((one) => JSON.parse(one.body).result.status);
    expect(statuses).toEqual(['delivered', 'in_transit', 'delivered', 'delivered']);
    expect(got[2]).toEqual(got[0]);
  });

  it('keeps what it was answered', async () => {
    toDoor();
    answerWith = 503;
    await track('1Z999AA1');
    const { events } = simulator.state() as { events: { answers: number[] }[] };

    expect(events.map((one) => one.answers)).toEqual([[503]]);
  });
});

describe('parcels of Retriever', () => {
  it('move on both legs, each a tracker of its own', async () => {
    const retriever = await startRetrieverSimulator();
    try {
      simulator.command('follow_retriever', { url: retriever.controlUrl });
      const { url, apiKey } = retriever;
      const client = connectRetriever({ url, apiKey, deadlineMs: 5_000, pace: async () => undefined });
      const { id } = await client.createReturn(aReturnOrder());
      retriever.command('ship_box', { order: id });
      const shipment = (await client.getReturn(id))?.shipments[0];
      const statuses = async (): Promise<string[]> =>
        Promise.all(
          [shipment?.boxOut, shipment?.deviceBack].map(async (leg) => (await track(String(leg?.tracking))).body.status),
        );
      const seen = [await statuses()];
      for (const name of ['deliver_box', 'scan_return', 'lose']) {
        retriever.command(name, { order: id });
        seen.push(await statuses());
      }

      expect(seen).toEqual([
        ['in_transit', 'pre_transit'],
        ['delivered', 'pre_transit'],
        ['delivered', 'in_transit'],
        ['delivered', 'failure'],
      ]);
    } finally {
      await retriever.close();
    }
  });
});

it('runs as a program that ends with its parent', async () => {
  const main = path.resolve(import.meta.dirname, '../../sandbox/vendors/easypost/main.ts');
  const child = spawn(process.execPath, [main, '--follow-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, settings } = JSON.parse(String(line)) as { url: string; settings: Record<string, string> };
  const [ended] = [once(child, 'exit'), child.stdin.end()];

  expect(settings).toMatchObject({ EASYPOST_URL: url, EASYPOST_API_KEY: expect.stringMatching(/^EZTK/) });
  expect(Object.keys(settings)).toHaveLength(3);
  expect(await ended).toEqual([0, null]);
});
