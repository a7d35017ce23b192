// `sendoff policy` on real settings: what the file asks of the world, and a plan in the terminal that changes nothing anywhere.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { policyContext } from '../../../src/app/policy-command.ts';
import { policyCommand } from '../../../src/cli/policy.ts';
import { anOffice, type Office } from '../../support/office.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
let office: Office;

beforeAll(async () => {
  office = await anOffice({ google: true, jamf: true, bamboohr: true, jira: true, retriever: true });
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
});

async function typed(args: readonly string[], over: Readonly<Record<string, string>> = {}) {
  let told = '';
  const print = (text: string): void => {
    told += text;
  };
  const context = policyContext({ print, printError: print }, { ...office.settings(), ...over });
  return { code: await policyCommand(args, context), told };
}

function written(text: string): string {
  const file = path.join(folder, 'a.policy.yaml');
  writeFileSync(file, text);
  return file;
}

const vendors = () => [
  office.okta,
  office.slack,
  office.google,
  office.jamf,
  office.bamboohr,
  office.jira,
  office.retriever,
];
const writes = () =>
  vendors().flatMap((vendor) =>
    (vendor?.journal.calls ?? []).filter((one) => one.write && one.operation !== 'google.token'),
  );
const rows = async () => {
  const tables = await office.db.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT IN ('instance', 'slot')
      ORDER BY 1`,
    [],
  );
  const counted = await Promise.all(
    tables.map(({ name }) => office.db.query<{ n: string }>(`SELECT '${name}: ' || count(*) AS n FROM "${name}"`, [])),
  );
  return counted.map(([one]) => one?.n);
};

describe('policy check --live', () => {
  const PROTECTS = 'protected:\n  titles: ["Chief *"]\n';

  it('finds nothing where the channel is private and two people may approve', async () => {
    const { code, told } = await typed(['check', written(PROTECTS), '--live']);

    expect([code, told]).toEqual([0, expect.stringContaining('usable. Protected: groups 0, titles 1')]);
  });

  it('refuses a public channel', async () => {
    const { channels } = office.slack.workspace;
    const channel = channels.get('C0ITOPS');
    if (!channel) throw new Error('no channel');
    channels.set(channel.id, { ...channel, kind: 'public' });
    const { code, told } = await typed(['check', written(PROTECTS), '--live', '--json']);
    channels.set(channel.id, channel);

    expect([code, JSON.parse(told)]).toEqual([
      1,
      expect.objectContaining({
        ok: false,
        problems: [expect.stringMatching(/C0ITOPS is a public channel: Make a private channel/)],
      }),
    ]);
  });

  it('refuses a policy that wants more approvals than there are approvers', async () => {
    await office.operators.remove({ teamId: 'T0ACME', userId: 'U0SAM' }, 'test');
    const one = await typed(['check', written(PROTECTS), '--live']);
    const none = await typed(['check', written('protected: {}\n'), '--live']);
    await office.operators.add({ teamId: 'T0ACME', userId: 'U0SAM' }, 'admin', 'test');

    expect(one).toEqual({
      code: 1,
      told: expect.stringMatching(/^1 approver, and people whom the policy protects .*\n1 problem\. The file itself/),
    });
    expect(none.code).toBe(0);
  });
});

describe('policy plan', () => {
  it('prints what the window shows, and writes nothing anywhere', async () => {
    const before = await rows();
    for (const vendor of vendors()) vendor?.journal.clear();
    const { code, told } = await typed(['plan', 'dana@acme.test']);

    expect(code).toBe(0);
    expect(told).toContain('Dana Whitfield\ndana@acme.test');
    expect(told).toContain('What will happen\n');
    expect(told).toMatch(/Block sign-in, end sessions: suspend the account at once/);
    expect(told).toMatch(/Cannot be undone: .*second factor/);
    expect(told).toContain('Nothing was started, and nothing was written.');
    expect(told).not.toMatch(/[*`<>]|:[a-z_]+:/);
    expect(writes()).toEqual([]);
    expect(await rows()).toEqual(before);
  });

  it('follows the policy that is named', async () => {
    const { told } = await typed(['plan', 'dana@acme.test'], {
      SENDOFF_POLICY: written('protected:\n  addresses: [dana@acme.test]\n'),
    });

    expect(told).toMatch(/! Dana Whitfield is protected\. A second approver must agree/);
    expect(told).toContain('What will happen after approval');
  });

  it('says with --json what it saw, and with 1 whom it does not find', async () => {
    const { code, told } = await typed(['plan', 'dana@acme.test', '--json']);
    const plan = JSON.parse(told) as { ok: boolean; plan: { steps: { step: string }[] }; live: string | null };
    expect([code, plan.ok, plan.live]).toEqual([0, true, null]);
    expect(plan.plan.steps.map(({ step }) => step)).toContain('google.mailbox');

    const stranger = await typed(['plan', 'nobody@acme.test']);
    expect(stranger).toEqual({ code: 1, told: expect.stringContaining('No one in Okta has the address') });
    expect(writes()).toEqual([]);
  });

  it.each([[['plan']], [['plan', 'dana']], [['plan', 'dana@acme.test', '--live']], [['check', 'a', 'b']], [['dance']]])(
    'answers %j with what to type, and 2',
    async (args) => {
      expect(await typed(args)).toEqual({ code: 2, told: expect.stringContaining('policy plan EMAIL') });
    },
  );
});
