// Entry of `npm run sendoff -- …`: opens the database, hands the stores to the command, closes.
import os from 'node:os';
import { doctorCommand } from '../cli/doctor.ts';
import { policyCommand } from '../cli/policy.ts';
import { runCommand } from '../cli/sendoff.ts';
import { sweepCommand } from '../cli/sweep.ts';
import { createAuditStore } from '../store/audit.ts';
import { connectDatabase } from '../store/client.ts';
import { newestOf } from '../store/key-ring.ts';
import { createOperatorStore } from '../store/operators.ts';
import { countByKey, rotateSecrets } from '../store/secrets.ts';
import { StartError } from '../store/start-error.ts';
import { createSweepStore } from '../store/sweep.ts';
import { createPacer } from '../workflow/pace.ts';
import { sweepAll } from '../workflow/sweep.ts';
import { ConfigError, readConfig, readDatabaseConfig, readKeyRing } from './config.ts';
import { connectVendors, PACES } from './connect.ts';
import { openDatabase } from './database.ts';
import { doctorChecks } from './doctor.ts';
import { redact } from './log.ts';
import { readPolicy } from './policy.ts';
import { policyContext } from './policy-command.ts';

const printer = {
  print: (text: string) => void process.stdout.write(text),
  printError: (text: string) => void process.stderr.write(`${text}\n`),
};
const [area, ...rest] = process.argv.slice(2);

try {
  // A policy can be checked without a database, and a doctor starts nothing.
  if (area === 'policy') process.exitCode = await policyCommand(rest, policyContext(printer));
  else if (area === 'doctor') {
    const print = (text: string) => printer.print(redact(text));
    process.exitCode = await doctorCommand(rest, { ...printer, print, checks: doctorChecks() });
  } else if (area === 'sweep') process.exitCode = await runSweep();
  else await runWithStores();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** With the settings of the app: what it asks vendors and our own rows, and writes nothing. */
async function runSweep(): Promise<number> {
  const config = readConfig();
  const database = await openDatabase(config);
  const db = connectDatabase(database.url, (error) => printer.printError(error.message));
  const clock = { now: () => new Date() };
  try {
    // At the rate that the app shares.
    const pace = createPacer(async (vendor, calls, intervalMs, burst) => {
      const sql = 'SELECT reserve_pace($1, $2, $3, $4)';
      const [row] = await db.query<{ reserve_pace: number }>(sql, [vendor, calls, intervalMs, burst]);
      return row?.reserve_pace ?? 0;
    }, PACES);
    const { okta, bamboohr, google } = connectVendors(config, { pace, onCall: () => undefined, clock });
    const log = { warn: (_: object, words: string) => printer.printError(words) };
    const deps = {
      okta,
      bamboohr,
      google,
      rows: createSweepStore(db),
      policy: readPolicy(config.policyFile),
      clock,
      log,
    };
    return await sweepCommand({ print: (text) => printer.print(redact(text)), sweep: () => sweepAll(deps) });
  } finally {
    await db.close();
    await database.stop();
  }
}

async function runWithStores(): Promise<void> {
  const database = await openDatabase(readDatabaseConfig());
  const db = connectDatabase(database.url, (error) => process.stderr.write(`${error.message}\n`));
  const ring = readKeyRing();
  try {
    process.exitCode = await runCommand(process.argv.slice(2), {
      operators: createOperatorStore(db),
      audit: createAuditStore(db),
      keys: {
        newest: ring.size === 0 ? null : newestOf(ring),
        rotate: () => rotateSecrets(db, ring),
        count: () => countByKey(db),
      },
      actor: `cli:${os.userInfo().username}`,
      ...printer,
    });
  } finally {
    await db.close();
    await database.stop();
  }
}
