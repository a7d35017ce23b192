// What must hold before anything is served: the channel is private and can be read, the first admins are set once, the keys work.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { anOffice, type Office, type OfficeOptions } from '../support/office.ts';

let office: Office | null = null;

afterEach(async () => {
  await office?.close();
  office = null;
});

async function anotherOffice(options: OfficeOptions = {}): Promise<Office> {
  office = await anOffice(options);
  return office;
}

describe('a channel', () => {
  it.each([
    ['that is public', 'C0PUBLIC', {}, /C0PUBLIC is a public channel.* Make a private channel/],
    ['the bot is not in', 'C0OTHER', {}, /C0OTHER is unknown to the bot.* Invite the bot/],
    [
      'that cannot be read',
      'C0ITOPS',
      { without: ['groups:read'] },
      /could not be read \(missing_scope.* groups:read and reinstall/,
    ],
  ])('%s stops the start with a sentence', async (_, SLACK_CHANNEL_ID, scopes, sentence) => {
    const at = await anotherOffice({ started: false, settings: { SLACK_CHANNEL_ID } });
    await at.slack.command('scopes', scopes);

    await expect(at.start()).rejects.toThrow(sentence);
    await expect(at.start()).rejects.toThrow('Nothing was started.');
  });
});

it('a bot token that Slack does not know stops the start with a sentence', async () => {
  const at = await anotherOffice({ started: false, settings: { SLACK_BOT_TOKEN: 'xoxb-of-another-app' } });

  await expect(at.start()).rejects.toThrow(/SLACK_BOT_TOKEN was not accepted \(invalid_auth\)\. Nothing was started\./);
});

it('a Slack that does not answer stops the start with a sentence', async () => {
  const at = await anotherOffice({ started: false });
  at.slack.faults.add({ kind: 'status', status: 503, operation: 'slack.auth.test' });

  await expect(at.start()).rejects.toThrow(/Slack does not answer \(HTTP 503\)\. Nothing was started\./);
});

it('a database that does not answer stops the start with a sentence', async () => {
  const at = await anotherOffice({ started: false, databaseUrl: async () => 'postgresql://nobody@127.0.0.1:9/none' });

  await expect(at.start()).rejects.toThrow(
    /The database in DATABASE_URL does not answer \(ECONNREFUSED\)\. Nothing was started\./,
  );
});

describe('SENDOFF_ADMINS', () => {
  it('are the first admins; one who was removed stays removed at the next start', async () => {
    const at = await anotherOffice({ admins: ['U0LIN', 'U0SAM'] });
    const first = (await at.operators.list()).map(({ userId, role, addedBy }) => [userId, role, addedBy]);
    await at.operators.remove({ teamId: 'T0ACME', userId: 'U0LIN' }, 'T0ACME/U0SAM');

    await at.start();
    await at.lin.types('/offboard dana@acme.test');

    expect(first).toEqual([
      ['U0LIN', 'admin', 'settings'],
      ['U0SAM', 'admin', 'settings'],
    ]);
    expect(at.lin.told()[0]).toContain('You are not on the operator list');
    expect((await at.operators.list()).map(({ userId }) => userId)).toEqual(['U0SAM']);
  });

  it('that are nobody start an app that lets nobody in', async () => {
    const at = await anotherOffice({ admins: [] });

    await at.lin.types('/offboard dana@acme.test');

    expect(at.lin.told()[0]).toContain('You are not on the operator list');
  });
});

it('the owner of the API token that Sendoff uses is never offboarded with it', async () => {
  const at = await anotherOffice({ oktaAuth: 'token' });

  await at.lin.types('/offboard tokenowner@acme.test');
  await at.until(() => at.lin.screen().includes('Not started'));

  expect(at.lin.screen()).toContain('Sendoff’s own Okta credentials belong to Sendoff Service.');
  expect(at.okta.journal.calls.filter((call) => call.write)).toEqual([]);
});

it('with an API token a whole offboarding works too', async () => {
  const at = await anotherOffice({ oktaAuth: 'token' });

  await at.offboard(at.lin, 'ada@acme.test');
  await at.closed();

  expect(at.accounts.of('ada').status).toBe('DEPROVISIONED');
});

it('a policy that contradicts itself stops the start, with each line and what to do', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
  const SENDOFF_POLICY = path.join(folder, 'bad.policy.yaml');
  writeFileSync(SENDOFF_POLICY, 'protected:\n  groups: [Board, board]\n');
  try {
    const at = await anotherOffice({ started: false, settings: { SENDOFF_POLICY } });

    await expect(at.start()).rejects.toThrow(
      /Nothing was started\.[\s\S]*policy\.yaml:2: protected\.groups\[2\] stands here twice/,
    );
    writeFileSync(SENDOFF_POLICY, 'jira:\n  subtasks: maybe\n  subtask_type: Story\n');
    await expect(at.start()).rejects.toThrow(
      /:2: jira\.subtasks is neither true nor false[\s\S]*:3: jira\.subtask_type is not known: write subtaskType/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
