// Entry of `npm run sendoff -- …`: opens the database, hands the stores to the command, closes.
import os from 'node:os';
import { doctorCommand } from '../cli/doctor.ts';
import { policyCommand } from '../cli/policy.ts';
import { runCommand } from '../cli/sendoff.ts';
import { createAuditStore } from '../store/audit.ts';
import { connectDatabase } from '../store/client.ts';
import { newestOf } from '../store/key-ring.ts';
import { createOperatorStore } from '../store/operators.ts';
import { countByKey, rotateSecrets } from '../store/secrets.ts';
import { StartError } from '../store/start-error.ts';
import { ConfigError, readDatabaseConfig, readKeyRing, readPolicySetting } from './config.ts';
import { openDatabase } from './database.ts';
import { doctorChecks } from './doctor.ts';
import { redact } from './log.ts';
import { PolicyError, readPolicy } from './policy.ts';

const printer = {
  print: (text: string) => void process.stdout.write(text),
  printError: (text: string) => void process.stderr.write(`${text}\n`),
};
const [area, ...rest] = process.argv.slice(2);

try {
  // Without a database of its own: a policy can be checked anywhere, and a doctor starts nothing.
  if (area === 'policy') process.exitCode = policyCommand(rest, { ...printer, check: checkPolicyFile });
  else if (area === 'doctor') {
    const print = (text: string) => printer.print(redact(text));
    process.exitCode = await doctorCommand(rest, { ...printer, print, checks: doctorChecks() });
  } else await runWithStores();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function checkPolicyFile(file: string | null) {
  try {
    return readPolicy(file ?? readPolicySetting());
  } catch (error) {
    if (error instanceof PolicyError) return { problems: error.problems };
    throw error;
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
