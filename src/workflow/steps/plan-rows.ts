// A run's rows from its steps and what they are about: names, never positions; a device's step needs that device's own steps.
import type { PlannedStepRun } from '../model/new-run.ts';
import { type Pinned, PRIORITIES, type Step, type StepNeed, type Subject } from '../model/step.ts';

const NO_SUBJECT: Subject = { id: '', facts: {} };

/** One row a step and subject; a step about devices has none where there is no such device. */
export function planStepRuns(steps: readonly Step[], given: Partial<Pinned> = {}): readonly PlannedStepRun[] {
  const pinned: Pinned = { devices: [], isUnread: false, ...given };
  const planned = steps.flatMap((step) => subjectsOf(step, pinned).map((subject) => ({ step, subject })));
  const subjects = new Map<string, readonly string[]>();
  for (const { step, subject } of planned) subjects.set(step.name, [...(subjects.get(step.name) ?? []), subject.id]);
  return planned.map(({ step, subject }) => {
    const needs = step.needs.flatMap((need) => resolve(isSingle(need) ? [need] : need, subject.id, subjects));
    return {
      step: step.name,
      subject: subject.id,
      facts: subject.facts,
      vendor: step.vendor,
      stage: step.stage,
      priority: PRIORITIES[step.stage],
      needs,
      timed: needs.flat().some((need) => need.until === 'tried'),
      outlives: step.outlivesCancel === true,
    };
  });
}

/** What the step is about in a run with these devices. What another run has on its way is fetched, received and erased there. */
export function subjectsOf(step: Step, pinned: Pinned): readonly Subject[] {
  if (!step.subjects) return [NO_SUBJECT];
  if (step.stage !== 'device') return step.subjects(pinned);
  return step.subjects({ ...pinned, devices: pinned.devices.filter((one) => one.fetchedBy === undefined) });
}

/** Of several ways to meet a need only those count that this run has: an order that was never planned is no order that was placed. */
function resolve(
  alternatives: readonly StepNeed[],
  subject: string,
  subjects: ReadonlyMap<string, readonly string[]>,
): readonly (readonly (StepNeed & { readonly subject?: string })[])[] {
  const here = alternatives.flatMap((need) => {
    const rows = subjects.get(need.step);
    if (!rows) return [];
    if (subject === '' || rows.includes('')) return [need];
    return rows.includes(subject) ? [{ ...need, subject }] : [];
  });
  return here.length === 0 ? [] : [here];
}

function isSingle(need: StepNeed | readonly StepNeed[]): need is StepNeed {
  return !Array.isArray(need);
}
