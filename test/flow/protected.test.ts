// Protected people: the plan says why, the whole address is typed, and nothing is touched until another approver has agreed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/app/policy.ts';
import { anOffice, type Office } from '../support/office.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
const SENDOFF_POLICY = path.join(folder, 'sendoff.policy.yaml');
let office: Office;

beforeAll(async () => {
  writeFileSync(
    SENDOFF_POLICY,
    'protected:\n  groups: ["on-call"]\n  titles: ["head of *"]\n  addresses: ["Danna@acme.test"]\n',
  );
  office = await anOffice({ settings: { SENDOFF_POLICY } });
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
});

const oktaWrites = () => office.okta.journal.calls.filter((call) => call.write && call.operation !== 'okta.token');

describe('the plan says that somebody is protected, and why', () => {
  it.each([
    ['by a group', 'dana@acme.test', 'in the group on-call'],
    ['by a title', 'admin@acme.test', 'title head of ∗'],
    ['by address', 'danna@acme.test', 'named by address'],
  ])('%s', async (_, address, because) => {
    await office.plan(office.lin, address);

    expect(office.lin.screen()).toContain('is protected.* A second approver must agree before anything runs.');
    expect(office.lin.screen()).toContain(`Because: ${because}.`);
    expect(office.lin.screen()).toContain(`Type ${address} to confirm`);
  });

  it('and of others it asks for nothing to be typed', async () => {
    await office.plan(office.lin, 'ada@acme.test');

    expect(office.lin.screen()).not.toMatch(/is protected|Type ada/);
  });
});

describe('the typed address', () => {
  it.each(['', 'danna', 'dana@acme.test', 'danna@acme.test.evil'])(
    'that is %j is told at the input, and nothing is committed',
    async (typed) => {
      await office.plan(office.lin, 'danna@acme.test');

      await office.lin.submits({ typed_confirm: typed }, { force: true });

      expect(office.lin.view()?.errors).toEqual({
        typed_confirm: 'That does not match danna@acme.test. Nothing was changed. Check the spelling and try again.',
      });
      expect(await office.db.query(`SELECT 1 FROM inbound_delivery WHERE kind = 'confirm'`, [])).toEqual([]);
    },
  );

  it('that is right, case aside, asks for approval and starts nothing', async () => {
    await office.plan(office.lin, 'danna@acme.test');

    await office.lin.submits({ typed_confirm: ' Danna@Acme.test ', reason: 'Moved up by legal' });
    await office.until(() => office.lin.screen().includes('Approval asked for'));

    expect(office.lin.screen()).toContain('*Nothing has changed yet.* It starts once another approver has agreed');
    expect((await office.runs()).map((run) => run.status)).toEqual(['awaiting_approval']);
    expect(oktaWrites()).toEqual([]);
  });

  it('cannot be gone around with another plan’s window', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    const metadata = office.lin.view()?.content.private_metadata;
    await office.lin.closes();
    await office.plan(office.lin, 'ada@acme.test');
    const view = office.lin.view();
    if (view) view.content = { ...view.content, private_metadata: metadata };

    await office.lin.submits();
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(await office.runs()).toEqual([]);
    expect(oktaWrites()).toEqual([]);
  });
});

it('somebody who becomes protected between look and click is shown as that, and not started', async () => {
  await office.plan(office.lin, 'ada@acme.test');
  office.okta.command('set_user', { user: 'ada', patch: { profile: { title: 'Head of Data' } } });

  await office.lin.submits();
  await office.until(() => office.lin.screen().includes('The plan changed'));

  expect(office.lin.screen()).toContain('Type ada@acme.test to confirm');
  expect(await office.runs()).toEqual([]);
});

it('groups that cannot be read start nothing', async () => {
  office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.listUserGroups' });

  await office.lin.types('/offboard ada@acme.test');
  await office.until(() => office.lin.screen().includes('Not started'));

  expect(office.lin.screen()).toContain('I could not check this safeguard');
});

it('a run pins the policy it was started with', async () => {
  await office.offboard(office.lin, 'ada@acme.test');
  await office.closed();

  const [run] = await office.db.query('SELECT policy_hash, policy FROM run', []);
  expect(run).toMatchObject({
    policy_hash: readPolicy(SENDOFF_POLICY).hash,
    policy: {
      'protected.groups': ['on-call'],
      'protected.titles': ['head of *'],
      'protected.addresses': ['Danna@acme.test'],
      'protected.containBeforeApproval': false,
      'protected.remindAfterHours': 4,
      'transfer.releaseRooms': true,
      'google.atEnd': 'suspend',
      'google.freeLicence': false,
    },
  });
});
