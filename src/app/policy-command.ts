// What `sendoff policy` needs, wired: the file, and with --live or for a plan the settings as the app itself reads them.
import type { PolicyContext } from '../cli/policy.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { checkPolicyLive } from './checks/policy.ts';
import { readConfig, readPolicySetting } from './config.ts';
import { databaseOf } from './doctor.ts';
import { planFor } from './plan.ts';
import { PolicyError, readPolicy } from './policy.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function policyContext(
  printer: Pick<PolicyContext, 'print' | 'printError'>,
  environment?: Environment,
  clock: Clock = { now: () => new Date() },
): PolicyContext {
  return {
    ...printer,
    check(file) {
      try {
        return readPolicy(file ?? readPolicySetting(environment));
      } catch (error) {
        if (error instanceof PolicyError) return { problems: error.problems };
        throw error;
      }
    },
    live(policy) {
      const config = readConfig(environment);
      return checkPolicyLive(policy, config, databaseOf(config));
    },
    // A line that could not be checked says so itself.
    plan: (email) => planFor(readConfig(environment), email, clock, () => undefined),
  };
}
