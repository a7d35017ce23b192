// The database, checked: that it answers, its migrations, its clock, every audit chain.
import type { Finding } from '../../cli/doctor.ts';
import { createAuditStore } from '../../store/audit.ts';
import { connectDatabase } from '../../store/client.ts';
import { defaultDataDir, runningPostgres } from '../../store/embedded-postgres.ts';
import { unapplied } from '../../store/migrate.ts';
import { StartError } from '../../store/start-error.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import { clockFinding, ok, problem } from './finding.ts';

export async function checkDatabase(
  { databaseUrl, dataDir }: { readonly databaseUrl: string | null; readonly dataDir: string | null },
  clock: Clock,
): Promise<readonly Finding[]> {
  const url = databaseUrl ?? runningPostgres(dataDir ?? defaultDataDir());
  if (url === null) return [ok('embedded; not running now, it starts with Sendoff')];
  let waiting: readonly string[];
  try {
    waiting = await unapplied(url);
  } catch (error) {
    if (error instanceof StartError) return [problem(error.message, 'As it says')];
    const code = (error as NodeJS.ErrnoException).code ?? 'no answer';
    return [
      problem(
        `does not answer (${code})`,
        'Check that the server of DATABASE_URL runs, and its address, user and password',
      ),
    ];
  }
  if (waiting.length > 0) return [ok('answers'), ok(`the next start applies ${waiting.join(', ')}`)];
  const db = connectDatabase(url, () => undefined);
  try {
    const [now] = await db.query<{ now: Date }>('SELECT clock_timestamp() AS now', []);
    const chains = await createAuditStore(db).verify();
    const broken = chains.filter((chain) => chain.firstBad !== null);
    return [
      ok('answers, up to date'),
      clockFinding('the database', now?.now ?? null, clock),
      ...(broken.length === 0
        ? [ok(`${chains.length} audit ${chains.length === 1 ? 'chain holds' : 'chains hold'}`)]
        : []),
      ...broken.map(({ chain, firstBad }) =>
        problem(
          `audit chain ${chain} does not hold: row ${firstBad} was changed, removed or cut off`,
          'Treat it as an incident: who had the database’s owner role?',
        ),
      ),
    ];
  } finally {
    await db.close();
  }
}
