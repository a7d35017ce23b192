// Brings a database to this version's tables. Writes Prisma's own journal (`_prisma_migrations`), so that
// `prisma migrate deploy` and `status` agree, without its CLI: that takes a second and, unpatched, a download.
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, type DatabaseError } from 'pg';
import { StartError } from './start-error.ts';

type Migration = { readonly name: string; readonly sql: string };
type Applied = {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
};

const OWN_MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
// Prisma's own key, so that its CLI and we wait for each other. @see schema-engine of prisma-engines, sql-schema-connector,
// flavour/postgres/connector.rs: "SELECT pg_advisory_lock(72707369)"
const LOCK_KEY = 72707369;
const CONNECT_TIMEOUT_MS = 10_000;
// The same table as Prisma's. @see flavour/postgres.rs there, create_migrations_table
const JOURNAL = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Applies what is missing, each migration in a transaction of its own, and returns the names it applied. Safe to call
 * from several processes at once and again at every start. Throws StartError, having changed nothing of the migration it
 * names, when one fails, when an applied file was edited since, or when the database belongs to a newer version.
 */
export async function migrate(databaseUrl: string, directory = OWN_MIGRATIONS): Promise<{ applied: string[] }> {
  const migrations = readMigrations(directory);
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined); // the query under way rejects with the same error
  await client.connect();
  try {
    if (missing(migrations, await readJournal(client)).length === 0) return { applied: [] };
    // Of the session, not of a transaction: it is held over several, and the server frees it if we are killed.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(JOURNAL);
    const toApply = missing(migrations, await readJournal(client));
    for (const migration of toApply) await apply(client, migration);
    return { applied: toApply.map(({ name }) => name) };
  } finally {
    await client.end();
  }
}

/** Names of the migrations that the next start would apply. Reads only; throws StartError as `migrate` does. */
export async function unapplied(databaseUrl: string, directory = OWN_MIGRATIONS): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return missing(readMigrations(directory), await readJournal(client)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(path.join(directory, name, 'migration.sql'), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readJournal(client: Client): Promise<Applied[]> {
  const { rows } = await client.query<{ journal: string | null }>(
    `SELECT to_regclass('_prisma_migrations') AS journal`,
  );
  if (!rows[0]?.journal) return [];
  const journal = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  );
  return journal.rows;
}

function missing(migrations: readonly Migration[], journal: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at } of journal) {
    const migration = known.get(name);
    if (!migration) {
      throw new StartError(
        `A newer version of Sendoff ran on this database (it applied ${name}, which this version does not have): ` +
          'start that version or a later one. Nothing was changed.',
      );
    }
    if (!finished_at) {
      throw new StartError(
        `The migration ${name} was begun by another tool and did not finish: put the database right, ` +
          `then run \`npx prisma migrate resolve --rolled-back ${name}\` and start Sendoff again.`,
      );
    }
    if (!checksums(migration.sql).includes(checksum)) {
      throw new StartError(
        `prisma/migrations/${name}/migration.sql was edited after it was applied to this database: ` +
          'put the file back as it was, and make the change in a new migration. Nothing was changed.',
      );
    }
    known.delete(name);
  }
  return [...known.values()];
}

/** The file's own first; then with either line ending, for git may have changed them on the way to Windows. */
function checksums(sql: string): string[] {
  const unix = sql.replaceAll('\r\n', '\n');
  const forms = [sql, unix, unix.replaceAll('\n', '\r\n')];
  return forms.map((form) => createHash('sha256').update(form).digest('hex'));
}

async function apply(client: Client, { name, sql }: Migration): Promise<void> {
  let done = 0;
  const count = () => {
    done += 1;
  };
  await client.query('BEGIN');
  client.connection.on('commandComplete', count);
  try {
    // In one message, so that PostgreSQL, not we, finds where a statement ends.
    await client.query(sql);
  } catch (cause) {
    const message = complaint(name, sql, done, cause as DatabaseError);
    await client.query('ROLLBACK');
    throw new StartError(message, { cause });
  } finally {
    client.connection.off('commandComplete', count);
  }
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), checksums(sql)[0], name],
  );
  await client.query('COMMIT');
}

function complaint(name: string, sql: string, done: number, error: DatabaseError): string {
  const statements = statementsOf(sql);
  const position = error.position === undefined ? undefined : Number(error.position) - 1;
  const at = position === undefined ? done : statements.findLastIndex(({ start }) => start <= position);
  const { start, text } = statements[at] ?? { start: 0, text: '' };
  const line = sql.slice(0, position ?? start).split('\n').length;
  return (
    `prisma/migrations/${name}/migration.sql failed at line ${line}, in \`${text.replace(/\s+/g, ' ').slice(0, 80)}\`: ` +
    `${error.message}. That migration was undone as a whole.`
  );
}

/** Roughly, for the message only: strings, quoted names, comments and dollar-quoted bodies may hold a semicolon. */
function statementsOf(sql: string): { start: number; text: string }[] {
  const token = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|;|[^\s;]/g;
  const statements: { start: number; text: string }[] = [];
  let start: number | undefined;
  for (const match of sql.matchAll(token)) {
    const isComment = match[0].startsWith('--') || match[0].startsWith('/*');
    if (match[0] === ';' && start !== undefined) {
      statements.push({ start, text: sql.slice(start, match.index) });
      start = undefined;
    } else if (!isComment) start ??= match.index;
  }
  if (start !== undefined) statements.push({ start, text: sql.slice(start).trim() });
  return statements;
}
