// Apps outside Okta, through Slack: whoever looks after them is asked by direct message, answers there, and nobody else can; an approver may sign an exception.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditOf } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { type Owners, ownersIn, policyFile } from '../../support/office-owners.ts';
import { wordsOf } from '../../support/words.ts';

const TEAM = 'T0ACME';
const HOUR_MS = 3_600_000;
/** Monday 09:00 UTC is Monday 10:00 in Berlin: they are at work until 17:00. */
const BERLIN = 'zone: Europe/Berlin';
const POLICY = `
apps:
  - { key: figma, name: Figma, owner: grace@acme.test, backup: alex@acme.test, ${BERLIN}, deadlineHours: 4 }
  - { key: miro, name: Miro, owner: grace@acme.test, backup: alex@acme.test, ${BERLIN}, deadlineHours: 4 }
  - { key: notion, name: Notion, owner: alex@acme.test, backup: grace@acme.test, ${BERLIN}, deadlineHours: 4, when: { groups: [Engineering] } }
  - { key: intercom, name: Intercom, owner: grace@acme.test, backup: alex@acme.test, ${BERLIN}, when: { countries: [KR] } }
`;
let office: Office;
let owners: Owners;

beforeAll(async () => {
  office = await anOffice({ settings: { SENDOFF_POLICY: policyFile(POLICY) } });
  owners = ownersIn(office);
});
beforeEach(async () => {
  await office.operators.add({ teamId: TEAM, userId: 'U0LIN' }, 'admin', 'test');
  await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test');
});
afterEach(() => office.clear());
afterAll(() => office.close());

describe('apps outside Okta', () => {
  it('are asked about in one message an owner, whose word ends each; nobody else’s counts', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toContain('3 apps outside Okta');
    expect(office.lin.screen()).toContain('Figma (`grace@acme.test`)');
    expect(office.lin.screen()).not.toContain('Intercom');
    await office.lin.submits();
    await owners.asked('U0GRACE', 'Figma');
    await owners.asked('U0ALEX', 'Notion');

    expect(owners.directs('U0GRACE')).toHaveLength(1);
    expect(owners.words('U0GRACE')).toContain('Miro');
    expect(owners.words('U0GRACE')).not.toMatch(/Notion|Intercom|Okta account|Platform engineer/);
    expect(owners.words('U0ALEX')).not.toMatch(/Figma|Miro/);

    // Somebody else's message, by a forged click: not theirs to answer.
    await owners.presses('U0GRACE', 'owner_never_had', 'figma', 'U0ALEX');
    await office.until(() =>
      office
        .person('U0ALEX')
        .told()
        .some((one) => one.includes('not yours to answer')),
    );
    await office.until(() =>
      office.channel.notices().some((one) => one.includes('tried to answer for an app’s owner')),
    );
    expect((await owners.apps()).figma?.status).toBe('waiting');

    await owners.presses('U0GRACE', 'owner_never_had', 'figma');
    await office.until(async () => (await owners.apps()).figma?.status === 'done');
    // A click on what was drawn before is told who said what.
    await owners.presses('U0GRACE', 'owner_never_had', 'figma');
    await office.until(() =>
      office
        .person('U0GRACE')
        .told()
        .some((one) => /has said already that they never had access/.test(one)),
    );
    await owners.says('U0GRACE', 'owner_done_open', 'miro', 'Deactivated in the admin console');
    await office.until(async () => (await owners.apps()).miro?.status === 'done');
    expect((await office.runs())[0]?.status).toBe('open');
    await owners.says('U0ALEX', 'owner_done_open', 'notion', 'Removed from the workspace');
    await office.closed();

    for (const row of Object.values(await owners.apps()))
      expect(row).toMatchObject({ status: 'done', evidence: 'attested' });
    await office.until(() => owners.words('U0GRACE').includes('Nothing is left to do'));
    expect(owners.directs('U0GRACE')).toHaveLength(1);
    expect(owners.words('U0GRACE')).toContain('you said: never had access');
    await office.until(() =>
      office.channel.thread().some((one) => one.includes('Report: Dana Whitfield is offboarded')),
    );
    const report = office.channel.thread().find((one) => one.includes('Report:')) ?? '';
    expect(report).toContain('attested, not verified');
    expect(report).toContain('never had an account');
    expect(office.channel.root()).toContain('attested, not verified');

    const audit = await auditOf(office, String((await office.runs())[0]?.id));
    expect(
      audit
        .filter((one) => one.action === 'step.attested')
        .map((one) => one.actor)
        .sort(),
    ).toEqual([`${TEAM}/U0ALEX`, `${TEAM}/U0GRACE`, `${TEAM}/U0GRACE`]);
  });

  it('are reminded of at half of the time and at its end; then the backup is asked, and either answers', async () => {
    await office.offboard(office.lin, 'danna@acme.test');
    await owners.asked('U0GRACE', 'Figma');

    office.pass(2 * HOUR_MS);
    await office.until(() => owners.directs('U0GRACE').length === 2);
    expect(wordsOf(owners.directs('U0GRACE')[1]?.blocks ?? [])).toMatch(/Still open for Danna.*Figma, Miro/s);
    expect(owners.words('U0ALEX')).not.toContain('Figma');

    office.pass(2 * HOUR_MS);
    await owners.asked('U0ALEX', 'Figma');
    await office.until(() => owners.directs('U0GRACE').length === 3);
    await office.until(() =>
      office.channel.thread().some((one) => /Figma: Grace Njeri has not answered in time/.test(one)),
    );
    expect((await owners.apps()).figma?.after).toMatchObject({ turn: 'backup', asked: ['U0GRACE', 'U0ALEX'] });

    await owners.presses('U0ALEX', 'owner_never_had', 'figma');
    await owners.presses('U0GRACE', 'owner_never_had', 'miro');
    await office.until(
      async () => Object.values(await owners.apps()).filter((row) => row.status === 'done').length === 2,
    );
    expect((await office.runs())[0]?.status).toBe('open');
  });

  it('are called out where a message stands already: whoever has one would not notice that it grows', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await owners.asked('U0ALEX', 'Notion');
    expect(owners.directs('U0ALEX')).toHaveLength(1);

    // Their working hours go on tomorrow.
    office.pass(24 * HOUR_MS);

    await office.until(() => owners.words('U0ALEX').includes('Asked about as well, for Dana Whitfield:* Figma, Miro'));
  });
});

describe('an exception', () => {
  it('is an approver’s, with a reason that the report tells; without it the run stays open', async () => {
    await office.offboard(office.lin, 'danna@acme.test');
    await owners.asked('U0GRACE', 'Figma');
    await office.until(() => office.channel.thread().some((one) => one.includes('has until')));

    await office.sam.clicks('step_skip_open');
    await office.until(() => office.sam.told().length > 0);
    expect(office.sam.told()[0]).toMatch(/approver/);
    expect((await office.runs())[0]?.status).toBe('open');

    for (let signed = 1; signed <= Object.keys(await owners.apps()).length; signed++) {
      await office.lin.clicks('step_skip_open');
      await office.until(() => office.lin.screen().includes('Why may it stay open?'));
      await office.lin.submits({ note: 'The contract ends tomorrow' });
      await office.until(
        async () => Object.values(await owners.apps()).filter((row) => row.status === 'skipped').length === signed,
      );
      await office.until(
        () => office.channel.thread().filter((one) => one.includes('Exception signed by Lin Okafor')).length === signed,
      );
    }
    await office.closed();

    await office.until(() => office.channel.thread().some((one) => one.includes('Report:')));
    const report = office.channel.thread().find((one) => one.includes('Report:')) ?? '';
    expect(report).toContain('exception signed by Lin Okafor');
    expect(report).toContain('closed, but not everything is done');
    await office.until(() => owners.words('U0GRACE').includes('IT goes on without an answer'));
  });
});
