// okta.integrations: an API token of the leaver ends with their account, and whoever set up an integration knows its secret. Which there were
// was read when the plan was confirmed; that each was replaced is an operator's word. Reads and writes nothing.
import type { Facts, Observation, Step } from '../model/step.ts';

export const OKTA_INTEGRATIONS = 'okta.integrations';
export const ROTATED_QUESTION = 'rotated';

export function oktaIntegrations(): Step {
  return {
    name: OKTA_INTEGRATIONS,
    vendor: 'people',
    stage: 'hand_over',
    needs: [],
    settleMs: 0,
    verifies: 'accepted',
    subjects: ({ integrations = [] }) => integrations.map(({ id, name, kind }) => ({ id, facts: { name, kind } })),
    async observe(context): Promise<Observation> {
      const { kind = null } = context.subjectFacts;
      const facts: Facts = { kind };
      const answer = context.answer(ROTATED_QUESTION);
      if (answer?.kind === 'form')
        return {
          is: 'satisfied',
          basis: 'accepted',
          facts: { ...facts, how: answer.fields.how ?? null, by: answer.by, at: answer.at.toISOString() },
        };
      const question = { kind: 'form', name: ROTATED_QUESTION, by: 'operator' } as const;
      return { is: 'asks', facts, need: { kind: 'question', question } };
    },
  };
}
