// One request per attempt, whatever goes wrong, and what it is called: only the runner may decide to ask again.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../sandbox/people.ts';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type OktaSimulator, startOktaSimulator } from '../../sandbox/vendors/okta/server.ts';
import { type SlackSimulator, startSlackSimulator } from '../../sandbox/vendors/slack/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { connectOkta, type Okta } from '../../src/connectors/okta/client.ts';
import { connectSlack, type Slack } from '../../src/connectors/slack/client.ts';

/** Short, so that a call that gets no answer ends soon. */
const DEADLINE_MS = 300;
const DANA = person('dana').okta.id;
const MESSAGE = { text: 'hello', blocks: [] };

let oktaSimulator: OktaSimulator;
let slackSimulator: SlackSimulator;
let slack: Slack;

beforeAll(async () => {
  [oktaSimulator, slackSimulator] = await Promise.all([startOktaSimulator(), startSlackSimulator()]);
  slack = connectSlack({
    botToken: slackSimulator.workspace.token,
    apiUrl: `${slackSimulator.url}/api/`,
    deadlineMs: DEADLINE_MS,
  });
});

afterEach(async () => {
  for (const simulator of [oktaSimulator, slackSimulator]) {
    simulator.faults.clear();
    simulator.journal.clear();
  }
  oktaSimulator.command('restore_credentials');
  oktaSimulator.command('reset');
  oktaSimulator.command('set_scopes', { scopes: oktaSimulator.scopes });
  await slackSimulator.command('scopes', {});
});

afterAll(async () => {
  await Promise.all([oktaSimulator.close(), slackSimulator.close()]);
});

function connect(auth: 'app' | 'token'): Okta {
  const { clientId, privateKey, apiToken, url } = oktaSimulator;
  const credentials = auth === 'app' ? { clientId, privateKey } : { apiToken };
  return connectOkta({ orgUrl: url, credentials, deadlineMs: DEADLINE_MS, pace: async () => undefined });
}

/** How the call ended, in a word. */
async function kindOf(call: Promise<unknown>): Promise<ConnectorErrorKind | 'answered'> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof ConnectorError) return error.kind;
    throw error;
  }
}

const asked = (simulator: OktaSimulator | SlackSimulator, operation: string): number =>
  simulator.journal.calls.filter((call) => call.operation === operation).length;

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['half an answer', { kind: 'truncate' }, 'transient', 'ambiguous'],
  ['no answer at all', { kind: 'hold_before' }, 'transient', 'ambiguous'],
];

describe.each(['app', 'token'] as const)('Okta, called as the owner of an %s', (auth) => {
  const calls = {
    read: { operation: 'okta.listUserGroups', send: (okta: Okta) => okta.listGroupNames(DANA) },
    write: { operation: 'okta.suspendUser', send: (okta: Okta) => okta.suspendUser(DANA) },
  };

  it.each(TROUBLES)('is asked once and no more on %s', async (_, trouble, ofRead, ofWrite) => {
    const okta = connect(auth);
    for (const { operation } of Object.values(calls)) oktaSimulator.faults.add({ ...trouble, operation, times: 9 });

    const kinds = [await kindOf(calls.read.send(okta)), await kindOf(calls.write.send(okta))];

    expect(kinds).toEqual([ofRead, ofWrite]);
    expect([asked(oktaSimulator, calls.read.operation), asked(oktaSimulator, calls.write.operation)]).toEqual([1, 1]);
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'not_found'],
    [400, 'rejected'],
  ] as const)('is asked once and no more on %i', async (status, kind) => {
    const okta = connect(auth);
    for (const { operation } of Object.values(calls))
      oktaSimulator.faults.add({ kind: 'status', status, operation, times: 9 });

    const kinds = [await kindOf(calls.read.send(okta)), await kindOf(calls.write.send(okta))];

    expect(kinds).toEqual([kind, kind]);
    expect([asked(oktaSimulator, calls.read.operation), asked(oktaSimulator, calls.write.operation)]).toEqual([1, 1]);
  });

  it('passes on how long a 429 asks us to wait', async () => {
    oktaSimulator.faults.add({ kind: 'rate_limit', retryAfterSeconds: 7, operation: 'okta.suspendUser' });

    await expect(calls.write.send(connect(auth))).rejects.toMatchObject({ retryAfterMs: 7_000 });
  });
});

describe('Okta’s token address', () => {
  it.each([
    ['503', { kind: 'status', status: 503 }, 'transient'],
    ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited'],
    ['a reset', { kind: 'reset' }, 'transient'],
    ['half an answer', { kind: 'truncate' }, 'transient'],
    ['no answer at all', { kind: 'hold_before' }, 'transient'],
  ] as const satisfies readonly (readonly [string, Trouble, ConnectorErrorKind])[])(
    'that fails with %s is an outage, not revoked credentials, and leaves no write in doubt',
    async (_, trouble, kind) => {
      const okta = connect('app');
      oktaSimulator.faults.add({ ...trouble, operation: 'okta.token', times: 9 });

      expect(await kindOf(okta.listGroupNames(DANA))).toBe(kind);
      expect(await kindOf(okta.suspendUser(DANA))).toBe(kind);
      expect(asked(oktaSimulator, 'okta.suspendUser')).toBe(0);
    },
  );

  it('that refuses us means that our credentials are refused', async () => {
    const okta = connect('app');
    oktaSimulator.command('revoke_credentials');

    expect(await kindOf(okta.suspendUser(DANA))).toBe('unauthorized');
  });

  it('is asked again after a token has died, by the next attempt and not within one', async () => {
    const okta = connect('app');
    await okta.listGroupNames(DANA);
    oktaSimulator.command('expire_access_tokens');

    const first = await kindOf(okta.suspendUser(DANA));
    const sent = asked(oktaSimulator, 'okta.suspendUser');
    const second = await kindOf(okta.suspendUser(DANA));

    expect([first, sent, second]).toEqual(['unauthorized', 1, 'answered']);
  });
});

describe('Slack', () => {
  const read = { operation: 'slack.conversations.info', send: () => slack.getChannel('C0ITOPS') };
  const write = {
    operation: 'slack.chat.postMessage',
    send: () => slack.post({ channel: 'C0ITOPS', marker: 'm' }, MESSAGE),
  };

  it.each(TROUBLES)('is asked once and no more on %s', async (_, trouble, ofRead, ofWrite) => {
    for (const { operation } of [read, write]) slackSimulator.faults.add({ ...trouble, operation, times: 9 });

    const kinds = [await kindOf(read.send()), await kindOf(write.send())];

    expect(kinds).toEqual([ofRead, ofWrite]);
    expect([asked(slackSimulator, read.operation), asked(slackSimulator, write.operation)]).toEqual([1, 1]);
  });

  it('that misses a scope does not accept our credentials', async () => {
    await slackSimulator.command('scopes', { without: ['chat:write', 'groups:read'] });

    expect([await kindOf(read.send()), await kindOf(write.send())]).toEqual(['unauthorized', 'unauthorized']);
  });

  it('that says no is not asked again', async () => {
    expect(await kindOf(slack.post({ channel: 'C0NOWHERE', marker: 'm' }, MESSAGE))).toBe('rejected');
    expect(asked(slackSimulator, write.operation)).toBe(1);
  });
});
