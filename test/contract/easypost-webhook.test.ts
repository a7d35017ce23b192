// EasyPost's door over HTTP with a real database: what is forged is refused, what is genuine counts once, and nothing is done at the door.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signatureOf } from '../../sandbox/vendors/easypost/webhooks.ts';
import { connectDatabase, type Database } from '../../src/store/client.ts';
import { createInboundStore, type Inbound, type InboundStore } from '../../src/store/inbound.ts';
import { type Instance, joinInstances } from '../../src/store/instance.ts';
import { createEasyPostDoor, type WebhookEnd } from '../../src/webhooks/easypost.ts';
import { MOST_BYTES } from '../../src/webhooks/raw-body.ts';
import { freshDatabase } from '../support/database.ts';
import { movableClock } from '../support/engine.ts';
import { emptyTables } from '../support/office-empty.ts';

const SECRET = 'sësame-8f2c'; // NFKD takes the ë apart
const AT_ONCE = 40;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let instance: Instance;
let inbound: InboundStore;
let server: http.Server;
let url: string;
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
let ends: WebhookEnd[] = [];
let begun: Inbound[] = [];
let isBroken = false;

beforeAll(async () => {
  database = await freshDatabase();
  db = connectDatabase(database.url, () => undefined);
  instance = await joinInstances({
    url: database.url,
    onWake: () => undefined,
    onError: () => undefined,
    isBusy: () => false,
  });
  inbound = createInboundStore(db, instance);
  const door = createEasyPostDoor({
    secret: SECRET,
    inbound: {
      receive: (one, now) => (isBroken ? Promise.reject(new Error('no database')) : inbound.receive(one, now)),
    },
    clock: movableClock(),
    begin: (delivery) => void begun.push(delivery),
    onEnd: (end) => void ends.push(end),
    log: { warn: () => undefined, error: () => undefined },
  });
  server = http.createServer((request, response) => void door(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
  await instance.close();
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  ends = [];
  begun = [];
  isBroken = false;
  await emptyTables(db);
});

interface Delivery {
  readonly body: string | Buffer;
  /** One, several or none. */
  readonly signatures: readonly string[];
}

const rows = () =>
  db.query<{ source: string; key: string; kind: string; payload: object }>('SELECT * FROM inbound_delivery', []);

function anEvent(at: number, over: object = {}): string {
  const result = { id: `trk_${at}`, object: 'Tracker', tracking_code: `1Z${at}`, status: 'in_transit', weight: 17 };
  const event = {
    id: `evt_${at}`,
    object: 'Event',
    description: 'tracker.updated',
    mode: 'production',
    result,
    ...over,
  };
  return JSON.stringify(event).replace('"weight":17', '"weight":17.0');
}

const signed = (body: string, secret = SECRET): Delivery => ({ body, signatures: [signatureOf(body, secret)] });

/** The status; null: no answer. */
function send({ body, signatures }: Delivery): Promise<number | null> {
  return new Promise((done) => {
    const request = http.request(url, { method: 'POST', agent }, (response) => {
      response.resume().on('end', () => done(response.statusCode ?? null));
    });
    request.on('error', () => done(null));
    request.setHeader('content-type', 'application/json');
    if (signatures.length > 0) request.setHeader('x-hmac-signature', [...signatures]);
    request.end(body);
  });
}

async function sendAll(deliveries: readonly Delivery[]): Promise<Map<number | null, number>> {
  const told = new Map<number | null, number>();
  const left = deliveries.values();
  const sendNext = async (): Promise<void> => {
    for (const delivery of left) {
      const status = await send(delivery);
      told.set(status, (told.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
  return told;
}

/** Each a change that a forger or a broken middleman would make; none leaves what was signed as it was. */
const MUTATIONS: readonly ((body: string, signature: string, at: number) => Delivery)[] = [
  (body, signature, at) => ({ body, signatures: [flipHex(signature, at)] }),
  (body, signature, at) => ({ body: flipBit(body, at), signatures: [signature] }),
  (body, signature) => ({ body: body.replace('in_transit', 'delivered'), signatures: [signature] }),
  (body, signature) => ({ body, signatures: [signature.toUpperCase()] }),
  (body, signature) => ({ body, signatures: [signature.replace('hmac-sha256-hex=', '')] }),
  (body, signature) => ({ body, signatures: [signature.replace('sha256', 'sha1')] }),
  (body) => ({ body, signatures: [] }),
  (body) => ({ body, signatures: [''] }),
  (body, signature) => ({ body, signatures: [signature, signature] }),
  (body, signature) => ({ body, signatures: [signature, 'hmac-sha256-hex=00'] }),
  (body, signature, at) => ({ body, signatures: [signature.slice(0, -1 - (at % 30))] }),
  (body, signature) => ({ body: ` ${body}`, signatures: [signature] }),
  (body, signature) => ({ body: body.slice(0, -1), signatures: [signature] }),
  (body, signature) => ({ body: `${body}${body}`, signatures: [signature] }),
  (body) => signed(body, 'another-secret'),
  (body) => signed(body, ''),
  (_, signature) => ({ body: '', signatures: [signature] }),
  (body, signature, at) => ({ body: anEvent(at + 1_000_000), signatures: [signature.replace(body, '')] }),
];

function flipHex(signature: string, at: number): string {
  const place = 'hmac-sha256-hex='.length + (at % 64);
  const digit = Number.parseInt(signature[place] ?? '0', 16);
  return signature.slice(0, place) + (digit ^ (1 << (at % 4))).toString(16) + signature.slice(place + 1);
}

function flipBit(body: string, at: number): Buffer {
  const bytes = Buffer.from(body);
  const place = (at * 7) % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 8));
  return bytes;
}

describe('10,000 requests that are not EasyPost’s', () => {
  it('are refused, all of them, and leave nothing', { timeout: 60_000 }, async () => {
    const forged = Array.from({ length: 10_000 }, (_, at) => {
      const body = anEvent(at);
      const mutate = MUTATIONS[at % MUTATIONS.length] as (typeof MUTATIONS)[number];
      return mutate(body, signatureOf(body, SECRET), Math.floor(at / MUTATIONS.length));
    });

    expect(await sendAll(forged)).toEqual(new Map([[401, 10_000]]));
    expect([new Set(ends), begun, await rows()]).toEqual([new Set(['forged']), [], []]);
  });
});

describe('requests that are EasyPost’s', () => {
  it('are taken, all of them, each once: the delivery names the parcel and nothing else', async () => {
    const genuine = Array.from({ length: 300 }, (_, at) => signed(anEvent(at)));

    expect(await sendAll(genuine)).toEqual(new Map([[200, 300]]));
    expect([begun.length, new Set(ends)]).toEqual([300, new Set(['taken'])]);
    const kept = await rows();
    expect(kept).toHaveLength(300);
    expect(kept.find((one) => one.key === 'evt_7')).toMatchObject({
      source: 'easypost',
      kind: 'parcel_news',
      payload: { trackerId: 'trk_7', code: '1Z7' },
    });
  });

  it('have no second effect when they are sent again, at once or later', async () => {
    const event = signed(anEvent(1));

    expect(await sendAll(Array.from({ length: 200 }, () => event))).toEqual(new Map([[200, 200]]));
    expect(await sendAll(Array.from({ length: 50 }, () => event))).toEqual(new Map([[200, 50]]));
    expect([begun.length, (await rows()).length]).toEqual([1, 1]);
    expect(ends.filter((end) => end === 'repeated')).toHaveLength(249);
  });

  it('are taken with a weight that was written as a whole number, though signed as a float', async () => {
    const body = anEvent(1);
    const event = { body: body.replace('17.0', '17'), signatures: [signatureOf(body, SECRET)] };

    expect([await send(event), ends]).toEqual([200, ['taken']]);
  });

  it.each<[string, object, WebhookEnd]>([
    [
      'about something else',
      { description: 'batch.updated', result: { id: 'batch_1', object: 'Batch' } },
      'not_a_parcel',
    ],
    ['without a result', { result: null }, 'not_a_parcel'],
    [
      'about a tracker whose id is none',
      { result: { object: 'Tracker', id: '../x', tracking_code: 'x' } },
      'not_a_parcel',
    ],
    ['without an id', { id: undefined }, 'unreadable'],
    ['with an id of another kind', { id: { $ne: 1 } }, 'unreadable'],
  ])('are answered and left where they are %s', async (_, over, end) => {
    expect([await send(signed(anEvent(1, over))), ends, await rows()]).toEqual([200, [end], []]);
  });

  it('are sent again by EasyPost if they could not be kept', async () => {
    isBroken = true;
    expect([await send(signed(anEvent(1))), ends]).toEqual([503, ['failed']]);
    isBroken = false;
    expect([await send(signed(anEvent(1))), begun.length]).toEqual([200, 1]);
  });
});

describe('a body beyond the cap', () => {
  const large = 'x'.repeat(MOST_BYTES + 1);

  it('is not read, whether it says its size or not', async () => {
    expect([413, null]).toContain(await send(signed(large)));
    const status = await new Promise((done) => {
      const request = http.request(url, { method: 'POST' }, (response) => done(response.resume().statusCode));
      request.on('error', () => done(null));
      request.setHeader('transfer-encoding', 'chunked');
      for (let sent = 0; sent < 5; sent += 1) request.write(large.slice(0, MOST_BYTES / 4));
      request.end();
    });

    expect([413, null]).toContain(status);
    expect([new Set(ends), await rows()]).toEqual([new Set(['too_large']), []]);
  });

  it('up to the cap is read', async () => {
    const body = anEvent(1, { padding: 'x'.repeat(MOST_BYTES - 1_000) });

    expect([await send(signed(body)), ends]).toEqual([200, ['taken']]);
  });
});

it('whoever goes away in the middle leaves nothing', async () => {
  const request = http.request(url, { method: 'POST', headers: { 'content-length': '500' } });
  request.on('error', () => undefined);
  await new Promise<void>((done) => request.write('{"id":', () => done()));
  request.destroy();
  await new Promise<void>((done) => {
    const look = (): void => (ends.length > 0 ? done() : void setImmediate(look));
    look();
  });

  expect([ends, await rows()]).toEqual([['aborted'], []]);
});
