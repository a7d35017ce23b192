// The address of a return box as an operator gives it: sealed, and the step answered with nothing but that it was given. Who may is asked
// as for any answer; what is wrong with it is said at the input.
import type { Home } from '../connectors/bamboohr/home.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Decided, StepReference } from './decide.ts';
import { type AddressProblem, checkAddress, type GivenAddress, readAddress } from './model/return-address.ts';
import { type OperatorId, operatorKey, type RunView, type StepView } from './model/run.ts';
import { givenPlace, type Secrets } from './model/secret.ts';
import { ADDRESS_QUESTION, givenFrom } from './steps/return-address.ts';
import type { Workflow } from './workflow.ts';

export type GivenBox = Omit<GivenAddress, 'name'>;

export interface BoxAddresses {
  /** `wrong`: nothing was kept. */
  giveAddress(
    operator: OperatorId,
    step: StepReference,
    given: GivenBox,
  ): Promise<Decided | { readonly verdict: 'wrong'; readonly problems: readonly AddressProblem[] }>;
  /** What the window is filled with, for the operator's eyes; null: nothing is known. Never throws for what HR does. */
  knownAddress(run: RunView, step: StepView): Promise<GivenAddress | null>;
}

export interface BoxAddressDeps {
  readonly workflow: Pick<Workflow, 'mayDecide' | 'decide'>;
  readonly secrets: Secrets;
  /** Null: not set up. */
  readonly bamboohr: { getAddress(recordId: string): Promise<Home | null> } | null;
  /** Of a run: the pinned id of the person's HR record; null: none. */
  recordOf(runId: string): Promise<string | null>;
  log: { warn(fields: object, message: string): void };
}

/** The window can be opened for 3 s after the click: HR is asked for this long. */
const PREFILL_WITHIN_MS = 1_500;

export function createBoxAddresses(deps: BoxAddressDeps): BoxAddresses {
  return {
    async giveAddress(operator, step, given) {
      const may = await deps.workflow.mayDecide(operator, step, 'answer');
      if (may.verdict !== 'may') return may;
      const { need } = may.step;
      if (need?.kind !== 'question' || need.question.name !== ADDRESS_QUESTION) return { verdict: 'unknown' };
      const checked = checkAddress({ ...given, name: may.run.person.name });
      if ('problems' in checked) return { verdict: 'wrong', problems: checked.problems };
      // Before the answer, since the step goes on with it at once; in a place of the operator's own, since the answer may not count.
      const subject = givenPlace(may.step.subject, operatorKey(operator));
      await deps.secrets.replace({ runId: may.run.id, subject, kind: 'address' }, JSON.stringify(checked.address));
      return deps.workflow.decide(operator, step, { kind: 'answer', fields: { given: 'yes' } });
    },
    async knownAddress(run, step) {
      const open = (subject: string) => deps.secrets.open({ runId: run.id, subject, kind: 'address' });
      const answer = step.decisions.findLast(
        (one) => one.kind === 'answer' && one.answer.question === ADDRESS_QUESTION,
      );
      const sealed = (answer && (await open(givenPlace(step.subject, answer.by)))) ?? (await open(step.subject));
      if (sealed) return readAddress(sealed.reveal());
      const record = deps.bamboohr && (await deps.recordOf(run.id));
      if (!deps.bamboohr || !record) return null;
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PREFILL_WITHIN_MS).unref());
      const read = deps.bamboohr.getAddress(record).catch((error: unknown) => {
        if (!(error instanceof ConnectorError)) throw error;
        deps.log.warn({ err: error }, 'BambooHR could not be read for an address');
        return null;
      });
      const home = await Promise.race([read, late]);
      return home && givenFrom(home);
    },
  };
}
