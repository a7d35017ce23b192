import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../sandbox/page/guard.ts';

const PORT = 4300;
const TOKEN = 'the-token-of-the-page';

describe('who may talk to the sandbox', () => {
  it('is its own page', () => {
    expect(refused('GET', {})).toBeNull();
    expect(refused('GET', { host: `localhost:${PORT}` })).toBeNull();
    expect(refused('POST', { origin: `http://127.0.0.1:${PORT}`, 'x-sandbox-token': TOKEN })).toBeNull();
  });

  it('is no name that somebody has pointed at loopback', () => {
    for (const host of ['evil.test', `evil.test:${PORT}`, '127.0.0.1', '127.0.0.1:80', ''])
      expect(refused('GET', { host }), host).toMatch(/loopback/);
  });

  it('is no other page, even with the token', () => {
    for (const origin of ['http://evil.test', `https://127.0.0.1:${PORT}`, 'http://127.0.0.1:4301', 'null'])
      expect(refused('POST', { origin, 'x-sandbox-token': TOKEN }), origin).toMatch(/another page/);
  });

  it('is nobody without the token who wants to change something', () => {
    for (const token of [undefined, '', 'the-token-of-the-pagf', `${TOKEN}x`])
      expect(refused('POST', token === undefined ? {} : { 'x-sandbox-token': token }), token).toMatch(/token/);
  });
});

function refused(method: string, headers: Record<string, string>): string | null {
  const request = { method, headers: { host: `127.0.0.1:${PORT}`, ...headers } };
  return refusalOf(request as unknown as IncomingMessage, PORT, TOKEN);
}
