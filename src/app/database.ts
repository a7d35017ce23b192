// The database Sendoff stores in: DATABASE_URL's, or the embedded one; migrated, or a sentence why not.
import { defaultDataDir, startPostgres } from '../store/embedded-postgres.ts';
import { migrate } from '../store/migrate.ts';
import { StartError } from '../store/start-error.ts';

export interface OpenedDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

export async function openDatabase(where: {
  databaseUrl: string | null;
  dataDir: string | null;
}): Promise<OpenedDatabase> {
  const server = where.databaseUrl
    ? { url: where.databaseUrl, stop: async () => undefined }
    : await startPostgres({ dataDir: where.dataDir ?? defaultDataDir() });
  try {
    await migrate(server.url);
  } catch (error) {
    await server.stop();
    if (where.databaseUrl && isConnectionFailure(error)) {
      throw new StartError(
        `The database in DATABASE_URL does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}). Nothing was started. Check that the server runs, and that address, user and password are right; then start Sendoff again.`,
        { cause: error },
      );
    }
    throw error;
  }
  return { url: server.url, stop: async () => void (await server.stop()) };
}

/** Sockets, and PostgreSQL's classes 08 (connection), 28 (authorization), 3D (no such database), 57P (shutting down). */
function isConnectionFailure(error: unknown): boolean {
  const code = String((error as NodeJS.ErrnoException)?.code ?? '');
  return (
    /^(E[A-Z]+|08...|28...|3D...|57P..)$/.test(code) || /timeout|terminated/i.test(String((error as Error)?.message))
  );
}
