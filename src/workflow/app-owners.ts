// The verb of whoever administers an app outside Okta: they were asked, they answer. No operator: their one right is this one answer.
import { setTimeout as pause } from 'node:timers/promises';
import type { AppAnswer, AppOwnerStore, AppWord, StaleAppAnswer } from './model/app-answer.ts';
import { askingOf } from './model/app-turn.ts';
import type { Clock } from './model/ports.ts';
import type { OperatorId, RunView, StepView } from './model/run.ts';
import { hasEnded } from './model/transitions.ts';
import { APP_OWNER } from './steps/app-owner.ts';

/** The step is looked at for some milliseconds now and then: a click that comes just then waits a moment. */
const BUSY_MS = 100;
const BUSY_TRIES = 10;

export interface AppOwnerVerbDeps {
  readonly appOwners: Pick<AppOwnerStore, 'answer'>;
  readonly runs: { ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null> };
  readonly clock: Clock;
  /** The only workspace that is served. */
  readonly teamId: string;
  changed(): void;
}

/** What a window for an answer needs, or why there is none. */
export type AskedApp =
  | { readonly verdict: 'may'; readonly run: RunView; readonly step: StepView }
  | { readonly verdict: 'unknown' | 'not_asked' }
  | StaleAppAnswer;

export interface AppOwners {
  /** Counts once; only from whom the step has asked. */
  answerForApp(who: OperatorId, stepRun: string, word: AppWord): Promise<AppAnswer>;
  /** Whether they could answer now. Reads only. */
  mayAnswerForApp(who: OperatorId, stepRun: string): Promise<AskedApp>;
}

export function createAppOwners(deps: AppOwnerVerbDeps): AppOwners {
  const isOurs = ({ teamId }: OperatorId): boolean => teamId === deps.teamId;
  return {
    async answerForApp(who, stepRun, word) {
      if (!isOurs(who)) return { verdict: 'not_asked' };
      for (let tries = 1; ; tries++) {
        const answer = await deps.appOwners.answer(who, stepRun, word, deps.clock.now());
        if (answer.verdict === 'decided') deps.changed();
        if (answer.verdict !== 'busy' || tries >= BUSY_TRIES) return answer;
        await pause(BUSY_MS);
      }
    },

    async mayAnswerForApp(who, stepRun) {
      const found = await deps.runs.ofStepRun(stepRun);
      if (found?.step.step !== APP_OWNER) return { verdict: 'unknown' };
      const { run, step } = found;
      if (!isOurs(who) || !askingOf(step.after)?.asked.includes(who.userId)) return { verdict: 'not_asked' };
      const earlier = step.decisions.findLast(({ kind }) => kind === 'attest' || kind === 'skip');
      if (!earlier && !hasEnded(step.status)) return { verdict: 'may', run, step };
      const isCancelled = step.status === 'cancelled';
      const said = earlier?.answer.said;
      return {
        verdict: 'stale',
        status: step.status,
        what: earlier?.kind ?? (isCancelled ? 'cancel' : null),
        said: typeof said === 'string' ? said : null,
        by: earlier?.by ?? (isCancelled ? run.cancelledBy : null),
        at: earlier?.at ?? (isCancelled ? run.closedAt : null),
      };
    },
  };
}
