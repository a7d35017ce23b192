// A private answer goes to Slack and nowhere else, whatever a payload claims.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSlack } from '../../../src/connectors/slack/client.ts';

const MESSAGE = { text: 'x', blocks: [] };
let reached: string[];
let server: http.Server;
let port: number;

beforeAll(async () => {
  reached = [];
  server = http.createServer((request, response) => {
    reached.push(request.url ?? '');
    if (request.url === '/redirects') response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    else response.end('ok');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => new Promise((done) => server.close(done)));

function slackAt(apiUrl: string) {
  return connectSlack({ botToken: 'xoxb-test', apiUrl, deadlineMs: 2_000 });
}

describe('respond', () => {
  it.each([
    'http://hooks.slack.com/commands/x',
    'https://hooks.slack.com.acme.test/x',
    'https://hooks.slack.com@acme.test/x',
    'https://acme.test/hooks.slack.com',
    'https://acme.test/?u=https://hooks.slack.com/',
    'https://acme.test#https://hooks.slack.com/',
    'https://hooks-slack.com/x',
    'https://evil.hooks.slack.com.test/',
    'https://xhooks.slack.com/',
    'https://hooks.slаck.com/', // a Cyrillic а
    'ftp://hooks.slack.com/x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    'http://127.0.0.1:1/x',
    'http://[::1]:1/x',
    'http://localhost:1/x',
    'http://169.254.169.254/latest/meta-data/',
    '//hooks.slack.com/x',
    'hooks.slack.com/x',
    '',
    ' ',
    'null',
    '\u0000https://hooks.slack.com.test/',
  ])('refuses %j without a request', async (url) => {
    const before = reached.length;

    await expect(slackAt('https://slack.com/api/').respond(url, MESSAGE)).rejects.toMatchObject({
      kind: 'rejected',
      operation: 'response_url',
    });

    expect(reached.length).toBe(before);
  });

  it('accepts the host of SLACK_API_URL itself, another port of it not', async () => {
    const slack = slackAt(`http://127.0.0.1:${port}/api/`);

    await slack.respond(`http://127.0.0.1:${port}/response/1`, MESSAGE);

    expect(reached.at(-1)).toBe('/response/1');
    await expect(slack.respond(`http://127.0.0.1:${port + 1}/response/1`, MESSAGE)).rejects.toMatchObject({
      kind: 'rejected',
    });
  });

  it('follows no redirect', async () => {
    await expect(
      slackAt(`http://127.0.0.1:${port}/api/`).respond(`http://127.0.0.1:${port}/redirects`, MESSAGE),
    ).rejects.toThrow();

    expect(reached.at(-1)).toBe('/redirects');
  });
});
