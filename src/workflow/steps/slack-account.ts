// slack.account: the leaver's own Slack account is deactivated. Okta's provisioning does it, and Sendoff has no scope to: it looks, waits,
// then asks an operator to do it by hand, and looks again.
import type { User } from '../../connectors/slack/schema.ts';
import type { Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';

export const SLACK_ACCOUNT = 'slack.account';
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** After the account was deactivated in Okta. Provisioning takes seconds as a rule. */
const LOOKS_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS];
/** Then somebody is asked. */
const PATIENCE_MS = 4 * HOUR_MS;

const BY_HAND: Question = { name: 'slack_account', by: 'operator', kind: 'approve', irreversible: false };

export interface SlackAccountDeps {
  readonly slack: { getUser(user: string): Promise<Pick<User, 'deleted'> | null> };
}

export function slackAccount({ slack }: SlackAccountDeps): Step {
  return {
    name: SLACK_ACCOUNT,
    vendor: 'slack',
    stage: 'evidence',
    needs: [{ step: 'okta.deactivate', until: 'satisfied' }],
    settleMs: MINUTE_MS,
    // A Slack that is down asks nobody: there nobody could answer.
    keepsTryingEveryMs: HOUR_MS,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const { slack: id } = context.run.ids;
      if (typeof id !== 'string') return { is: 'not_applicable', facts: {}, why: 'not_in_slack' };
      // Found by their address a moment ago, so it is active; a plan asks once.
      if (context.run.id === '') return { is: 'under_way', facts: {}, lookAgainInMs: PATIENCE_MS };
      const user = await slack.getUser(id);
      if (user === null) return { is: 'satisfied', basis: 'moot', facts: { account: 'gone' } };
      if (user.deleted === true) return { is: 'satisfied', basis: 'read_back', facts: { account: 'deactivated' } };
      return stillActive(context);
    },
  };
}

function stillActive(context: ReadContext): Observation {
  const facts: Facts = { account: 'active' };
  const waitedMs = context.now.getTime() - (context.readyAt ?? context.since).getTime();
  const nextMs = [...LOOKS_MS, PATIENCE_MS].find((ms) => ms > waitedMs);
  if (nextMs !== undefined) return { is: 'under_way', facts, lookAgainInMs: nextMs - waitedMs };
  const said = context.answer(BY_HAND.name);
  if (said?.kind === 'approve' && !said.approved) return { is: 'not_applicable', facts, why: 'left_in_slack' };
  // Whoever says that it is done, and it is not, is asked once more.
  return {
    is: 'asks',
    facts: { ...facts, ...(said && { saidDone: said.at.toISOString() }) },
    need: { kind: 'question', question: BY_HAND },
  };
}
