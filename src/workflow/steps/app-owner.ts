// app.owner: whoever administers an app outside Okta says that the person has no account there any more. Their word is all that can be
// known, so the step never says more than attested. The messages are the reporter's: this step says whose turn it is, since when, until when.
import { type App, appIn } from '../model/app-policy.ts';
import { askingFacts, askingOf, type Found, nextTurn } from '../model/app-turn.ts';
import type { Facts, Observation, ReadContext, Step } from '../model/step.ts';

export const APP_OWNER = 'app.owner';
/** Who is asked instead: an operator chooses. */
export const APP_OWNER_QUESTION = 'app_owner';

export interface AppOwnerDeps {
  /** What the last look kept; null: there was none. */
  asked(runId: string, app: string): Promise<Facts | null>;
  /** Slack user id by address; null: nobody, or deactivated. */
  slackUserOf(address: string): Promise<string | null>;
}

export function appOwner(deps: AppOwnerDeps): Step {
  return {
    name: APP_OWNER,
    vendor: 'people',
    stage: 'contain',
    needs: [],
    settleMs: 0,
    verifies: 'attested',
    subjects: ({ apps = [] }) => apps.map(({ key, name }) => ({ id: key, facts: { name } })),
    async observe(context): Promise<Observation> {
      const { run, subject, now, decisions } = context;
      const kept = await deps.asked(run.id, subject);
      // Nobody can look into the app: what was said stands, and is never more than that.
      if (decisions.some((one) => one.kind === 'attest'))
        return { is: 'unknown', facts: kept ?? {}, why: 'only a person can say what is so in this app' };
      const app = appIn(run.policy, subject);
      if (app === null) return { is: 'unknown', facts: kept ?? {}, why: `the run’s policy has no app ${subject}` };
      const before = askingOf(kept);
      const chosen = chosenIn(context);
      const help = decisions.findLast((one) => one.kind === 'help');
      if (help && (!chosen || chosen.at < help.at)) return asks(before ? askingFacts(before) : {}, 'help', app);
      const [owner, backup] = await Promise.all([app.owner, app.backup].map((one) => find(deps, context, one)));
      const next = nextTurn({ app, now, before, owner: owner ?? NOBODY, backup: backup ?? NOBODY, chosen });
      if (next.is === 'stuck')
        return asks(next.asking ? askingFacts(next.asking) : passed(owner, backup), next.why, app);
      const lookAgainInMs = Math.max(1_000, next.lookAt.getTime() - now.getTime());
      return { is: 'under_way', facts: askingFacts(next.asking), lookAgainInMs };
    },
  };
}

const NOBODY: Found = { not: 'not_in_slack' };

async function find(deps: AppOwnerDeps, { run }: ReadContext, address: string): Promise<Found> {
  const id = await deps.slackUserOf(address);
  if (id === null) return NOBODY;
  return id === run.ids.slack ? { not: 'is_leaver' } : { id };
}

function chosenIn(context: ReadContext): { readonly id: string; readonly at: Date } | null {
  const answer = context.answer(APP_OWNER_QUESTION);
  return answer?.kind === 'choose_person' ? { id: answer.person, at: answer.at } : null;
}

/** Why neither of them is asked. */
function passed(owner = NOBODY, backup = NOBODY): Facts {
  return {
    ...('not' in owner && { ownerPassed: owner.not }),
    ...('not' in backup && { backupPassed: backup.not }),
  };
}

/** Operators say who is asked instead. `stuck`: `help` was asked for, `nobody` could be asked, or everybody was `silent`. */
function asks(facts: Facts, stuck: 'help' | 'nobody' | 'silent', { name }: App): Observation {
  return {
    is: 'asks',
    facts: { ...facts, name, stuck },
    need: {
      kind: 'question',
      question: { kind: 'choose_person', name: APP_OWNER_QUESTION, by: 'operator', suggested: null },
    },
  };
}
