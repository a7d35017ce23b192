// What an admin types on the machine: each command says what it did, and the exit status agrees.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/cli/sendoff.ts';
import { createAuditStore } from '../../../src/store/audit.ts';
import { connectDatabase, type Database } from '../../../src/store/client.ts';
import { type KeyRing, newestOf, parseKeyRing } from '../../../src/store/key-ring.ts';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { countByKey, createSecretStore, rotateSecrets } from '../../../src/store/secrets.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let db: Database;
let ring: KeyRing = new Map();

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
    keys: {
      newest: ring.size === 0 ? null : newestOf(ring),
      rotate: () => rotateSecrets(db, ring),
      count: () => countByKey(db),
    },
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

describe('sendoff keys', () => {
  it('makes the first key, seals with the second, and says when the first may go', async () => {
    const first = (await typed('keys', 'new')).text.split('\n')[0] ?? '';
    ring = ringOf(first);
    const place = { runId: await aRunId(), subject: 'jamf:1', kind: 'passcode' } as const;
    await createSecretStore(db, ring).sealOnce(place, () => '493027');
    const second = (await typed('keys', 'new')).text.split('\n')[0] ?? '';
    ring = ringOf(`${first},${second}`);

    expect((await typed('keys', 'list')).text).toBe('key 1 opens 1\n');
    expect(await typed('keys', 'rotate')).toMatchObject({
      status: 0,
      text: '1 sealed anew under key 2. Older keys open nothing any more: take them out of SENDOFF_SECRET_KEYS.\n',
    });
    ring = ringOf(second);
    expect((await typed('keys', 'list')).text).toBe('key 2 opens 1 · seals what is new\n');
    expect((await createSecretStore(db, ring).open(place))?.reveal()).toBe('493027');
  });
});

function ringOf(text: string): KeyRing {
  const parsed = parseKeyRing(text);
  if ('wrong' in parsed) throw new Error(parsed.wrong);
  return parsed.ring;
}

async function aRunId(): Promise<string> {
  const [row] = await db.query<{ id: string }>(
    `INSERT INTO run (kind, code, person_id, person, ids, trigger, requested_by, policy_hash, status, requested_at)
       VALUES ('offboarding', 'OFF-900', 'ada', '{}', '{}', 'test', 'T1/U1', 'p', 'open', now()) RETURNING id`,
    [],
  );
  if (!row) throw new Error('no run');
  return row.id;
}
