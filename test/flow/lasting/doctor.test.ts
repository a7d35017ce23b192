// The doctor: everything that is needed is tried, each failure has its fix, nothing is written anywhere, no secret is shown.
import { afterEach, describe, expect, it } from 'vitest';
import { doctorChecks } from '../../../src/app/doctor.ts';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import { anOffice, type Office, type OfficeOptions } from '../../support/office.ts';
import { policyFile } from '../../support/office-owners.ts';

let office: Office | null = null;

afterEach(async () => {
  await office?.close();
  office = null;
});

async function aPatient(options: OfficeOptions = {}): Promise<Office> {
  office = await anOffice(options);
  for (const vendor of vendorsOf(office)) vendor.journal.clear();
  return office;
}

const vendorsOf = (at: Office) => [
  at.okta,
  at.slack,
  ...(at.jira ? [at.jira] : []),
  ...(at.bamboohr ? [at.bamboohr] : []),
  ...(at.google ? [at.google] : []),
  ...(at.jamf ? [at.jamf] : []),
  ...(at.snipeit ? [at.snipeit] : []),
  ...(at.retriever ? [at.retriever] : []),
  ...(at.easypost ? [at.easypost] : []),
];

interface Visit {
  readonly code: number;
  readonly told: string;
}

/** As an admin types it; `settings` over those of the office. */
async function visit(
  at: Office,
  settings: Readonly<Record<string, string | undefined>> = {},
  args: readonly string[] = [],
  now = () => new Date(),
): Promise<Visit> {
  const rowsBefore = await rows(at);
  let told = '';
  const print = (text: string): void => {
    told += text;
  };
  const environment = { ...at.settings(), ...settings };
  const code = await doctorCommand(args, { print, printError: print, checks: doctorChecks(environment, { now }) });

  // Whatever was found: nothing written, nothing given away.
  const written = vendorsOf(at).flatMap((vendor) =>
    vendor.journal.calls.filter((call) => call.write && call.operation !== 'google.token'),
  );
  expect(written).toEqual([]);
  expect(await rows(at)).toEqual(rowsBefore);
  for (const name of [
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'OKTA_PRIVATE_KEY',
    'OKTA_API_TOKEN',
    'DATABASE_URL',
    'JIRA_API_TOKEN',
    'BAMBOOHR_API_KEY',
    'GOOGLE_SERVICE_ACCOUNT_KEY',
    'JAMF_CLIENT_SECRET',
    'SNIPEIT_API_TOKEN',
    'RETRIEVER_API_KEY',
    'EASYPOST_API_KEY',
    'EASYPOST_WEBHOOK_SECRET',
  ]) {
    const secret = environment[name];
    if (secret) expect(told, name).not.toContain(secret);
  }
  return { code, told };
}

const rows = (at: Office) =>
  at.db.query(
    'SELECT (SELECT count(*) FROM audit_event) AS audit, (SELECT count(*) FROM inbound_delivery) AS inbound, (SELECT count(*) FROM vendor_pace) AS pace',
    [],
  );

describe('of a healthy Sendoff', () => {
  it('says so, vendor by vendor, and ends with 0', async () => {
    const { code, told } = await visit(await aPatient());

    expect(told).toBe(`  Settings   ✔ complete
  Policy     ✔ usable, 0 rules of protection
  Slack      ✔ token (Acme)  ✔ 7 of 7 scopes  ✔ #it-offboarding is private, bot is in it  ✔ clock agrees
  Okta       ✔ token  ✔ okta.users.read  · okta.users.manage (granted, not exercised)  ✔ okta.devices.read
             · okta.devices.manage (granted, not exercised)  ✔ okta.roles.read  ✔ okta.groups.read
             ✔ okta.apps.read  ✔ okta.logs.read  · okta.groups.manage (granted, not exercised)
             ✔ okta.apiTokens.read  ✔ okta.eventHooks.read  ✔ okta.oauthIntegrations.read  ✔ role user admin
             ✔ Google Workspace: suspended by a deactivation  ✔ clock agrees
  Database   ✔ answers, up to date  ✔ clock agrees  ✔ 1 audit chain holds

  No problems. Nothing was changed.
`);
    expect(code).toBe(0);
  });

  it('with Jira and BambooHR has a line for each', async () => {
    const { code, told } = await visit(await aPatient({ jira: true, bamboohr: true }));

    expect(
      told,
    ).toContain(`  Jira       ✔ credentials  ✔ project ITOPS  ✔ issue type Task  ✔ 6 of 6 permissions  ✔ closes with Done
             ✔ clock agrees
  BambooHR   ✔ key  ✔ 12 of 12 fields  ✔ clock agrees
`);
    expect(code).toBe(0);
  });

  it('with Retriever and EasyPost has a line for each, and orders nothing', async () => {
    const at = await aPatient({ retriever: true, easypost: true });
    const { code, told } = await visit(at);

    expect(told).toContain(
      '  Retriever  ✔ key reads orders  · orders boxes (granted, not exercised)  ✔ clock agrees\n  EasyPost   ! test key',
    );
    expect(told).toMatch(
      /test key: it follows test numbers only\n +Fix: Copy the production key[^\n]*\n +✔ webhook {2}✔ clock/,
    );
    expect([code, at.retriever?.journal.calls.length, at.easypost?.journal.calls.length]).toEqual([0, 1, 1]);
  });

  it('with Google has a line for it, and finds fault with an Okta app that suspends what is handed over', async () => {
    const { code, told } = await visit(await aPatient({ google: true }));

    expect(told).toMatch(
      /Google {5}✔ token, clock agrees {2}✔ 15 of 15 scopes {2}· gmail\.settings\.sharing \(granted, not exercised\)\s+✔ acts for a super admin/,
    );
    expect(told).toMatch(/! Google Workspace: its account is suspended by a deactivation, and a suspended mailbox/);
    expect(told).toMatch(/Deactivate Users: turn it off; Sendoff closes the account/);
    expect(code).toBe(0);
  });

  it.each([
    [
      { without: ['admin.datatransfer'] },
      /✖ admin\.datatransfer not granted/,
      /Domain-wide delegation > client \d+ > Edit: add https:/,
    ],
    [
      { without: ['apps.licensing'] },
      /✖ apps\.licensing not granted/,
      /add https:\/\/www\.googleapis\.com\/auth\/apps\.licensing/,
    ],
    [{ without: ['calendar.readonly'] }, /! calendar\.readonly not granted/, /Domain-wide delegation/],
  ])('names each scope that Google does not grant, with where to add it: %j', async (list, found, fix) => {
    const at = await aPatient({ google: true });
    at.google?.command('set_delegation_list', list);
    const { told } = await visit(at, {}, ['--vendor', 'google']);

    expect(told).toMatch(found);
    expect(told).toMatch(fix);
  });

  it('names a service account that is off, an admin that is none, and a Google that is down', async () => {
    const at = await aPatient({ google: true });
    const only = ['--vendor', 'google'];
    at.google?.command('disable_service_account', { disabled: true });
    expect((await visit(at, {}, only)).told).toMatch(
      /✖ the service account’s key is not accepted .*\n +Fix: Google Cloud console/,
    );

    at.google?.command('reset');
    expect((await visit(at, { GOOGLE_ADMIN_EMAIL: 'nobody@acme.test' }, only)).told).toMatch(
      /✖ the admin account cannot be acted for.*\n +Fix: Set GOOGLE_ADMIN_EMAIL/,
    );
    expect((await visit(at, { GOOGLE_ADMIN_EMAIL: 'grace@acme.test' }, only)).code).toBe(1);
    at.google?.faults.add({ kind: 'status', status: 503, operation: 'google.token', times: 99 });
    expect((await visit(at, {}, only)).told).toMatch(/✖ no answer/);
  });

  it('says it as JSON, or of one vendor only, and refuses a name it does not know', async () => {
    const at = await aPatient();

    const json = JSON.parse((await visit(at, {}, ['--json'])).told);
    expect(json).toMatchObject({ ok: true, problems: 0, warnings: 0 });
    expect(json.checks.map(({ name }: { name: string }) => name)).toEqual([
      ...['Settings', 'Policy', 'Slack', 'Okta', 'Database'],
    ]);
    expect((await visit(at, {}, ['--vendor', 'slack'])).told).toMatch(/^ {2}Slack .*\n\n {2}No problems\./);
    expect(await visit(at, {}, ['--vendor', 'jira'])).toMatchObject({ code: 2, told: /nothing called jira/ });
  });

  it('that calls Okta with an API token has rights instead of scopes', async () => {
    const { code, told } = await visit(await aPatient({ oktaAuth: 'token' }));

    expect(told).toMatch(/Okta {7}✔ token {2}✔ okta\.users\.read .*role user admin/s);
    expect(told).not.toContain('manage');
    expect(code).toBe(0);
  });
});

describe('each failure is told with its fix:', () => {
  type Case = readonly [
    what: string,
    found: RegExp,
    fix: RegExp,
    settings: Readonly<Record<string, string | undefined>>,
    harm: (at: Office) => unknown,
  ];
  const nothing = (): void => undefined;
  const CASES: readonly Case[] = [
    [
      'a bad setting',
      /Settings +✖ SLACK_CHANNEL_ID is not a channel id/,
      /copy the id from/,
      { SLACK_CHANNEL_ID: '#it' },
      nothing,
    ],
    [
      'a missing policy',
      /Policy +✖ none\.yaml: cannot be read \(ENOENT\)/,
      /set SENDOFF_POLICY/,
      { SENDOFF_POLICY: '/none.yaml' },
      nothing,
    ],
    [
      'a wrong Slack token',
      /Slack +✖ token not accepted \(invalid_auth\)/,
      /Bot User OAuth Token again/,
      { SLACK_BOT_TOKEN: 'xoxb-of-another-app' },
      nothing,
    ],
    [
      'a Slack scope',
      /✖ groups:history not granted/,
      /Scopes > add groups:history/,
      {},
      (at) => at.slack.command('scopes', { without: ['groups:history'] }),
    ],
    [
      'a public channel',
      /✖ C0PUBLIC is a public channel/,
      /Make a private channel/,
      { SLACK_CHANNEL_ID: 'C0PUBLIC' },
      nothing,
    ],
    [
      'a channel without the bot',
      /✖ C0OTHER is unknown to the bot/,
      /\/invite @sendoff/,
      { SLACK_CHANNEL_ID: 'C0OTHER' },
      nothing,
    ],
    [
      'an archived channel',
      /✖ C0ITOPS is archived/,
      /Unarchive it, or set SLACK_CHANNEL_ID/,
      {},
      (at) => at.slack.command('channel', { channel: 'C0ITOPS', archived: true }),
    ],
    [
      'a channel that the bot was removed from',
      /✖ (the bot is not in C0ITOPS|C0ITOPS is unknown to the bot)/,
      /\/invite @sendoff/,
      {},
      (at) => at.slack.command('channel', { channel: 'C0ITOPS', remove: 'U0BOT' }),
    ],
    [
      'a Slack that is down',
      /Slack +✖ no answer \(HTTP 503\)/,
      /status\.slack\.com/,
      {},
      (at) => at.slack.faults.add({ kind: 'status', status: 503, operation: 'slack.auth.test' }),
    ],
    [
      'an Okta scope',
      /✔ token {2}.*✖ okta\.devices\.manage not granted/s,
      /Okta API Scopes > Grant okta\.devices\.manage/,
      {},
      (at) => at.okta.command('set_scopes', { scopes: at.okta.scopes.filter((one) => one !== 'okta.devices.manage') }),
    ],
    [
      'refused Okta credentials',
      /Okta +✖ token refused \(invalid_client\)/,
      /check OKTA_CLIENT_ID/,
      {},
      (at) => at.okta.command('revoke_credentials'),
    ],
    [
      'an Okta read that is refused',
      /okta\.groups\.read: the read was refused/,
      /admin role that may view/,
      {},
      (at) => at.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.listGroups' }),
    ],
    [
      'an Okta that is not there',
      /Okta +✖ no answer/,
      /Check OKTA_ORG_URL/,
      { OKTA_ORG_URL: 'http://127.0.0.1:9' },
      nothing,
    ],
    [
      'a database that is not there',
      /Database +✖ does not answer \(ECONNREFUSED\)/,
      /the server of DATABASE_URL runs/,
      { DATABASE_URL: 'postgresql://x:y@127.0.0.1:9/z' },
      nothing,
    ],
  ];

  it.each(CASES)('%s', async (_, found, fix, settings, harm) => {
    const at = await aPatient();
    await harm(at);

    const { code, told } = await visit(at, settings);

    expect(told).toMatch(found);
    expect(told.slice(told.search(found))).toMatch(new RegExp(`(Fix: [^\\n]*${fix.source})`));
    expect(told).toMatch(/\n {2}1 problem\. Nothing was changed\.\n$/);
    expect(code).toBe(1);
  });

  const JIRA: readonly Case[] = [
    [
      'a revoked Jira token',
      /Jira +✖ credentials refused/,
      /new API token at id\.atlassian\.com/,
      {},
      (at) => at.jira?.command('revoke_token'),
    ],
    [
      'a Jira that is not there',
      /Jira +✖ no answer \(connection failed/,
      /Check JIRA_URL/,
      { JIRA_URL: 'http://127.0.0.1:9' },
      nothing,
    ],
    [
      'a missing Jira project',
      /✖ project NOWHERE is not there/,
      /Check JIRA_PROJECT/,
      { JIRA_PROJECT: 'NOWHERE' },
      nothing,
    ],
    [
      'a missing issue type',
      /✖ issue type Offboarding is not in ITOPS/,
      /Set JIRA_ISSUE_TYPE to one of: Task$/,
      { JIRA_ISSUE_TYPE: 'Offboarding' },
      nothing,
    ],
    [
      'a field that no ticket can be made without',
      /✖ a Task cannot be made without: Cost center/,
      /make these optional for Task/,
      {},
      (at) => at.jira?.command('require_fields', { fields: { customfield_10050: 'Cost center' } }),
    ],
    [
      'a permission in the project',
      /✖ may not Transition Issues in ITOPS/,
      /Permissions > Transition Issues: add the account/,
      {},
      (at) => at.jira?.command('set_permissions', { without: ['TRANSITION_ISSUES'] }),
    ],
    [
      'a closing status that is not there',
      /✖ a Task has no status Closed/,
      /Set JIRA_DONE_STATUS to one of: Done/,
      { JIRA_DONE_STATUS: 'Closed' },
      nothing,
    ],
  ];
  const BAMBOOHR: readonly Case[] = [
    [
      'a refused BambooHR key',
      /BambooHR +✖ key refused/,
      /make a new one, set BAMBOOHR_API_KEY/,
      {},
      (at) => at.bamboohr?.command('revoke_key'),
    ],
    [
      'a BambooHR field that is silently absent',
      /✖ Country cannot be seen/,
      /Access Levels > the key’s user: View on Country/,
      {},
      (at) => at.bamboohr?.command('hide_fields', { fields: ['country'] }),
    ],
    [
      'a BambooHR that is down',
      /BambooHR +✖ no answer \(Service unavailable\)/,
      /status\.bamboohr\.com/,
      {},
      (at) => at.bamboohr?.faults.add({ kind: 'status', status: 503, operation: 'bamboohr.getEmployee' }),
    ],
  ];

  it('Retriever and EasyPost: a refused key, an outage, another address, and what only slows them', async () => {
    const at = await aPatient({ retriever: true, easypost: true });
    const { retriever, easypost } = at;
    const down = { kind: 'status', status: 503, operation: '*' } as const;
    const elsewhere = { url: 'https://elsewhere.acme.test/hook' };
    const cases: readonly [vendor: string, harm: () => unknown, told: RegExp, code: number][] = [
      [
        'retriever',
        () => retriever?.command('revoke_key'),
        /✖ key refused \(Invalid t.*\n +Fix: .*set RETRIEVER_API_KEY/,
        1,
      ],
      ['retriever', () => retriever?.faults.add(down), /✖ no answer \(A server.*\n +Fix: Check RETRIEVER_URL/, 1],
      [
        'retriever',
        () => retriever?.faults.add({ ...down, status: 404 }),
        /✖ is not Retriever’s API.*\n +Fix: Set RETRIEVER_URL to https/,
        1,
      ],
      [
        'retriever',
        () => retriever?.command('set_limits', { perDay: 0 }),
        /! its published limit of reads .* is used up\n +Fix: Ask what else reads/,
        0,
      ],
      [
        'easypost',
        () => easypost?.command('revoke_key'),
        /✖ key refused \(Invalid A.*\n +Fix: .*set EASYPOST_API_KEY/,
        1,
      ],
      ['easypost', () => easypost?.faults.add(down), /✖ no answer .*\n +Fix: .*status\.easypost\.com/, 1],
      [
        'easypost',
        () => easypost?.command('webhook', elsewhere),
        /! no webhook sends to us\n +Fix: .*\/webhooks\/easypost with the secret/,
        0,
      ],
    ];
    for (const [vendor, harm, words, code] of cases) {
      await harm();
      const found = await visit(at, {}, ['--vendor', vendor]);
      for (const one of [retriever, easypost]) {
        one?.command('reset');
        one?.faults.clear();
      }

      expect(found.told).toMatch(words);
      expect(found.told).toMatch(code === 1 ? / {2}1 problem[.,]/ : / {2}\d warnings?\./);
      expect(found.code).toBe(code);
    }
    const polled = await visit(at, { EASYPOST_WEBHOOK_SECRET: undefined }, ['--vendor', 'easypost']);
    expect(polled.told).toContain('✔ set up without a webhook');
  });

  it.each([...JIRA, ...BAMBOOHR])('%s', async (_, found, fix, settings, harm) => {
    const at = await aPatient({ jira: true, bamboohr: true });
    await harm(at);

    const { code, told } = await visit(at, settings);

    expect(told).toMatch(found);
    expect(told.slice(told.search(found))).toMatch(new RegExp(`(Fix: [^\\n]*${fix.source})`, 'm'));
    expect(told).toMatch(/\n {2}1 problem\. Nothing was changed\.\n$/);
    expect(code).toBe(1);
  });

  it('BambooHR fields that can be done without: a warning only', async () => {
    const at = await aPatient({ bamboohr: true });
    at.bamboohr?.command('hide_fields', { fields: ['supervisorEmail', 'jobTitle'] });

    const { code, told } = await visit(at);

    expect(told).toMatch(/! Supervisor email cannot be seen[\s\S]*! Job Title cannot be seen/);
    expect([code, told.match(/(\d) warnings/)?.[1]]).toEqual([0, '2']);
  });

  it.each([
    [false, /! Google Workspace: its account stays open after a deactivation\n +Fix: .*Deactivate Users/],
    [null, /! Google Workspace: its account stays open after a deactivation/],
  ])('a Google app of Okta that leaves accounts open (%s)', async (deactivates, words) => {
    const at = await aPatient();
    at.okta.command('set_google_app', { deactivates });

    const { code, told } = await visit(at);

    expect(told).toMatch(words);
    expect(code).toBe(0);
  });

  it('a clock that is wrong', async () => {
    const { code, told } = await visit(
      await aPatient({ jira: true, bamboohr: true }),
      {},
      [],
      () => new Date(Date.now() + 600_000),
    );

    expect(told).toMatch(/✖ this machine’s clock is (599|60\d) s ahead of Slack’s\n {13} {2}Fix: Switch on time sync/);
    for (const whose of ['Okta', 'Jira', 'BambooHR', 'the database'])
      expect(told).toMatch(new RegExp(`clock is (599|60\\d) s ahead of ${whose}’s`));
    expect(code).toBe(1);
  });

  it('an audit chain that was tampered with', async () => {
    const at = await aPatient();
    await at.db.query('ALTER TABLE audit_event DISABLE TRIGGER USER', []);
    await at.db.query(`UPDATE audit_event SET actor = 'nobody' WHERE chain = 'team' AND seq = 1`, []);

    const { code, told } = await visit(at);

    expect(told).toMatch(/✖ audit chain team does not hold: row 1 .*\n +Fix: Treat it as an incident/);
    expect(code).toBe(1);
  });

  it('Okta scopes that may be left out: a warning each, with what is not done without it', async () => {
    const at = await aPatient();
    const optional = [
      'okta.groups.manage',
      'okta.apiTokens.read',
      'okta.eventHooks.read',
      'okta.oauthIntegrations.read',
    ];
    at.okta.command('set_scopes', { scopes: at.okta.scopes.filter((one) => !optional.includes(one)) });

    const { code, told } = await visit(at);

    for (const scope of optional)
      expect(told).toMatch(new RegExp(`! ${scope} not granted: .*\\n +Fix: .*Grant ${scope}, or leave it out`));
    expect(told).toMatch(/okta\.groups\.manage not granted: an undo cannot put anybody back into their groups/);
    expect(told).toMatch(/okta\.apiTokens\.read not granted: whose API tokens end with an account is not seen/);
    expect(told).toMatch(/✔ okta\.logs\.read/);
    expect([code, told.match(/(\d) warnings/)?.[1]]).toEqual([0, '4']);
  });

  it('an optional Okta scope whose read is refused: a warning only', async () => {
    const at = await aPatient();
    at.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.listEventHooks' });

    const { code, told } = await visit(at);

    expect(told).toMatch(
      /! okta\.eventHooks\.read: the read was refused \(.*\): who set up event hooks is not seen\n +Fix: /,
    );
    expect([code, told.match(/(\d) warning\./)?.[1]]).toEqual([0, '1']);
  });

  it('an org without the Devices API: a warning only', async () => {
    const at = await aPatient();
    at.okta.command('licence_devices', { on: false });

    const { code, told } = await visit(at);

    expect(told).toMatch(/! okta\.devices\.read: this org has no such feature/);
    expect(told).toMatch(/1 warning\. Nothing was changed\./);
    expect(code).toBe(0);
  });
});

describe('apps outside Okta', () => {
  it('are told with every owner and backup who is nobody in Slack, one warning each', async () => {
    const at = await aPatient();
    const zone = 'zone: Europe/Berlin';
    const SENDOFF_POLICY = policyFile(
      `apps:\n  - { key: figma, name: Figma, owner: grace@acme.test, backup: nobody@acme.test, ${zone} }\n  - { key: miro, name: Miro, owner: deprovisioned@acme.test, backup: alex@acme.test, ${zone} }\n`,
    );

    const { told } = await visit(at, { SENDOFF_POLICY });

    expect(told).toContain('the backup of figma is nobody in Slack');
    expect(told).toContain('the owner of miro is nobody in Slack');
    expect(told).not.toMatch(/owner of figma is nobody|backup of miro is nobody|nobody@acme\.test/);
  });
});
