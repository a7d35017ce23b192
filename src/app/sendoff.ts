// Entry of `npm run sendoff -- …`: opens the database, hands the stores to the command, closes.
import os from 'node:os';
import { runCommand } from '../cli/sendoff.ts';
import { createAuditStore } from '../store/audit.ts';
import { connectDatabase } from '../store/client.ts';
import { createOperatorStore } from '../store/operators.ts';
import { StartError } from '../store/start-error.ts';
import { ConfigError, readDatabaseConfig } from './config.ts';
import { openDatabase } from './database.ts';

try {
  const database = await openDatabase(readDatabaseConfig());
  const db = connectDatabase(database.url, (error) => process.stderr.write(`${error.message}\n`));
  try {
    process.exitCode = await runCommand(process.argv.slice(2), {
      operators: createOperatorStore(db),
      audit: createAuditStore(db),
      actor: `cli:${os.userInfo().username}`,
      print: (text) => process.stdout.write(text),
      printError: (text) => process.stderr.write(`${text}\n`),
    });
  } finally {
    await db.close();
    await database.stop();
  }
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
