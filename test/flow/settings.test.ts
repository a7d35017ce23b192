// Settings: everything that is wrong is told at once with its remedy; what is documented is what is read.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, Settings } from '../../src/app/config.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAMES = Object.keys(Settings.shape);

const GOOD = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 's',
  SLACK_CHANNEL_ID: 'C0ITOPS',
  OKTA_ORG_URL: 'https://acme.okta.com/',
  OKTA_API_TOKEN: '00t',
  SENDOFF_SECRET_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
};

const JIRA = {
  JIRA_URL: 'https://acme.atlassian.net/',
  JIRA_EMAIL: 'sendoff@acme.test',
  JIRA_API_TOKEN: 't',
  JIRA_PROJECT: 'ITOPS',
};

const JAMF = { JAMF_URL: 'https://acme.jamfcloud.com/', JAMF_CLIENT_ID: 'c', JAMF_CLIENT_SECRET: 's' };
const SNIPEIT = { SNIPEIT_URL: 'https://assets.acme.com/', SNIPEIT_API_TOKEN: 't' };
const BAMBOOHR = { BAMBOOHR_URL: 'https://acme.bamboohr.com/', BAMBOOHR_API_KEY: 'k' };

const RETRIEVER = { RETRIEVER_URL: 'https://app.helloretriever.com/', RETRIEVER_API_KEY: 'k' };
const EASYPOST = { EASYPOST_URL: 'https://api.easypost.com/', EASYPOST_API_KEY: 'EZAKk' };

function problems(settings: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('readConfig', () => {
  it('takes the least that is needed, and the rest by default', () => {
    expect(readConfig(GOOD)).toMatchObject({
      port: 3000,
      databaseUrl: null,
      admins: [],
      okta: { orgUrl: 'https://acme.okta.com' },
    });
  });

  it('takes Slack’s requests by HTTP with a signing secret, over a socket with an app-level token, which goes first', () => {
    const { SLACK_SIGNING_SECRET: _, ...rest } = GOOD;
    const door = (settings: Record<string, string>) => readConfig({ ...rest, ...settings }).slack.door;

    expect(door({ SLACK_SIGNING_SECRET: 's' })).toEqual({ signingSecret: 's' });
    expect(door({ SLACK_APP_TOKEN: 'xapp-1' })).toEqual({ appToken: 'xapp-1' });
    expect(door({ SLACK_SIGNING_SECRET: 's', SLACK_APP_TOKEN: 'xapp-1' })).toEqual({ appToken: 'xapp-1' });
    expect(problems(rest)).toEqual([
      expect.stringMatching(/^SLACK_SIGNING_SECRET is missing: .* or set SLACK_APP_TOKEN/),
    ]);
  });

  it('names everything that is missing at once, each with what to do', () => {
    const told = problems({});

    expect(told).toHaveLength(5);
    for (const name of [
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
      'SLACK_CHANNEL_ID',
      'OKTA_ORG_URL',
      'OKTA_CLIENT_ID',
    ])
      expect(told.find((problem) => problem.startsWith(name))).toMatch(/: (copy|set|create)/);
  });

  it.each([
    ['DATABASE_URL', 'mysql://x'],
    ['PORT', 'eighty'],
    ['PORT', '99999'],
    ['SENDOFF_ADMINS', 'U0LIN'],
    ['SENDOFF_ADMINS', 'T0ACME:U0LIN,lin@acme.test'],
    ['SLACK_BOT_TOKEN', 'xoxp-user'],
    ['SLACK_APP_TOKEN', 'xoxb-1'],
    ['SLACK_CHANNEL_ID', '#it'],
    ['SLACK_API_URL', 'http://slack.example/api/'],
    ['SLACK_API_URL', 'https://slack.example'],
    ['OKTA_ORG_URL', 'http://acme.okta.com'],
    ['OKTA_ORG_URL', 'https://acme-admin.okta.com'],
    ['OKTA_ORG_URL', 'acme'],
    ['JIRA_URL', 'acme.atlassian.net'],
    ['JIRA_URL', 'http://acme.atlassian.net'],
    ['JIRA_EMAIL', 'sendoff'],
    ['JIRA_EMAIL', 'a:b@acme.test'],
    ['JIRA_PROJECT', 'ITOPS-12'],
    ['JIRA_PROJECT', 'itops'],
    ['JIRA_PROJECT', 'OFF'],
    ['JIRA_PROJECT', 'RET'],
    ['BAMBOOHR_URL', 'acme.bamboohr.com'],
    ['BAMBOOHR_URL', 'http://acme.bamboohr.com'],
    ['BAMBOOHR_URL', 'https://acme.bamboohr.com/api/v1'],
    ['JAMF_URL', 'acme.jamfcloud.com'],
    ['JAMF_URL', 'http://acme.jamfcloud.com'],
    ['JAMF_URL', 'https://acme.jamfcloud.com/api'],
    ['JAMF_URL', 'https://acme.jamfcloud.com/JSSResource'],
    ['SNIPEIT_URL', 'http://assets.acme.com'],
    ['SNIPEIT_URL', 'https://assets.acme.com/api/v1'],
    ['RETRIEVER_URL', 'http://app.helloretriever.com'],
    ['RETRIEVER_URL', 'https://app.helloretriever.com/api/v2'],
    ['EASYPOST_URL', 'api.easypost.com'],
    ['EASYPOST_URL', 'https://api.easypost.com/v2/'],
    ['EASYPOST_WEBHOOK_SECRET', 'short'],
  ])('refuses %s=%s and nothing else', (name, value) => {
    const told = problems({
      ...GOOD,
      ...(name.startsWith('JIRA_') && JIRA),
      ...(name.startsWith('BAMBOOHR_') && BAMBOOHR),
      ...(name.startsWith('JAMF_') && JAMF),
      ...(name.startsWith('SNIPEIT_') && SNIPEIT),
      ...(name.startsWith('RETRIEVER_') && RETRIEVER),
      ...(name.startsWith('EASYPOST_') && EASYPOST),
      [name]: value,
    });

    expect(told.map((problem) => problem.split(' ')[0])).toEqual([name]);
  });

  it('refuses half a service app, and a key that is not RSA', () => {
    const { OKTA_API_TOKEN: _, ...rest } = GOOD;

    expect(problems({ ...rest, OKTA_CLIENT_ID: 'x' })[0]).toMatch(/^OKTA_PRIVATE_KEY is missing/);
    expect(problems({ ...rest, OKTA_PRIVATE_KEY: 'x' })[0]).toMatch(/^OKTA_CLIENT_ID is missing/);
    expect(problems({ ...rest, OKTA_CLIENT_ID: 'x', OKTA_PRIVATE_KEY: '{"kty":"EC"}' })[0]).toMatch(/RSA/);
  });

  it('takes both settings of BambooHR, or neither', () => {
    expect(readConfig(GOOD).bamboohr).toBeNull();
    expect(readConfig({ ...GOOD, ...BAMBOOHR }).bamboohr).toEqual({
      url: 'https://acme.bamboohr.com',
      apiKey: 'k',
      webhookKey: null,
    });
    expect(problems({ ...GOOD, BAMBOOHR_WEBHOOK_KEY: 'x'.repeat(20) })).toHaveLength(2);
    for (const name of Object.keys(BAMBOOHR))
      expect(problems({ ...GOOD, ...BAMBOOHR, [name]: undefined })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is missing: (set|create) .*show nothing of HR$`)),
      ]);
  });

  it('takes Jamf whole or not at all, and so Snipe-IT', () => {
    expect(readConfig(GOOD)).toMatchObject({ jamf: null, snipeit: null });
    expect(readConfig({ ...GOOD, ...JAMF, ...SNIPEIT })).toMatchObject({
      jamf: { url: 'https://acme.jamfcloud.com', clientId: 'c', clientSecret: 's' },
      snipeit: { url: 'https://assets.acme.com', apiToken: 't' },
    });
    for (const [vendor, without] of [
      [JAMF, 'no Mac is locked by Sendoff'],
      [SNIPEIT, 'nothing is put back into the inventory by Sendoff'],
    ] as const)
      for (const name of Object.keys(vendor))
        expect(problems({ ...GOOD, ...vendor, [name]: undefined })).toEqual([
          expect.stringMatching(new RegExp(`^${name} is missing: (set|create) .*${without}$`)),
        ]);
  });

  it('wants keys where something is to be sealed, and shows none that it cannot read', () => {
    for (const vendor of [JAMF, RETRIEVER])
      expect(problems({ ...GOOD, ...vendor, SENDOFF_SECRET_KEYS: undefined })).toEqual([
        expect.stringMatching(/^SENDOFF_SECRET_KEYS is missing: .*sendoff keys new/),
      ]);
    expect(problems({ ...GOOD, SENDOFF_SECRET_KEYS: '1:c2hvcnQ=' })).toEqual([
      expect.stringMatching(/^SENDOFF_SECRET_KEYS holds an entry that is not NUMBER:KEY/),
    ]);
    expect(readConfig({ ...GOOD, SENDOFF_SECRET_KEYS: undefined }).secretKeys).toBeNull();
  });

  it('takes both settings of Retriever, or neither', () => {
    expect(readConfig(GOOD).retriever).toBeNull();
    expect(readConfig({ ...GOOD, ...RETRIEVER }).retriever).toEqual({
      url: 'https://app.helloretriever.com',
      apiKey: 'k',
    });
    for (const name of Object.keys(RETRIEVER))
      expect(problems({ ...GOOD, ...RETRIEVER, [name]: undefined })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is missing: (set|create) .*no box is ordered by Sendoff$`)),
      ]);
  });

  it('takes address and key of EasyPost, or neither; without a webhook secret there is no door', () => {
    const secret = { EASYPOST_WEBHOOK_SECRET: 'sësame-8f2c' };
    expect(readConfig(GOOD).easypost).toBeNull();
    const config = { url: 'https://api.easypost.com', apiKey: 'EZAKk' };
    expect(readConfig({ ...GOOD, ...EASYPOST }).easypost).toEqual({ ...config, webhookSecret: null });
    expect(readConfig({ ...GOOD, ...EASYPOST, ...secret }).easypost).toEqual({
      ...config,
      webhookSecret: 'sësame-8f2c',
    });
    expect(problems({ ...GOOD, ...secret }).map((one) => one.split(' ')[0])).toEqual(Object.keys(EASYPOST));
  });

  it('takes Jira whole or not at all, and names what is missing', () => {
    expect(readConfig(GOOD).jira).toBeNull();
    expect(readConfig({ ...GOOD, ...JIRA }).jira).toEqual({
      url: 'https://acme.atlassian.net',
      email: 'sendoff@acme.test',
      apiToken: 't',
      project: 'ITOPS',
      issueType: 'Task',
      doneStatus: null,
    });

    for (const name of Object.keys(JIRA)) {
      const told = problems({ ...GOOD, ...JIRA, [name]: undefined });
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(new RegExp(`^${name} is missing: (set|create) .*without any JIRA_ setting`));
    }
    expect(problems({ ...GOOD, JIRA_DONE_STATUS: 'Done' })).toHaveLength(4);
  });

  it('never repeats a secret in what it says', () => {
    const secret = 'xoxp-very-secret';

    expect(problems({ ...GOOD, SLACK_BOT_TOKEN: secret, OKTA_PRIVATE_KEY: secret }).join()).not.toContain(secret);
  });
});

describe('the process', () => {
  it('that is started with nothing set says so in one text and ends with 1', async () => {
    const started = promisify(execFile)(process.execPath, [path.join(ROOT, 'src/app/main.ts')], {
      env: { PATH: process.env.PATH ?? '' },
      cwd: ROOT,
    });

    const failure = await started.then(
      () => null,
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

    expect(failure?.code).toBe(1);
    expect(failure?.stderr).toMatch(/^Sendoff did not start: 5 settings are not usable\.\n( {2}- .*\n){5}$/);
    expect(failure?.stdout).toBe('');
  });
});

describe('the documentation', () => {
  it('in .env.example has every setting once, each with a comment above it, and no other', () => {
    const lines = readFileSync(path.join(ROOT, '.env.example'), 'utf8').split('\n');
    const told = lines.flatMap((line, at) => {
      const name = /^#? ?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1];
      return name ? [{ name, above: lines[at - 1] ?? '' }] : [];
    });

    expect(told.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
    for (const { name, above } of told) expect(above, name).toMatch(/^# [A-Z].{10,}/);
  });

  it.skipIf(!existsSync(path.join(ROOT, 'README.md')))(
    'in README.md has every setting in its table, and no other',
    () => {
      const rows = readFileSync(path.join(ROOT, 'README.md'), 'utf8').matchAll(/^\|((?: ?`[A-Z][A-Z0-9_]+`,?)+) \|/gm);
      const told = [...rows].flatMap(([, names = '']) => names.match(/[A-Z][A-Z0-9_]+/g) ?? []);

      expect(told.sort()).toEqual([...NAMES].sort());
    },
  );
});
