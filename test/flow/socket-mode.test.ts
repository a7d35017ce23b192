// Socket Mode: the whole of it with no address of ours, over connections that break at the worst moments.
import { afterEach, describe, expect, it } from 'vitest';
import { anOffice, type Office, type OfficeOptions } from '../support/office.ts';

let office: Office | null = null;

afterEach(async () => {
  await office?.close();
  office = null;
});

async function anOfficeWithSocket(options: OfficeOptions = {}): Promise<Office> {
  office = await anOffice({ socketMode: true, ...options });
  return office;
}

const connections = (at: Office): number => at.slack.workspace.socket.connections.length;
const redelivered = (at: Office): number => at.slack.workspace.socket.sent.filter((one) => one.retry === 1).length;

describe('an offboarding over the socket', () => {
  it('goes from the command to the closed run, and nothing is ever sent to an address', async () => {
    const at = await anOfficeWithSocket({ settings: { SLACK_SIGNING_SECRET: undefined } });
    at.slack.connect('http://127.0.0.1:9/nowhere');

    await at.plan(at.lin, 'dana@acme.test');
    await at.lin.submits({ reason: 'Last day' });
    await at.closed();

    expect(at.accounts.of('dana').status).toBe('DEPROVISIONED');
    expect(at.slack.workspace.socket.sent.map((one) => one.type)).toEqual(['slash_commands', 'interactive']);
    expect(at.slack.workspace.failures).toEqual([]);
  });

  it('shows what an ack carries: the answer to a refused command', async () => {
    const at = await anOfficeWithSocket();

    await at.person('U0GRACE').types('/offboard dana@acme.test');

    expect(at.person('U0GRACE').told()[0]).toContain('You are not on the operator list');
    expect(await at.runs()).toEqual([]);
  });

  it.each([
    ['breaks without a word', { drop: true }],
    ['is ended by Slack', { disconnect: 'refresh_requested' }],
  ])('goes on over a new connection when the first %s in the middle', async (_, breaking) => {
    const at = await anOfficeWithSocket();
    await at.plan(at.lin, 'dana@acme.test');

    await at.slack.command('socket', breaking);
    await at.until(() => at.log.some((line) => String(line.msg).startsWith('the socket to Slack has ended')));
    await at.until(() => connections(at) === 1);
    await at.lin.submits();
    await at.closed();

    expect(at.slack.workspace.failures).toEqual([]);
    expect((await at.runs()).length).toBe(1);
  });
});

describe('an envelope that Slack sends again', () => {
  it.each([
    ['its ack was lost', { breakBeforeAck: 1 }],
    ['the connection broke behind it', { breakBehindEnvelope: 1 }],
  ])('because %s opens no second window', async (_, breaking) => {
    const at = await anOfficeWithSocket();

    await at.slack.command('socket', breaking);
    await at.plan(at.lin, 'dana@acme.test');

    expect(redelivered(at)).toBe(1);
    expect(at.slack.journal.calls.filter((call) => call.operation === 'slack.views.open')).toHaveLength(1);
    expect(at.slack.workspace.failures).toEqual([]);
  });

  it.each([
    ['its ack was lost', { breakBeforeAck: 1 }],
    ['the connection broke behind it', { breakBehindEnvelope: 1 }],
  ])('because %s opens one run and no second', async (_, breaking) => {
    const at = await anOfficeWithSocket();
    await at.plan(at.lin, 'dana@acme.test');

    await at.slack.command('socket', breaking);
    await at.lin.submits();
    await at.closed();

    expect(redelivered(at)).toBe(1);
    expect((await at.runs()).map((run) => run.code)).toHaveLength(1);
    expect(at.accounts.writes().filter((write) => write === 'suspendUser')).toHaveLength(1);
    expect(at.slack.workspace.failures).toEqual([]);
  });
});

describe('two processes', () => {
  it('each hold a socket, and one that stops leaves the other to answer', async () => {
    const at = await anOfficeWithSocket({ started: false });
    const first = await at.start();
    await at.start();
    expect(connections(at)).toBe(2);

    await first.stop();
    await at.until(() => connections(at) === 1);
    await at.offboard(at.lin, 'dana@acme.test');
    await at.closed();

    expect(at.slack.workspace.failures).toEqual([]);
  });
});

describe('the HTTP server in Socket Mode', () => {
  it('serves health and metrics, says when the socket is down, and takes nothing for Slack’s', async () => {
    const at = await anOfficeWithSocket({ started: false });
    const app = await at.start();
    const read = async (path: string): Promise<[number, string]> => {
      const answer = await fetch(`${app.url}${path}`);
      return [answer.status, await answer.text()];
    };
    const whole = [await read('/healthz'), await read('/readyz')];
    at.slack.faults.add({ kind: 'status', operation: 'slack.apps.connections.open', times: 1 });
    await at.slack.command('socket', { drop: true });
    await at.until(async () => (await read('/readyz'))[0] === 503);
    const [, down] = await read('/metrics');
    await at.until(async () => (await read('/readyz'))[0] === 200);

    expect(whole).toEqual([
      [200, 'ok'],
      [200, 'ready'],
    ]);
    expect(down).toContain('sendoff_slack_socket_up 0');
    expect((await read('/metrics'))[1]).toContain('sendoff_slack_socket_up 1');
    expect((await fetch(app.eventsUrl, { method: 'POST', body: 'x' })).status).toBe(404);
    expect(at.log.some((line) => String(line.msg).includes('could not be opened; it is tried again'))).toBe(true);
  });
});

describe('the start', () => {
  it('is stopped with a sentence by an app-level token that Slack does not know', async () => {
    const at = await anOffice({ started: false, settings: { SLACK_APP_TOKEN: 'xapp-1-of-another-app' } });
    office = at;

    await expect(at.start()).rejects.toThrow(
      /SLACK_APP_TOKEN was not accepted \(invalid_auth\)\. Nothing was started\. Turn Socket Mode on/,
    );
  });

  it('is stopped with a sentence where no socket can be had', async () => {
    const at = await anOfficeWithSocket({ started: false });
    at.slack.faults.add({ kind: 'status', operation: 'slack.apps.connections.open', times: 9 });

    await expect(at.start()).rejects.toThrow(/Slack’s socket could not be opened\. Nothing was started\./);
  });
});
