// Everything an operator or an attacker may send that is not right: each ends in a sentence, and nothing is started by it.

import { createHmac } from 'node:crypto';
import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../sandbox/people.ts';
import { anOffice, type Office } from '../support/office.ts';
import { buttonValue } from '../support/office-people.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

describe('an address', () => {
  it.each([
    [
      'nobody has',
      'nobody@acme.test',
      /No one in Okta has the address `nobody@acme.test`\.\n\*Nothing was changed\.\*\nOnly the exact address counts/,
    ],
    [
      'two people have',
      'pat@acme.test',
      /2 people in Okta have the address `pat@acme.test`.*\n\*Nothing was changed\.\*\n.*`pat\.kim@acme\.test`.*\n.*`pat\.quill@acme\.test`[\s\S]*Try again with the login/,
    ],
    ['only begins like somebody’s', 'dana@acme.tes', /No one in Okta has/],
    ['is somebody’s with a tag nobody has', 'dana+1@acme.test', /No one in Okta has/],
    ['would match everybody in a search', `dana'@acme.test`, /No one in Okta has/],
  ])('that %s is told in the window', async (_, address, sentence) => {
    await office.lin.types(`/offboard ${address}`);
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toMatch(sentence);
  });

  it.each([
    ['dana+test@acme.test', 'Dana Whitfield', '`dana+test@acme.test`'],
    ['DANA@ACME.TEST', 'Dana Whitfield', '`dana@acme.test`'],
    ['<mailto:danna@acme.test|danna@acme.test>', 'Danna Whitfield', '`danna@acme.test`'],
    ['pat.kim@acme.test', 'Pat Kim', '`pat@acme.test`'],
  ])('typed as %s is that person exactly', async (typed, name, address) => {
    await office.plan(office.lin, typed);

    expect(office.lin.screen()).toContain(`*${name}*\n${address}`);
  });

  it('that its owner has given up is nobody’s, although the search still finds them', async () => {
    office.okta.command('freeze_search', { on: true });
    office.okta.command('set_user', {
      user: 'danna',
      patch: { profile: { login: 'd2@acme.test', email: 'd2@acme.test' } },
    });

    await office.lin.types('/offboard danna@acme.test');
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toContain('No one in Okta has the address `danna@acme.test`');
  });
});

describe('a text that is no address', () => {
  it.each([
    ['', 'An address is missing.'],
    ['d\u0430na@acme.test', 'letters outside a to z, which can look exactly like them'],
    ['dana\u200b@acme.test', 'invisible characters'],
    ['\u202edana@acme.test', 'characters that turn the writing direction'],
    ['@lin', 'A Slack mention does not say which work account is meant.'],
    ['dana@acme.test, ada@acme.test', 'That is more than one address.'],
    ['<mailto:dana@acme.test|ada@acme.test>', 'not an address I can read exactly'],
    ['dana', 'not an address I can read exactly'],
    [`${'a'.repeat(10_000)}@acme.test`, 'longer than an address can be'],
    ['<!channel>', 'not an address I can read exactly'],
  ])('%.40s is refused at once, and asks nobody', async (typed, sentence) => {
    await office.lin.types(`/offboard ${typed}`);

    expect(office.lin.told()[0]).toContain(sentence);
    expect(office.lin.told()[0]).toContain('*Nothing was changed.* Type `/offboard name@company.com`');
    expect(office.lin.told()[0]).not.toMatch(/<!channel>|[\u200b\u202e]/);
    expect(office.okta.journal.calls).toEqual([]);
  });

  it('“help” explains how to use it', async () => {
    await office.lin.types('/offboard help');

    expect(office.lin.told()[0]).toContain('How to use /offboard');
  });
});

describe('a name that attacks', () => {
  it.each(['channel', 'bidi', 'zeroWidth', 'longName'])(
    '(%s) is harmless in the plan, the channel and the thread',
    async (key) => {
      await office.offboard(office.lin, person(key).email);
      const plan =
        office.lin
          .view()
          ?.shown.map((one) => JSON.stringify(one.content))
          .join('') ?? '';
      await office.closed();
      await office.until(() => office.channel.roots().length === 1, 10_000);

      const seen = plan + JSON.stringify(office.channel.messages().map((one) => [one.text, one.blocks]));
      expect(seen).not.toMatch(/<!channel>|<!here>|\u202e|\u200b/);
      expect(office.channel.root()).not.toContain('<@');
      expect(office.slack.workspace.failures).toEqual([]);
    },
  );
});

describe('a request that is not Slack’s', () => {
  it.each([
    ['signed with another secret', { secret: 'guessed' }],
    ['six minutes old', { skewSeconds: -360 }],
    ['from six minutes ahead', { skewSeconds: 360 }],
  ])('%s is refused and leaves no trace', async (_, forgery) => {
    const { status } = await office.lin.types('/offboard dana@acme.test', forgery);

    expect(status).toBe(401);
    expect(await office.db.query('SELECT 1 FROM inbound_delivery', [])).toEqual([]);
    expect(office.lin.screen()).toBe('');
  });

  it('sent again within five minutes is one command', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    const [sent] = office.slack.workspace.deliveries.slice(-1);

    await office.slack.slash({ user: 'U0LIN', command: '/offboard', rawOverride: sent?.raw ?? '' });

    expect(await office.db.query('SELECT 1 FROM inbound_delivery', [])).toHaveLength(1);
    expect(office.slack.journal.calls.filter((call) => call.operation === 'slack.views.open')).toHaveLength(1);
  });

  it.each(['x-slack-signature', 'x-slack-request-timestamp'])('with %s twice is refused', async (name) => {
    const body = 'command=%2Foffboard&text=dana%40acme.test';
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac('sha256', office.slack.workspace.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const good: Record<string, string> = { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp };
    const headers = [...Object.entries(good), [name, good[name] ?? ''] as const].flat();

    const url = office.slack.workspace.eventsUrl ?? '';
    expect(await postRaw(url, headers, body)).toBe(401);
    expect(await postRaw(url, Object.entries(good).flat(), body)).not.toBe(401);
  });
});

describe('a button', () => {
  it('that carries what we never drew, or is stale, changes nothing and says why', async () => {
    const step = await stoppedStep();
    const drawn = buttonValue(office.channel.roots()[0] ?? { blocks: [] }, 'step_retry');
    const foreign = JSON.stringify({ stepRun: '00000000-0000-4000-8000-000000000000', attempt: 1 });
    const values = ['{"stepRun":1}', 'x', foreign, JSON.stringify({ stepRun: step.id, attempt: 99 })];
    for (const [at, value] of values.entries()) {
      await office.lin.clicks('step_retry', { value });
      await office.until(() => office.lin.told().length > at);
    }
    const untouched = (await office.steps())['okta.block'];
    await office.sam.clicks('step_retry');
    await office.closed();
    await clickOnOldScreen(drawn);
    await office.until(() => office.lin.told().length > values.length);

    const told = office.lin.told();
    expect(told.slice(0, 2).join()).toMatch(
      /Something went wrong in Sendoff\. \*Nothing was changed\.\*.*Something went wrong/s,
    );
    expect(told[2]).toContain('This button belongs to a step I do not know any more. Your click changed nothing.');
    expect(told[3]).toContain('Your click changed nothing.');
    expect(untouched).toMatchObject({ status: 'needs_human', attempt: step.attempt });
    expect(told[4]).toMatch(/<@U0SAM> pressed Retry <!date.*>; it is done\. Your click changed nothing\./);
    expect((await office.steps())['okta.block']?.attempt).toBe(step.attempt + 1);
  });
});

/** The button as an old screen of Lin's still shows it. */
async function clickOnOldScreen(value: string): Promise<void> {
  const root = office.slack.workspace.channels
    .get('C0ITOPS')
    ?.messages.find((one) => one.ts === office.channel.roots()[0]?.ts);
  if (!root) throw new Error('no root');
  const now = root.blocks;
  root.blocks = [
    {
      type: 'actions',
      block_id: 'old',
      elements: [{ type: 'button', action_id: 'step_retry', text: { type: 'plain_text', text: 'Retry' }, value }],
    },
  ];
  await office.lin.clicks('step_retry', { messageTs: root.ts });
  root.blocks = now;
}

async function stoppedStep(): Promise<{ id: string; attempt: number }> {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(() => office.channel.root().includes('Retry'), 15_000);
  const step = (await office.steps())['okta.block'];
  if (!step) throw new Error('no okta.block');
  return step;
}

function postRaw(url: string, headers: string[], body: string): Promise<number> {
  return new Promise((done, fail) => {
    const all = [
      'host',
      new URL(url).host,
      ...headers,
      'content-type',
      'application/x-www-form-urlencoded',
      'content-length',
      String(body.length),
    ];
    const request = http.request(url, { method: 'POST', headers: all }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    });
    request.once('error', fail).end(body);
  });
}

it('two operators who press one button in one moment are one decision, and the slower one is told who was faster', async () => {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser', times: 1 });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(() => office.channel.thread().some((one) => one.includes('Skip…')));
  await Promise.all([office.lin.clicks('step_retry'), office.sam.clicks('step_retry')]);
  await office.closed();

  expect(await office.db.query("SELECT kind FROM decision WHERE kind = 'retry'", [])).toHaveLength(1);
  const told = [...office.lin.told(), ...office.sam.told()].filter((one) => one.includes('Your click changed nothing'));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('pressed Retry');
});
