// What a policy asks of the world outside its file: a channel that nobody else reads, and enough people for its approvals. Reads only.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { connectSlack } from '../../connectors/slack/client.ts';
import { connectDatabase } from '../../store/client.ts';
import { createOperatorStore } from '../../store/operators.ts';
import { shortOfApprovers } from '../../workflow/model/approvers.ts';
import type { Policy } from '../../workflow/model/policy.ts';
import type { Config } from '../config.ts';
import { ok, problem, warning } from './finding.ts';
import { checkChannel } from './slack.ts';

/** `databaseUrl` null: it does not run now. */
export async function checkPolicyLive(
  policy: Policy,
  config: Config,
  databaseUrl: string | null,
): Promise<readonly Finding[]> {
  const { botToken, apiUrl, channelId } = config.slack;
  const slack = connectSlack({ botToken, apiUrl, deadlineMs: CHECK_DEADLINE_MS });
  return (await Promise.all([checkChannel(slack, channelId), checkApprovers(policy, databaseUrl)])).flat();
}

/** Empty where there is no list to look at. */
export async function checkApprovers(policy: Policy, databaseUrl: string | null): Promise<readonly Finding[]> {
  if (databaseUrl === null)
    return [warning('approvers not counted: the database does not run now', 'Start Sendoff, then check again')];
  const db = connectDatabase(databaseUrl, () => undefined);
  try {
    const operators = await createOperatorStore(db).list();
    const short = shortOfApprovers(policy, operators);
    return short.length > 0 ? short.map(({ says, fix }) => problem(says, fix)) : [ok('enough approvers')];
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    return [warning(`approvers not counted: the database says ${code}`, 'See what npm run doctor says of it')];
  } finally {
    await db.close();
  }
}
