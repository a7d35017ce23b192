// A device return's ticket: what comes back, why, who asked, in a return's own words; and the words on the replacement as a comment.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { ticketsIn } from '../../support/tickets.ts';

let office: Office;
beforeAll(async () => {
  office = await anOffice({ jira: true });
}, 30_000);
afterAll(() => office.close());

it('says why and what comes back, and takes the answer as a comment', async () => {
  const site = ticketsIn(office);
  await office.lin.types('/return-device dana@acme.test');
  await office.until(() => office.lin.screen().includes('How does it come back?'));
  await office.lin.submits({
    return_reason: 'malfunction',
    typed_devices: 'laptop 5CG1234XYZ\nphone F2LDANA01',
    return_charger: ['charger'],
  });
  await office.until(() => office.lin.screen().includes('has started'));
  await office.until(() => site.all()[0]?.description);
  const [run] = await office.runs();
  const [ticket] = site.all();

  expect(ticket?.summary).toBe(`Device return ${run?.code}: Dana Whitfield`);
  for (const words of [
    'Why: broken',
    'Laptop 5CG1234XYZ',
    'Phone F2LDANA01',
    'with charger',
    '/return-device in Slack',
  ])
    expect(ticket?.description).toContain(words);
  expect(ticket?.description).not.toMatch(/offboard|dana@acme\.test/i);
  expect(ticket?.description.match(/replacement/g)).toHaveLength(1);

  const asked = () =>
    office.db.query<{ id: string; attempt: number }>(
      `SELECT id, attempt FROM step_run WHERE step = 'return.replacement' AND status = 'needs_human'`,
      [],
    );
  await office.until(async () => (await asked()).length === 2);
  await office.until(() => office.channel.thread().filter((one) => one.includes('Is the replacement')).length === 2);
  for (const { id, attempt } of await asked()) {
    const value = JSON.stringify({ stepRun: id, attempt });
    const message = office.channel.replies().find((one) => JSON.stringify(one.blocks).includes(id));
    await office.sam.clicks('step_approve', { messageTs: message?.ts ?? '', value });
  }
  await office.until(() => site.said().includes('The replacement is in use (Phone'));
  await office.until(() => site.said().includes('The replacement is in use (Laptop'));
  expect(site.said()).toContain('Done: The replacement is in use (Laptop, 5CG1234XYZ)');
  expect(site.said()).not.toMatch(/access revoked|offboard/i);
}, 40_000);
