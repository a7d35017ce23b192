// The HTTP helper against a raw server: what it sends, and what it calls each way a call can fail.
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConnectorError } from '../../../src/connectors/connector-error.ts';
import { basic, bearer, connectHttp, type HttpCall, type HttpSettings } from '../../../src/connectors/http.ts';

const READ: HttpCall = { operation: 'getThing', subject: '7', kind: 'read', method: 'GET', path: '/things/7' };
const WRITE: HttpCall = { ...READ, operation: 'lockThing', kind: 'write', method: 'POST', body: { pin: 1 } };
const Thing = z.object({ id: z.number() });

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: http.ServerResponse) => void;
let answer: Answer;
let seen: Seen[];
let server: http.Server;
let url: string;

beforeEach(async () => {
  seen = [];
  server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url: at, headers } = request;
    seen.push({ method, url: at, headers, body: Buffer.concat(chunks).toString() });
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function connect(extra: Partial<HttpSettings> = {}) {
  return connectHttp({ vendor: 'acme', url, authorization: () => bearer('secret'), deadlineMs: 5_000, ...extra });
}

async function failure(call: Promise<unknown>): Promise<ConnectorError> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof ConnectorError)) throw new Error(`no ConnectorError but ${String(outcome)}`);
  return outcome;
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('send', () => {
  it('sends one request with credential, query and JSON, and answers what the schema makes of it', async () => {
    answer = json(200, { id: 7, more: true });

    const thing = await connect({ url: `${url}/` }).send({ ...WRITE, query: { q: 'a b&c' } }, Thing);

    expect(thing).toEqual({ id: 7 });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/things/7?q=a+b%26c', body: '{"pin":1}' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer secret',
      accept: 'application/json',
      'content-type': 'application/json',
    });
  });

  it('sends form fields and no credential where the call is for one, and a name of the query again for each value', async () => {
    answer = (response) => response.writeHead(200).end('{"id":7}');
    const form = { grant_type: 'client_credentials', secret: 'a&b=c' };
    const { body: _, ...write } = WRITE;
    const http = connect({ authorization: () => null });

    await http.send({ ...write, form, query: { section: ['A', 'B C'], page: '0' } }, Thing);

    expect(seen).toMatchObject([
      {
        url: '/things/7?section=A&section=B+C&page=0',
        body: 'grant_type=client_credentials&secret=a%26b%3Dc',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('reads an empty body as undefined', async () => {
    answer = (response) => response.writeHead(204).end();

    expect(await connect().send(WRITE, z.undefined())).toBeUndefined();
  });

  it('asks for the credential before each call', async () => {
    answer = json(200, { id: 7 });
    let asked = 0;
    const authorization = (): string => {
      asked += 1;
      return basic('key', String(asked));
    };
    const client = connect({ authorization });

    await client.send(READ, Thing);
    await client.send(READ, Thing);

    expect(seen.map((one) => atob(one.headers.authorization?.split(' ')[1] ?? ''))).toEqual(['key:1', 'key:2']);
  });
});

describe('a failed call', () => {
  it.each([
    [400, 'rejected', 'rejected'],
    [401, 'unauthorized', 'unauthorized'],
    [403, 'unauthorized', 'unauthorized'],
    [404, 'not_found', 'not_found'],
    [408, 'transient', 'ambiguous'],
    [409, 'rejected', 'rejected'],
    [429, 'rate_limited', 'rate_limited'],
    [500, 'transient', 'ambiguous'],
    [503, 'transient', 'ambiguous'],
  ] as const)('with %i is %s for a read and %s for a write, asked once', async (status, ofRead, ofWrite) => {
    answer = json(status, {});

    const errors = [await failure(connect().send(READ, Thing)), await failure(connect().send(WRITE, Thing))];

    expect(errors.map((one) => one.kind)).toEqual([ofRead, ofWrite]);
    expect(errors.map((one) => one.status)).toEqual([status, status]);
    expect(seen).toHaveLength(2);
  });

  const half: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"id":', () => response.destroy());
  };
  const stalled: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
  };
  it.each<readonly [string, Answer, string]>([
    ['a reset', (response) => response.socket?.resetAndDestroy(), 'connection failed'],
    ['half a body', half, 'connection failed'],
    ['no answer', () => undefined, 'timed out'],
    ['a body that never ends', stalled, 'timed out'],
    ['a body that is no JSON', (response) => response.writeHead(200).end('<html>'), 'answer is no JSON'],
    ['JSON of another shape', json(200, { id: 'seven' }), 'unexpected answer: id'],
    ['no body where one is due', (response) => response.writeHead(200).end(), 'unexpected answer'],
  ])('with %s leaves a write in doubt and a read to be repeated, asked once', async (_, how, reason) => {
    answer = how;

    const client = connect(reason === 'timed out' ? { deadlineMs: 200 } : {});

    const errors = [await failure(client.send(READ, Thing)), await failure(client.send(WRITE, Thing))];

    expect(errors.map((one) => one.kind)).toEqual(['transient', 'ambiguous']);
    for (const one of errors) expect(one.reason).toContain(reason);
    expect(seen).toHaveLength(2);
  });

  it('is transient for a write too when there was no connection', async () => {
    const free = net.createServer().listen(0, '127.0.0.1');
    await new Promise((done) => free.once('listening', done));
    const { port } = free.address() as AddressInfo;
    await new Promise((done) => free.close(done));

    const error = await failure(connect({ url: `http://127.0.0.1:${port}` }).send(WRITE, Thing));

    expect(error).toMatchObject({ kind: 'transient', status: null, reason: 'connection failed (ECONNREFUSED)' });
  });

  it('spends its one deadline on answer and body together', async () => {
    answer = (response) => {
      setTimeout(() => response.writeHead(200).write('{'), 250);
      setTimeout(() => response.end('"id":7}'), 2_000);
    };
    const startedAt = performance.now();

    const error = await failure(connect({ deadlineMs: 400 }).send(READ, Thing));

    expect(error.reason).toBe('timed out');
    expect(performance.now() - startedAt).toBeLessThan(1_800);
  });

  it('does not follow a redirect with the credential', async () => {
    answer = (response) => response.writeHead(302, { location: `${url}/elsewhere` }).end();

    const error = await failure(connect().send(WRITE, Thing));

    expect(error).toMatchObject({ kind: 'rejected', status: 302 });
    expect(seen.map((one) => one.url)).toEqual(['/things/7']);
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['a date', { 'retry-after': 'Mon, 02 Mar 2026 09:00:30 GMT', date: 'Mon, 02 Mar 2026 09:00:00 GMT' }, 30_000],
    ['nothing', {}, 1_000],
    ['nonsense', { 'retry-after': 'soon' }, 1_000],
  ] as const)('says how long to wait when the vendor gives %s', async (_, headers, retryAfterMs) => {
    answer = json(429, {}, headers);

    expect(await failure(connect().send(READ, Thing))).toMatchObject({ kind: 'rate_limited', retryAfterMs });
  });

  it('calls a refusal a rate limit when the vendor’s rule says so', async () => {
    answer = json(503, {}, { 'retry-after': '5' });

    const error = await failure(connect({ isRateLimit: ({ status }) => status === 503 }).send(WRITE, Thing));

    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 5_000 });
  });

  it('gives the vendor’s words on one line, without an address and without the credential', async () => {
    answer = json(400, { why: `no\nsuch "dana@acme.test" ${'x'.repeat(500)}` });
    const explain: HttpSettings['explain'] = ({ body }) => ({ reason: (body as { why: string }).why, code: 'E1' });

    const error = await failure(connect({ explain }).send(READ, Thing));

    expect(error.vendorCode).toBe('E1');
    expect(error.message).toMatch(/^acme getThing 7: 400 no such "…@…" x+$/);
    expect(error.reason.length).toBeLessThanOrEqual(200);
    expect(error.message).not.toContain('secret');
  });
});
