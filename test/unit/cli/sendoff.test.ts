// What an admin types on the machine: each command says what it did, and the exit status agrees.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/cli/sendoff.ts';
import { createAuditStore } from '../../../src/store/audit.ts';
import { connectDatabase, type Database } from '../../../src/store/client.ts';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await freshDatabase();
  db = connectDatabase(database.url, () => undefined);
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

async function typed(...args: string[]): Promise<{ status: number; text: string }> {
  const printed: string[] = [];
  const status = await runCommand(args, {
    operators: createOperatorStore(db),
    audit: createAuditStore(db),
    actor: 'cli:lin',
    print: (text) => printed.push(text),
    printError: (text) => printed.push(text),
  });
  return { status, text: printed.join('') };
}

describe('sendoff operators', () => {
  it('says that an empty list lets nobody in, and how to add the first', async () => {
    expect(await typed('operators', 'list')).toMatchObject({
      status: 0,
      text: expect.stringContaining('nobody may act'),
    });
  });

  it('adds, lists and removes, with an audit row for each change', async () => {
    const added = await typed('operators', 'add', 'T0ACME:U0LIN', '--role', 'admin');
    const listed = await typed('operators', 'list');
    const removed = await typed('operators', 'remove', 'T0ACME:U0LIN');
    const again = await typed('operators', 'remove', 'T0ACME:U0LIN');

    expect(added).toMatchObject({ status: 0, text: 'T0ACME:U0LIN may act as admin.\n' });
    expect(listed.text).toMatch(/T0ACME:U0LIN {2}admin {2}added by cli:lin at 20/);
    expect(removed.status).toBe(0);
    expect(again).toMatchObject({ status: 1, text: expect.stringContaining('Nothing was changed') });
    const rows = await db.prisma.auditEvent.findMany({ where: { chain: 'team' }, orderBy: { seq: 'asc' } });
    expect(rows.map((row) => [row.actor, row.action]).slice(0, 2)).toEqual([
      ['cli:lin', 'operator.added'],
      ['cli:lin', 'operator.removed'],
    ]);
  });

  it.each([
    [['operators', 'add', 'U0LIN'], /TEAM:USER/],
    [['operators', 'add', 'T0ACME:U0LIN', '--role', 'king'], /operator, approver, admin/],
    [['operators', 'promote'], /operators list/],
    [['operators', 'list', '--all'], /all/],
    [['evidence'], /evidence verify/],
    [['dance'], /no command dance/],
  ])('answers %j with what to type, and 2', async (args, said) => {
    const { status, text } = await typed(...args);

    expect(status).toBe(2);
    expect(text).toMatch(said);
  });
});

describe('sendoff evidence verify', () => {
  it('says that all chains hold, and with 1 which one does not', async () => {
    const whole = await typed('evidence', 'verify');
    await db.pool.query('ALTER TABLE audit_event DISABLE TRIGGER no_change');
    await db.pool.query(`UPDATE audit_event SET actor = 'somebody else' WHERE seq = 1`);
    const broken = await typed('evidence', 'verify');

    expect(whole).toMatchObject({ status: 0, text: expect.stringContaining('chains hold') });
    expect(broken).toMatchObject({ status: 1, text: expect.stringContaining('BROKEN  chain team: row 1') });
  });
});
