// `sendoff policy plan`, wired: the plan of an offboarding as the window shows it, made by reads alone. Starts nothing, keeps nothing.
import { randomBytes } from 'node:crypto';
import { connectDatabase } from '../store/client.ts';
import { createDeviceRunStore } from '../store/device-runs.ts';
import { createOperatorStore } from '../store/operators.ts';
import { createRunStore } from '../store/runs.ts';
import { createSecretStore } from '../store/secrets.ts';
import type { Clock, LiveRun } from '../workflow/model/ports.ts';
import { type Preview, previewOffboarding } from '../workflow/preview.ts';
import type { Config } from './config.ts';
import { connectToSlack, connectVendors } from './connect.ts';
import { openDatabase } from './database.ts';
import { readPolicy } from './policy.ts';
import { returnDeps } from './returns.ts';
import { connectSteps } from './steps.ts';

/** `live`: the run that there is of this person already; null: none. */
export type DryRun = { readonly seen: Preview; readonly live: LiveRun | null };

export async function planFor(
  config: Config,
  email: string,
  clock: Clock,
  warn: (fields: object, message: string) => void,
): Promise<DryRun> {
  const policy = readPolicy(config.policyFile);
  const database = await openDatabase(config);
  const db = connectDatabase(database.url, (error) => warn({ err: error }, 'a database connection broke'));
  const onCall = (): void => undefined;
  try {
    const slack = connectToSlack(config, onCall);
    // A few reads: the buckets that runs share are rows, and nothing is written here.
    const vendors = connectVendors(config, { pace: async () => undefined, onCall, clock });
    const returns = returnDeps(db, slack, vendors);
    const steps = connectSteps({
      config,
      db,
      slack,
      vendors,
      returns,
      secrets: createSecretStore(db, new Map()),
      readRun: async () => null,
    });
    const { teamId } = await slack.whoAmI();
    const seen = await previewOffboarding(
      {
        ...vendors,
        slack,
        operators: createOperatorStore(db),
        deviceRuns: createDeviceRunStore(db),
        channelId: config.slack.channelId,
        teamId,
        policy,
        steps: steps.filter((step) => step.name !== 'return.replacement'),
        clock,
        log: { warn },
        reference: () => `req-${randomBytes(3).toString('hex').toUpperCase()}`,
      },
      null,
      { email },
    );
    const runs = createRunStore(db, []);
    return { seen, live: seen.kind === 'plan' ? await runs.live('offboarding', seen.personId) : null };
  } finally {
    await db.close();
    await database.stop();
  }
}
