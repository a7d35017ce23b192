// The migrations against a real PostgreSQL: what is applied, what is refused and in which words.
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/store/migrate.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let client: Client;
let directory: string;

beforeEach(async () => {
  database = await freshDatabase({ empty: true });
  client = new Client({ connectionString: database.url });
  await client.connect();
  directory = mkdtempSync(path.join(os.tmpdir(), 'sendoff-migrations-'));
  add('0001_people', 'CREATE TABLE people (id int PRIMARY KEY);\nINSERT INTO people VALUES (1);\n');
});

afterEach(async () => {
  await client.end();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

describe('migrate', () => {
  it('applies what is missing, in order, and nothing the second time', async () => {
    add('0002_more', 'INSERT INTO people VALUES (2);');

    const first = await migrate(database.url, directory);
    const second = await migrate(database.url, directory);

    expect(first.applied).toEqual(['0001_people', '0002_more']);
    expect(second.applied).toEqual([]);
    expect(await rows('SELECT id FROM people ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('applies its own migrations to an empty database', async () => {
    const { applied } = await migrate(database.url);

    expect(applied.length).toBeGreaterThan(0);
  });

  it('leaves nothing of a migration that fails, and says which file, line and statement', async () => {
    add(
      '0002_bad',
      'CREATE TABLE half (id int);\n-- a comment; with a semicolon\nINSERT INTO people VALUES (2);\nINSERT INTO people\n  VALUES (1);\n',
    );

    const failure = migrate(database.url, directory);

    await expect(failure).rejects.toThrow(
      /^prisma\/migrations\/0002_bad\/migration\.sql failed at line 4, in `INSERT INTO people VALUES \(1\)`: duplicate key/,
    );
    expect(await rows("SELECT to_regclass('half') AS half, (SELECT count(*)::int FROM people) AS people")).toEqual([
      { half: null, people: 1 },
    ]);
    expect(await rows('SELECT migration_name FROM _prisma_migrations')).toEqual([{ migration_name: '0001_people' }]);
  });

  it('finds a syntax error after a function whose body holds semicolons', async () => {
    add(
      '0002_bad',
      'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;\n\nCREATE TABEL x ();',
    );

    await expect(migrate(database.url, directory)).rejects.toThrow(
      /failed at line 3, in `CREATE TABEL x \(\)`: syntax error/,
    );
  });

  it('refuses a database on which a newer version ran', async () => {
    const newer = mkdtempSync(path.join(os.tmpdir(), 'sendoff-migrations-'));
    cpSync(directory, newer, { recursive: true });
    add('0002_newer', 'SELECT 1;', newer);
    await migrate(database.url, newer);
    rmSync(newer, { recursive: true });

    await expect(migrate(database.url, directory)).rejects.toThrow(
      /^A newer version of Sendoff ran on this database \(it applied 0002_newer,/,
    );
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await migrate(database.url, directory);
    appendFileSync(path.join(directory, '0001_people/migration.sql'), '-- later\n');

    await expect(migrate(database.url, directory)).rejects.toThrow(
      /0001_people\/migration\.sql was edited after it was applied/,
    );
  });

  it('takes a file whose line endings git changed for the same', async () => {
    await migrate(database.url, directory);
    add('0001_people', 'CREATE TABLE people (id int PRIMARY KEY);\r\nINSERT INTO people VALUES (1);\r\n');

    expect(await migrate(database.url, directory)).toEqual({ applied: [] });
  });

  it('refuses what `prisma migrate deploy` left half done', async () => {
    await migrate(database.url, directory);
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');

    await expect(migrate(database.url, directory)).rejects.toThrow(
      /npx prisma migrate resolve --rolled-back 0001_people/,
    );
  });

  it('applies each migration once when two processes start together', async () => {
    add('0002_slow', 'SELECT pg_sleep(0.3);\nINSERT INTO people VALUES (2);');

    const applied = await Promise.all([migrateElsewhere(), migrateElsewhere()]);

    expect(applied.flat().sort()).toEqual(['0001_people', '0002_slow']);
    expect(
      await rows('SELECT migration_name, applied_steps_count AS steps FROM _prisma_migrations ORDER BY 1'),
    ).toEqual([
      { migration_name: '0001_people', steps: 1 },
      { migration_name: '0002_slow', steps: 1 },
    ]);
  });
});

function add(name: string, sql: string, to = directory): void {
  mkdirSync(path.join(to, name), { recursive: true });
  writeFileSync(path.join(to, name, 'migration.sql'), sql);
}

async function rows(sql: string): Promise<unknown[]> {
  return (await client.query(sql)).rows;
}

function migrateElsewhere(): Promise<string[]> {
  const source = new URL('../../../src/store/migrate.ts', import.meta.url).href;
  const script = `const { migrate } = await import(${JSON.stringify(source)});
    const { applied } = await migrate(${JSON.stringify(database.url)}, ${JSON.stringify(directory)});
    console.log(JSON.stringify(applied));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`exit ${code}`))));
  });
}
