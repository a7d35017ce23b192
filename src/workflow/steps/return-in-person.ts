// return.in_person: whoever receives what is brought in has been told which device, whose, and until when. That it came is
// return.receive's. The message is the reporter's: this step says whom, and looks whether it was delivered.
import { countryCode } from '../model/countries.ts';
import { deviceSubject } from '../model/device.ts';
import type { Facts, Observation, ReadContext, Step } from '../model/step.ts';
import { workingDaysAfter } from '../model/working-days.ts';

export const RETURN_IN_PERSON = 'return.in_person';
export const RECEIVER_QUESTION = 'receiver_told';

const SOON_MS = 5_000;
const TRIED_MS = 2 * 60_000;

export interface InPersonDeps {
  readonly rows: {
    receiving(
      runId: string,
      subject: string,
    ): Promise<{ readonly startedBy: string; readonly isTold: boolean; readonly isPosted: boolean }>;
  };
  /** IANA name; null: not known. */
  zoneOf(slackUserId: string): Promise<string | null>;
}

export function returnInPerson(deps: InPersonDeps): Step {
  return {
    name: RETURN_IN_PERSON,
    vendor: 'people',
    stage: 'device',
    needs: [],
    settleMs: 0,
    verifies: 'accepted',
    subjects: ({ devices }) => devices.filter((one) => one.way === 'in_person').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const { run, subject, now, since } = context;
      const { startedBy, isTold, isPosted } = await deps.rows.receiving(run.id, subject);
      const receiver = receiverFor(run) ?? startedBy.slice(startedBy.indexOf('/') + 1);
      const zone = await deps.zoneOf(receiver);
      const days = run.policy['returns.dueWorkingDays'];
      const facts: Facts = {
        receiver,
        dueOn: workingDaysAfter(since, typeof days === 'number' ? days : 5, zone ?? 'UTC'),
        zone: zone ?? 'UTC',
      };
      if (isTold) return { is: 'satisfied', basis: 'accepted', facts: { ...facts, told: true } };
      const said = context.answer(RECEIVER_QUESTION);
      if (said?.kind === 'approve' && said.approved)
        return { is: 'satisfied', basis: 'accepted', facts: { ...facts, told: true, by: said.by } };
      // The thread says that they could not be told: then a person tells them.
      const isLate = now.getTime() - (said?.at ?? since).getTime() > TRIED_MS;
      if (!isPosted || !isLate) return { is: 'under_way', facts: { ...facts, told: false }, lookAgainInMs: SOON_MS };
      return {
        is: 'asks',
        facts: { ...facts, told: false },
        need: {
          kind: 'question',
          question: { kind: 'approve', name: RECEIVER_QUESTION, by: 'operator', irreversible: false },
        },
      };
    },
  };
}

/** Slack member id of who receives in the person's country; null: the policy names nobody. */
export function receiverFor({ ids, policy }: Pick<ReadContext['run'], 'ids' | 'policy'>): string | null {
  const country = typeof ids['hris.country'] === 'string' ? countryCode(ids['hris.country']) : null;
  const listed = policy['returns.receivers'];
  if (country === null || !Array.isArray(listed)) return null;
  const entry = (listed as readonly string[]).find((one) => one.startsWith(`${country}:`));
  return entry?.slice(country.length + 1) ?? null;
}
