// slack.back: the person's own Slack account is active again. Okta's provisioning brings it back, or an admin in Slack does. Reads only.
import type { Slack } from '../../connectors/slack/client.ts';
import type { Observation, Question, Step } from '../model/step.ts';
import type { UndoneReads } from '../model/undone.ts';
import { OKTA_ACTIVATE } from './okta-activate.ts';

const LOOK_MS = 5 * 60_000;
/** Later than this Okta does not do it by itself. */
const PATIENCE_MS = 60 * 60_000;
const BY_HAND: Question = { name: 'slack_back', by: 'operator', kind: 'approve', irreversible: false };

export function slackBack(deps: { readonly slack: Pick<Slack, 'getUser'>; readonly undone: UndoneReads }): Step {
  return {
    name: 'slack.back',
    vendor: 'slack',
    stage: 'hand_over',
    needs: [{ step: OKTA_ACTIVATE, until: 'satisfied' }],
    settleMs: 0,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const { slack: id } = context.run.ids;
      if (typeof id !== 'string') return { is: 'not_applicable', facts: {}, why: 'not_known_in_slack' };
      const user = await deps.slack.getUser(id);
      if (user === null) return { is: 'not_applicable', facts: {}, why: 'not_known_in_slack' };
      const facts = { active: user.deleted !== true };
      if (facts.active) return { is: 'satisfied', basis: 'read_back', facts };
      const answer = context.answer(BY_HAND.name);
      if (answer?.kind === 'approve')
        return { is: 'satisfied', basis: 'accepted', facts: { ...facts, byHand: answer.approved } };
      const since = context.run.id === '' ? null : await deps.undone.endedAt(context.run.id, OKTA_ACTIVATE);
      if (since === null || context.now.getTime() - since.getTime() < PATIENCE_MS)
        return { is: 'under_way', facts, lookAgainInMs: LOOK_MS };
      return { is: 'asks', facts, need: { kind: 'question', question: BY_HAND } };
    },
  };
}
