// What the doors of BambooHR and Okta must hold to: so many requests with something changed, and repeats, none of which may count.
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bodyOf, signatureOf } from '../../sandbox/vendors/bamboohr/webhooks.ts';
import type { Inbound, NewInbound } from '../../src/store/inbound.ts';
import { createBambooHrDoor } from '../../src/webhooks/bamboohr.ts';
import { createOktaDoor } from '../../src/webhooks/okta.ts';
import { fromBambooHr, fromOkta, HOOK_SECRET, type Sent, WEBHOOK_KEY } from './office-doors.ts';

const AT_ONCE = 50;
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
const taken = new Map<string, NewInbound>();
let nowMs = Date.now();
let server: http.Server;
let port: number;

/** As the table does: a second one with the same source and key is not new. The store's own test is in flow/doors. */
const receive = async (one: NewInbound): Promise<Inbound | null> => {
  const key = `${one.source} ${one.key}`;
  if (taken.has(key)) return null;
  taken.set(key, one);
  return { id: key } as Inbound;
};

beforeAll(async () => {
  const common = {
    inbound: { receive },
    clock: { now: () => new Date(nowMs) },
    begin: () => undefined,
    onEnd: () => undefined,
    log: { warn: () => undefined, error: () => undefined },
  };
  const bamboohr = createBambooHrDoor({ ...common, key: WEBHOOK_KEY, nowMs: () => nowMs });
  const okta = createOktaDoor({ ...common, secret: HOOK_SECRET });
  server = http.createServer((request, response) => {
    void (request.url === '/bamboohr' ? bamboohr : okta)(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  taken.clear();
  nowMs = Date.now();
});

type Headers = Record<string, string | string[]>;

function send(
  path: string,
  body: string,
  headers: Headers,
  method = 'POST',
): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const request = http.request(
      { agent, port, path, method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
      },
    );
    request.on('error', fail).end(body);
  });
}

async function many<T>(count: number, one: (index: number) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let from = 0; from < count; from += AT_ONCE)
    found.push(
      ...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => one(from + at)))),
    );
  return found;
}

/** A number that is the same in every run: no failure that nobody can repeat. */
function chance(index: number, salt: string): number {
  return createHash('sha256').update(`${salt}${index}`).digest().readUInt32BE(0);
}

function flipped(text: string, index: number, salt: string): string {
  const at = chance(index, salt) % text.length;
  const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << (chance(index, `${salt}bit`) % 4)));
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
}

type Mutation = (sent: Sent, index: number) => { body: string; headers: Headers };
const header =
  (name: string, value: (was: string, index: number) => string | string[]): Mutation =>
  ({ body, headers }, index) => ({
    body,
    headers: { ...headers, [name]: value(headers[name] ?? '', index) },
  });
const without =
  (name: string): Mutation =>
  ({ body, headers }) => ({
    body,
    headers: Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name)),
  });

const SIGNATURE = 'x-bamboohr-signature';
const TIMESTAMP = 'x-bamboohr-timestamp';
const OF_BAMBOOHR: readonly Mutation[] = [
  header(
    SIGNATURE,
    (was, index) => flipped(was, index, 'signature').replace(/[^0-9a-f]/g, '0') + (index % 2 ? '' : ' ').trim(),
  ),
  header(SIGNATURE, (was) => was.toUpperCase()),
  header(SIGNATURE, (was) => was.slice(0, -1)),
  header(SIGNATURE, (was) => `sha256=${was}`),
  header(SIGNATURE, (was) => [was, was]),
  header(TIMESTAMP, (was) => [was, was]),
  header(TIMESTAMP, (was) => String(Number(was) + 1)),
  header(TIMESTAMP, (was) => `${was}.0`),
  header(TIMESTAMP, () => ''),
  without(SIGNATURE),
  without(TIMESTAMP),
  ({ body, headers }, index) => ({ body: flipped(body, index, 'body'), headers }),
  ({ body, headers }) => ({ body: `${body} `, headers }),
  ({ headers }) => ({ body: '', headers }),
  // The order of body and timestamp is the published one.
  ({ body, headers }) => ({
    body,
    headers: { ...headers, [SIGNATURE]: signatureOf(WEBHOOK_KEY, headers[TIMESTAMP] ?? '', body) },
  }),
  ({ body, headers }) => ({
    body,
    headers: { ...headers, [SIGNATURE]: signatureOf('another-key-of-nobody', body, headers[TIMESTAMP] ?? '') },
  }),
  // Genuine, but not of now.
  (_, index) => fromBambooHr(['40'], { at: nowMs - 301_000 - (index % 7) * 86_400_000 }),
  (_, index) => fromBambooHr(['40'], { at: nowMs + 302_000 + (index % 7) * 86_400_000 }),
];
const OF_OKTA: readonly Mutation[] = [
  header('authorization', (was, index) => flipped(was, index, 'secret').replace(/[^\x21-\x7e]/g, '~')),
  header('authorization', (was) => was.slice(0, -1)),
  header('authorization', (was) => `${was}x`),
  header('authorization', (was) => `Bearer ${was}`),
  header('authorization', (was) => was.toUpperCase()),
  header('authorization', () => ''),
  without('authorization'),
  ({ body, headers }) => ({ body, headers: { 'x-authorization': headers.authorization ?? '' } }),
];

export function doorsHold({ mutated: MUTATED, repeated: REPEATED }: { mutated: number; repeated: number }): void {
  describe.each([
    { door: '/bamboohr', genuine: () => fromBambooHr(['40']), mutations: OF_BAMBOOHR, repeat: 409 },
    { door: '/okta', genuine: () => fromOkta(['00uSomebody']), mutations: OF_OKTA, repeat: 200 },
  ])('$door', ({ door, genuine, mutations, repeat }) => {
    it(`takes none of ${MUTATED} requests with something changed`, async () => {
      const answers = await many(MUTATED, (index) => {
        const sent = genuine();
        const changed = mutations[index % mutations.length]?.(sent, index) ?? sent;
        const isSame = changed.body === sent.body && JSON.stringify(changed.headers) === JSON.stringify(sent.headers);
        return isSame ? Promise.resolve({ status: 401, text: '' }) : send(door, changed.body, changed.headers);
      });

      expect(taken.size).toBe(0);
      expect([...new Set(answers.map(({ status }) => status))]).toEqual([401]);
    }, 60_000);

    it(`takes each of ${REPEATED} genuine ones once, and none of their repeats`, async () => {
      const all = Array.from({ length: REPEATED }, genuine);

      const first = await many(REPEATED, (index) => send(door, all[index]?.body ?? '', { ...all[index]?.headers }));
      const again = await many(REPEATED, (index) => send(door, all[index]?.body ?? '', { ...all[index]?.headers }));

      expect([...new Set(first.map(({ status }) => status))]).toEqual([200]);
      expect([...new Set(again.map(({ status }) => status))]).toEqual([repeat]);
      expect(taken.size).toBe(REPEATED);
    }, 30_000);

    it('reads no more than its cap, whatever is announced', async () => {
      const answer = await send(door, 'x'.repeat(1024 * 1024 + 1), { ...genuine().headers }).catch(() => ({
        status: 413,
        text: '',
      }));

      expect(answer.status).toBe(413);
      expect(taken.size).toBe(0);
    });
  });

  describe('/bamboohr', () => {
    it('takes both published shapes, and seconds as well as ISO 8601', async () => {
      const change = { employeeId: '57', action: 'Updated', at: new Date(), fields: ['status'] } as const;
      for (const shape of ['event', 'with_fields'] as const) {
        const body = bodyOf(change, shape);
        const timestamp = shape === 'event' ? String(Math.floor(nowMs / 1000)) : new Date(nowMs).toISOString();
        const headers = { [TIMESTAMP]: timestamp, [SIGNATURE]: signatureOf(WEBHOOK_KEY, body, timestamp) };
        expect((await send('/bamboohr', body, headers)).status).toBe(200);
      }

      expect([...taken.values()].map(({ payload }) => payload)).toEqual([{ employees: ['57'] }, { employees: ['57'] }]);
    });

    it('refuses a genuine body that names no record', async () => {
      for (const body of ['{}', 'null', '[]', '{"type":"employee.updated","data":{"employeeId":"../1"}}', 'not json']) {
        const timestamp = String(Math.floor(nowMs / 1000));
        const headers = { [TIMESTAMP]: timestamp, [SIGNATURE]: signatureOf(WEBHOOK_KEY, body, timestamp) };
        expect((await send('/bamboohr', body, headers)).status).toBe(400);
      }
      expect(taken.size).toBe(0);
    });

    it('still takes what is signed within five minutes of its own clock, and nothing beyond', async () => {
      const at = (offsetMs: number) => fromBambooHr(['40'], { at: nowMs + offsetMs });
      const statuses = [];
      for (const offset of [-295_000, 295_000, -3_600_000, 3_600_000]) {
        const { body, headers } = at(offset);
        statuses.push((await send('/bamboohr', body, { ...headers })).status);
      }
      expect(statuses).toEqual([200, 200, 401, 401]);
    });
  });

  describe('/okta', () => {
    it('answers the one-time challenge with its own words, and nothing else', async () => {
      const challenge = { 'x-okta-verification-challenge': 'Qt3aZ-_9' };

      const answer = await send('/okta', '', { ...challenge, authorization: HOOK_SECRET }, 'GET');
      const stranger = await send('/okta', '', challenge, 'GET');
      const none = await send('/okta', '', {}, 'GET');
      const odd = await send('/okta', '', { 'x-okta-verification-challenge': `${'x'.repeat(501)}` }, 'GET');

      expect(answer).toEqual({ status: 200, text: '{"verification":"Qt3aZ-_9"}' });
      expect(stranger.status).toBe(200);
      expect([none.status, odd.status]).toEqual([400, 400]);
      expect([...taken.values()].map(({ kind }) => kind)).toEqual(['okta_verified']);
    });

    it('takes each event of a delivery once, and leaves out what is about something else', async () => {
      const one = fromOkta(['00uA', '00uB']);
      const other = fromOkta(['00uC'], { eventType: 'user.lifecycle.activate' });

      expect((await send('/okta', one.body, { ...one.headers })).status).toBe(200);
      expect((await send('/okta', other.body, { ...other.headers })).status).toBe(200);

      expect([...taken.values()].map(({ payload }) => payload.userId)).toEqual(['00uA', '00uB']);
    });
  });
}
