// What each step says of the person before anything is begun: it observes, and writes nothing.
import { within } from './deadline.ts';
import { confirmedDevices, type DevicesView } from './model/device.ts';
import type { Refusal } from './model/plan.ts';
import { type Policy, policyFacts } from './model/policy.ts';
import type { Clock, PlannedStep } from './model/ports.ts';
import type { PinnedIds } from './model/run.ts';
import type { ReadContext, Step, Subject } from './model/step.ts';
import type { checkSafeguards } from './safeguards.ts';
import { subjectsOf } from './steps/plan-rows.ts';
import { SLACK_ACCOUNT } from './steps/slack-account.ts';
import { reasonOf } from './unreadable.ts';

export interface PlanStepDeps {
  readonly steps: readonly Step[];
  readonly policy: { readonly policy: Policy; readonly hash: string };
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void };
}

export function notChecked({ name }: Step, why: string): PlannedStep {
  return { step: name, subject: '', seen: { is: 'not_checked', why } };
}

/** Whether they are in Slack the safeguards have just asked. */
export async function planSlack(
  deps: PlanStepDeps,
  seen: Awaited<ReturnType<typeof checkSafeguards>> | Refusal,
  oktaId: string,
  deadline: AbortSignal,
): Promise<readonly PlannedStep[]> {
  if ('why' in seen || seen.refusal) return [];
  const ids = { okta: oktaId, slack: seen.slackUserId };
  const steps = deps.steps.filter((step) => step.name === SLACK_ACCOUNT);
  return Promise.all(steps.map((step) => planStep(deps, step, ids, deadline)));
}

/** What containment would do to each computer that was found; whether it is done to it the operator ticks. */
export async function planDevices(
  deps: PlanStepDeps,
  view: DevicesView | null,
  oktaId: string,
  deadline: AbortSignal,
): Promise<readonly PlannedStep[]> {
  if (view?.is !== 'read') return [];
  const devices = confirmedDevices(view, { ids: view.devices.map((one) => one.id), fate: 'collect', way: 'none' });
  const planned = deps.steps
    .filter((step) => step.stage === 'contain' && step.subjects)
    .flatMap((step) => subjectsOf(step, { devices, isUnread: false }).map((subject) => ({ step, subject })));
  return Promise.all(planned.map(({ step, subject }) => planStep(deps, step, { okta: oktaId }, deadline, subject)));
}

export async function planStep(
  deps: PlanStepDeps,
  step: Step,
  ids: PinnedIds,
  deadline: AbortSignal,
  subject: Subject = { id: '', facts: {} },
): Promise<PlannedStep> {
  const about = { step: step.name, subject: subject.id, ...(subject.id !== '' && { facts: subject.facts }) };
  const context: ReadContext = {
    run: { id: '', code: '', ids, policy: policyFacts(deps.policy.policy) },
    subject: subject.id,
    subjectFacts: subject.facts,
    decisions: [],
    now: deps.clock.now(),
    since: deps.clock.now(),
    signal: deadline,
    receipt: () => null,
    answer: () => null,
    asked: () => [],
    askedAt: () => null,
    refused: () => [],
    sealed: async () => null,
  };
  try {
    return { ...about, seen: await within(deadline, step.observe(context)) };
  } catch (error) {
    deps.log.warn({ step: step.name, err: error }, 'a line of the plan could not be checked');
    return { ...about, seen: { is: 'not_checked', why: reasonOf(error) } };
  }
}
