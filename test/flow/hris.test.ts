// What HR says, in the plan: shown and kept where it is this person, asked about where it may be another, never waited for.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../sandbox/people.ts';
import type { BambooHrSimulator } from '../../sandbox/vendors/bamboohr/server.ts';
import { createAuditStore } from '../../src/store/audit.ts';
import { anOffice, type Office } from '../support/office.ts';

let office: Office;
let bamboohr: BambooHrSimulator;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true });
  bamboohr = office.bamboohr as BambooHrSimulator;
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

interface Record {
  readonly id: string;
  readonly key: string;
  readonly employeeNumber: string;
}
const record = (key: string): Record =>
  (bamboohr.state() as { employees: Record[] }).employees.find((one) => one.key === key) as Record;
const change = (key: string, patch: object) => bamboohr.command('set_employee', { employee: key, patch });
const addRecord = (like: string, patch: object) =>
  bamboohr.command('add_employee', { employee: like, patch }) as Record;
const oktaProfile = (user: string, profile: object) => office.okta.command('set_user', { user, patch: { profile } });
const screen = () => office.lin.screen();
const plan = (address: string) => office.plan(office.lin, address);
const ids = async () => (await office.runs())[0]?.ids;
const audited = (action: string) =>
  office.db.query<{ actor: string; detail: unknown }>(
    `SELECT a.actor, a.detail FROM audit_event a JOIN run r ON r.id::text = a.chain WHERE a.action = $1`,
    [action],
  );
const nothingStarted = async () => {
  expect(await office.runs()).toEqual([]);
  expect(office.accounts.writes()).toEqual([]);
};

describe('a record that is this person’s', () => {
  it('is shown in the plan and kept by the run', async () => {
    change('dana', { endsOn: '2099-01-31' });
    await office.offboard(office.lin, 'dana@acme.test').catch(() => undefined);
    await office.closed();

    expect(await ids()).toEqual({
      okta: person('dana').okta.id,
      slack: 'U0DANA',
      bamboohr: record('dana').id,
      'hris.status': 'Active',
      'hris.employeeNumber': record('dana').employeeNumber,
      'hris.managerId': record('grace').id,
      'hris.managerName': 'Grace Njeri',
      'hris.managerEmail': 'grace@acme.test',
      'hris.country': 'United States',
      'hris.department': 'Engineering',
      'hris.hireDate': '2024-02-05',
      'hris.terminationDate': '2099-01-31',
      'hris.hidden': [],
    });
    expect(await audited('run.identity_decided')).toEqual([]);
  });

  it('in words', async () => {
    await plan('dana@acme.test');

    expect(screen()).toContain(
      'BambooHR: reports to Grace Njeri `grace@acme.test` · United States · Engineering · hired 2024-02-05 · no last day entered\nOkta status: active',
    );
    expect(screen()).not.toMatch(/Is this one person|managers differ|did not answer/);
  });

  it('without country or manager says so, and guesses none', async () => {
    change('dana', { country: null, supervisorId: null });
    await plan('dana@acme.test');

    expect(screen()).toContain('BambooHR: no manager entered · no country entered · Engineering');
    await office.lin.submits();
    await office.closed();
    expect(await ids()).toMatchObject({ 'hris.managerEmail': null, 'hris.country': null, 'hris.hidden': [] });
  });

  it('of which the key may not see all: unknown is not empty', async () => {
    bamboohr.command('hide_fields', { fields: ['country', 'supervisor', 'supervisorEId', 'supervisorEmail'] });
    await plan('dana@acme.test');

    expect(screen()).toContain('Sendoff’s BambooHR key may not see: manager, country. Not known, not empty.');
    expect(screen()).not.toMatch(/no manager entered|no country entered/);
    await office.lin.submits();
    await office.closed();
    expect(await ids()).toMatchObject({ 'hris.country': null, 'hris.hidden': ['manager', 'country'] });
  });

  it('finds the manager’s address in their own record where it is not in this one', async () => {
    bamboohr.command('hide_fields', { fields: ['supervisorEmail'] });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.closed();

    expect(await ids()).toMatchObject({ 'hris.managerEmail': 'grace@acme.test' });
  });

  it('with another manager than Okta’s: both are told, and HR’s is kept', async () => {
    oktaProfile('dana', { manager: 'Sam Rivera', managerId: 'sam@acme.test' });
    await plan('dana@acme.test');

    expect(screen()).toContain('*The managers differ.* BambooHR says Grace Njeri, Okta says Sam Rivera.');
    expect(screen()).not.toContain('Is this one person');
  });

  it('that changed under the open window is shown again before anything starts', async () => {
    await plan('dana@acme.test');
    change('dana', { country: 'South Korea' });
    await office.lin.submits();
    await office.until(() => screen().includes('The plan changed'));

    expect(screen()).toMatch(/Was: BambooHR: .*United States.*\nNow: BambooHR: .*South Korea/);
    await nothingStarted();
  });
});

describe('what HR does not say keeps nobody from being offboarded:', () => {
  it.each([
    [
      'no record',
      () => change('dana', { workEmail: null }),
      'BambooHR has no record with this address that Sendoff may see',
    ],
    [
      'an outage',
      () => down(),
      '*BambooHR did not answer: manager and country are not known* (Service unavailable). The Okta account can be offboarded all the same.',
    ],
    [
      'a refused key',
      () => bamboohr.command('revoke_key'),
      '*BambooHR refused Sendoff’s key: manager and country are not known*',
    ],
    [
      'hidden addresses',
      () => bamboohr.command('hide_fields', { fields: ['workEmail'] }),
      '*BambooHR refused Sendoff’s key: ',
    ],
  ])('%s', async (_, harm, words) => {
    harm();
    await plan('dana@acme.test');
    expect(screen()).toContain(words);

    await office.lin.submits();
    await office.closed();

    expect(office.accounts.of('dana').status).toBe('DEPROVISIONED');
    expect(await ids()).toEqual({ okta: person('dana').okta.id, slack: 'U0DANA' });
  });

  const down = () =>
    office.bamboohr?.faults.add({ kind: 'status', status: 503, operation: 'bamboohr.getDataFromDataset', times: 9 });

  it('an HR system that hangs is waited for five seconds at most', async () => {
    bamboohr.command('set_latency', { ms: 20_000 });
    const startedAt = performance.now();
    await plan('dana@acme.test');

    expect(performance.now() - startedAt).toBeLessThan(7_500);
    expect(screen()).toMatch(/did not answer: .*(no answer within 5 s|timed out)/);
  });
});

describe('where HR and Okta may mean different people', () => {
  it('another employee number: both are shown, nothing starts before the choice, and the choice is kept', async () => {
    oktaProfile('dana', { employeeNumber: '7777' });
    await plan('dana@acme.test');

    expect(screen()).toContain(
      '*Is this one person?* Okta and BambooHR have different employee numbers for this account. Choose below.',
    );
    expect(screen()).toContain(
      '*Okta account*\nDana Whitfield\n`dana@acme.test`\nemployee number 7777\nPlatform engineer',
    );
    const { id, employeeNumber } = record('dana');
    expect(screen()).toContain(
      `*BambooHR record ${id}*, active\nDana Whitfield\n\`dana@acme.test\`\nemployee number ${employeeNumber}\nPlatform engineer\nhired 2024-02-05\nreports to Grace Njeri \`grace@acme.test\`\nUnited States`,
    );

    await office.lin.submits({}, { force: true });
    expect(office.lin.view()?.errors).toEqual({ identity: 'Choose one first. Nothing was changed.' });
    await nothingStarted();

    await office.lin.submits({ identity: id });
    await office.closed();
    expect(await ids()).toMatchObject({ bamboohr: id, 'hris.decided': id, 'hris.managerEmail': 'grace@acme.test' });
    expect(await audited('run.identity_decided')).toEqual([
      { actor: 'T0ACME/U0LIN', detail: { chosen: id, offered: [id], because: ['other_number'] } },
    ]);
    const [decision] = await office.db.query('SELECT decided_by, answer FROM decision WHERE kind = $1', ['identity']);
    expect(decision).toEqual({
      decided_by: 'T0ACME/U0LIN',
      answer: { chosen: id, offered: [id], because: ['other_number'] },
    });
    const chains = await createAuditStore(office.db).verify();
    expect(chains.filter((chain) => chain.firstBad !== null)).toEqual([]);
  });

  it('another name, and no number in Okta: a person may say that the record is nobody’s here', async () => {
    change('dana', { firstName: 'Marco', lastName: 'Bianchi', displayName: 'Marco Bianchi' });
    await plan('dana@acme.test');
    expect(screen()).toContain('Okta and BambooHR have different names for this account.');

    await office.lin.submits({ identity: 'none' });
    await office.closed();

    expect(await ids()).toEqual({
      okta: person('dana').okta.id,
      slack: 'U0DANA',
      'hris.decided': 'none',
      'hris.offered': [record('dana').id],
      'hris.because': ['other_name'],
    });
    expect(office.accounts.of('dana').status).toBe('DEPROVISIONED');
  });

  it('two records, one of them inactive: both are shown, the Okta account is the one that was named', async () => {
    const old = addRecord('dana', { endsOn: '2020-06-30', hiredOn: '2018-01-01', employmentStatus: 'Terminated' });
    await plan('dana@acme.test');

    expect(screen()).toContain('*Is this one person?* BambooHR has more than one record for this account.');
    expect(screen()).toContain(`*BambooHR record ${old.id}*, inactive`);
    expect(screen()).toContain('last day 2020-06-30');

    await office.lin.submits({ identity: record('dana').id });
    await office.closed();
    expect(await ids()).toMatchObject({ bamboohr: record('dana').id, 'hris.offered': [record('dana').id, old.id] });
    expect(office.accounts.touched().filter((id) => id.startsWith('00u'))).toEqual([person('dana').okta.id]);
  });

  it('two people with one address: the login says which account, a person says which record', async () => {
    await plan('pat.kim@acme.test');
    expect(screen()).toMatch(/\*Okta account\*\nPat Kim\n`pat\.kim@acme\.test`[\s\S]*\nPat Kim\n[\s\S]*\nPat Quill\n/);

    await office.lin.submits({ identity: record('patOne').id });
    await office.closed();

    expect(await ids()).toMatchObject({ okta: person('patOne').okta.id, bamboohr: record('patOne').id });
    expect(office.accounts.of('patTwo').status).toBe('ACTIVE');
  });

  it('another choice is another start, by its hash', async () => {
    const hashes: unknown[] = [];
    for (const identity of [record('patOne').id, 'none']) {
      await plan('pat.kim@acme.test');
      await office.lin.submits({ identity });
      await office.closed();
      hashes.push((await office.db.query<{ plan_hash: string }>('SELECT plan_hash FROM run', [])).at(-1)?.plan_hash);
      await office.clear();
    }

    expect(new Set(hashes).size).toBe(2);
  });

  it('a choice that was not on offer starts nothing', async () => {
    oktaProfile('dana', { employeeNumber: '7777' });
    await plan('dana@acme.test');

    await office.lin.submits({ identity: record('ada').id }, { force: true });

    expect(office.lin.view()?.errors).toEqual({ identity: 'Choose one first. Nothing was changed.' });
    await nothingStarted();
  });

  it('a window without the question is no way around it', async () => {
    oktaProfile('dana', { employeeNumber: '7777' });
    await plan('dana@acme.test');
    const view = office.lin.view();
    if (!view) throw new Error('no plan is open');
    const blocks = (view.content.blocks as { block_id?: string }[]).filter((block) => block.block_id !== 'identity');
    view.content = { ...view.content, blocks };
    delete view.values.identity;

    await office.lin.submits();
    await office.until(() => screen().includes('Not started'));

    expect(screen()).toContain('nobody has said which record is this person’s');
    await nothingStarted();
  });

  it('a contradiction that comes up between plan and confirmation is asked about', async () => {
    await plan('dana@acme.test');
    oktaProfile('dana', { employeeNumber: '7777' });
    await office.lin.submits();
    await office.until(() => screen().includes('The plan changed'));

    expect(screen()).toContain('Now: BambooHR and Okta may mean different people');
    expect(screen()).toContain('Whose record is it?');
    await nothingStarted();

    await office.lin.submits({ identity: record('dana').id });
    await office.closed();
    expect(await ids()).toMatchObject({ 'hris.decided': record('dana').id });
  });

  it('two records of which one cannot be read stand both there', async () => {
    const other = addRecord('dana', {});
    bamboohr.faults.add({
      kind: 'status',
      status: 403,
      operation: 'bamboohr.getEmployee',
    });
    await plan('dana@acme.test');

    expect(screen()).toContain(`record ${record('dana').id}`);
    expect(screen()).toContain(`record ${other.id}`);
    expect(screen()).toContain('employee number cannot be seen');
  });
});
