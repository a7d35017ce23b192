// google.drive and google.calendar: Google's Data Transfer moves them to who receives. A transfer that is there is adopted, one that
// failed is told, and one that runs is looked at until Google says "completed".

import type { Google } from '../../connectors/google/client.ts';
import type { User as Account, Transfer } from '../../connectors/google/schema.ts';
import type { Effect, Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';
import type { Calendar, Files } from './google-holdings.ts';
import { countCalendar, countFiles } from './google-holdings.ts';
import { type GoogleStepDeps, readAccount, stateOf } from './google-person.ts';
import { nextLookMs } from './transfer-looks.ts';

const DAY_MS = 86_400_000;
/** Then a person should look why; large Drives take a day. It goes on being looked at after their Retry. */
const LONGEST_MS = 7 * DAY_MS;
/** One that was completed longer before the run says nothing of what was made since: it is done again for the rest. */
const ADOPTED_WITHIN_MS = 30 * DAY_MS;
/** The list may lag behind; a transfer takes hours as a rule, so nobody misses these minutes. Google publishes no figure. */
const LIST_LAG_MS = 5 * 60_000;

type What = 'drive' | 'calendar';

export interface TransferDeps extends GoogleStepDeps {
  /** Who receives; `ask`: a person has to say. */
  receiver(context: Pick<ReadContext, 'run'>): Promise<FoundReceiver>;
}

type FoundReceiver =
  | { readonly is: 'account'; readonly account: Account }
  | { readonly is: 'ask'; readonly why: string; readonly question: Question };

export const googleDrive = (deps: TransferDeps): Step => transferStep(deps, 'drive');
export const googleCalendar = (deps: TransferDeps): Step => transferStep(deps, 'calendar');

function transferStep(deps: TransferDeps, what: What): Step {
  const { google } = deps;
  return {
    name: `google.${what}`,
    vendor: 'google',
    stage: 'hand_over',
    needs: [{ step: 'google.active', until: 'satisfied' }],
    settleMs: LIST_LAG_MS,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const found = await readAccount(deps, context);
      if ('seen' in found) return withoutAccount(found.seen);
      const receiver = await deps.receiver(context);
      if (receiver.is === 'ask') {
        const facts = {
          account: stateOf(found.account),
          noReceiver: receiver.why,
          ...(await holdings(deps, what, found.account, context)),
        };
        // In a plan nobody can answer yet: the step asks when it is its turn.
        return { is: 'asks', facts, need: { kind: 'question', question: receiver.question } };
      }
      const application = (await google.transfers.getApplicationIds())[what];
      if (application === null) return { is: 'unknown', facts: {}, why: `Data Transfer lists no ${what} here` };
      const side = { what, from: found.account, to: receiver.account, application };
      return judge(deps, side, await readTransfers(google, side, context), context);
    },
    async apply(context, { would }) {
      const found = await readAccount(deps, context);
      if ('seen' in found) return;
      for (const effect of would) {
        const { application, receiver } = partsOf(effect);
        const transfer = { oldOwnerId: found.account.id, newOwnerId: receiver, applicationId: application };
        const releaseRooms = context.run.policy['transfer.releaseRooms'] !== false;
        await context.write(
          effect,
          () =>
            what === 'drive'
              ? google.transfers.startDriveTransfer(transfer)
              : google.transfers.startCalendarTransfer(transfer, { releaseRooms }),
          ({ id }) => ({ transfer: id }),
        );
      }
    },
  };
}

interface Side {
  readonly what: What;
  readonly from: Account;
  readonly to: Account;
  readonly application: string;
}

const OTHER_RECEIVER: Question = { name: 'other_transfer', by: 'operator', kind: 'approve', irreversible: true };

/** One transfer of this application, wherever it goes; ours as far as anybody can tell. */
interface Part {
  readonly id: string;
  readonly receiver: string;
  readonly status: Transfer['status'];
  readonly requestedAt: Date;
}

async function judge(
  deps: TransferDeps,
  side: Side,
  parts: readonly Part[],
  context: ReadContext,
): Promise<Observation> {
  const effect = startOf(side, context);
  const toReceiver = parts.filter((one) => one.receiver === side.to.id);
  const counts = (one: Part): boolean =>
    one.status === 'running' || context.since.getTime() - one.requestedAt.getTime() <= ADOPTED_WITHIN_MS;
  const [standing, ...others] = toReceiver.filter((one) => one.status !== 'failed' && counts(one)).sort(completedFirst);
  if (standing) return standingAs(deps, side, standing, others, context);

  const toOthers = parts.filter((one) => one.receiver !== side.to.id);
  const said = context.answer(OTHER_RECEIVER.name);
  const isKept = said?.kind === 'approve' && !said.approved;
  // Who kept the other one did so to its end; who did not was asked about one that runs.
  const elsewhere = toOthers.find((one) => one.status === 'running' || (isKept && one.status === 'completed'));
  if (elsewhere && isKept) return standingAs(deps, side, elsewhere, [], context, { elsewhere: true });
  if (elsewhere && said === null) {
    const facts = {
      account: stateOf(side.from),
      transfer: elsewhere.id,
      startedAt: elsewhere.requestedAt.toISOString(),
    };
    return { is: 'asks', facts, need: { kind: 'question', question: OTHER_RECEIVER } };
  }

  const counted = await holdings(deps, side.what, side.from, context);
  const facts = { ...counted, to: side.to.fullName };
  const failed = failedOfOurs(toReceiver, effect, context);
  if (failed) {
    const failure = { transfer: failed.id, status: 'failed', startedAt: failed.requestedAt.toISOString() };
    return { is: 'unknown', facts: { ...facts, ...failure }, code: 'vendor_failed', why: 'the transfer failed' };
  }
  return { is: 'unsatisfied', facts, would: [effect] };
}

/** Until somebody has pressed Retry since. One that others began and that failed is nobody's question here. */
function failedOfOurs(parts: readonly Part[], effect: Effect, context: ReadContext): Part | null {
  const receipt = context.receipt(effect);
  const isOurs = ({ id }: Part): boolean =>
    receipt ? id === receipt.facts.transfer : context.asked(effect.name).includes(effect.target ?? '');
  const failed = parts.find((one) => one.status === 'failed' && isOurs(one));
  return failed && retriedAt(context) < (receipt?.at.getTime() ?? 1) ? failed : null;
}

async function standingAs(
  deps: TransferDeps,
  side: Side,
  part: Part,
  others: readonly Part[],
  context: ReadContext,
  more: Facts = {},
): Promise<Observation> {
  const isOurs = context.asked(startOf(side, context).name).length > 0;
  const facts: Facts = {
    transfer: part.id,
    startedAt: part.requestedAt.toISOString(),
    ...(more.elsewhere ? {} : { to: side.to.fullName }),
    ...(isOurs || context.run.id === '' ? {} : { adopted: true }),
    ...(others.length > 0 ? { others: others.map((one) => one.id) } : {}),
    ...more,
  };
  if (part.status === 'completed') {
    const left = await leftBehind(deps, side.what, side.from, context);
    return { is: 'satisfied', basis: 'read_back', facts: { ...facts, ...left, status: 'completed' } };
  }
  const askedAt = askedAtOf(side, part, context);
  const since = Math.max(askedAt.getTime(), context.since.getTime(), retriedAt(context));
  if (context.run.id !== '' && context.now.getTime() - since >= LONGEST_MS)
    return { is: 'unknown', facts, code: 'unfinished', why: 'the transfer has not ended for seven days' };
  return { is: 'under_way', facts, lookAgainInMs: nextLookMs(askedAt, context.now) };
}

/** By our clock where it is ours; Google's word for others, unless its clock is ahead of ours. */
function askedAtOf(side: Side, part: Part, context: ReadContext): Date {
  const receipt = context.receipt(startOf(side, context));
  if (receipt?.facts.transfer === part.id) return receipt.at;
  return part.requestedAt <= context.now ? part.requestedAt : context.since;
}

/** The list lags; what we know that we began is read by its id. */
async function readTransfers(google: Google, side: Side, context: ReadContext): Promise<readonly Part[]> {
  const listed = await google.transfers.listTransfers(side.from.id);
  const begun = context.receipt(startOf(side, context))?.facts.transfer;
  const missing =
    typeof begun === 'string' && !listed.some((one) => one.id === begun)
      ? await google.transfers.getTransfer(begun)
      : null;
  return [...(missing ? [missing] : []), ...listed].flatMap(({ id, newOwnerId, requestedAt, status, applications }) => {
    const part = applications.find((one) => one.id === side.application);
    if (!part) return [];
    // Of a transfer of several applications each has its own end.
    const isOnly = applications.length === 1 && part.status === 'running';
    return [{ id, receiver: newOwnerId, requestedAt, status: isOnly ? status : part.status }];
  });
}

/** Google knows no way back, and takes no key: by hand it would be a transfer of all that the receiver has. */
function startOf({ what, application, to }: Side, context: ReadContext): Effect {
  const request = what === 'calendar' ? { releaseRooms: context.run.policy['transfer.releaseRooms'] !== false } : {};
  const name = `google.transfer_${what}`;
  return { name, target: `${application}/${to.id}`, repeat: 'search_first', irreversible: true, request };
}

function partsOf({ target = '' }: Effect): { application: string; receiver: string } {
  const [application = '', receiver = ''] = target.split('/');
  return { application, receiver };
}

function completedFirst(one: Part, other: Part): number {
  const rank = (part: Part): number => (part.status === 'completed' ? 0 : 1);
  return rank(one) - rank(other) || one.requestedAt.getTime() - other.requestedAt.getTime();
}

/** A deleted account may hold files that nobody received. */
function withoutAccount(seen: Observation): Observation {
  return seen.is === 'satisfied'
    ? { is: 'unknown', facts: seen.facts, code: 'gone', why: 'the account is deleted' }
    : seen;
}

function retriedAt({ decisions }: ReadContext): number {
  return Math.max(0, ...decisions.filter((one) => one.kind === 'retry').map((one) => one.at.getTime()));
}

/** What there is to move: for people's eyes only, and at most so many seconds of a plan. */
function holdings(deps: TransferDeps, what: What, account: Account, context: ReadContext): Promise<Files | Calendar> {
  return what === 'drive' ? countFiles(deps.google, account) : countCalendar(deps.google, account, context.now);
}

/** What is still the leaver's after Google said "completed". A suspended account cannot be asked. */
async function leftBehind(deps: TransferDeps, what: What, account: Account, context: ReadContext): Promise<Facts> {
  if (context.run.id === '' || stateOf(account) !== 'active') return {};
  const counted = Object.entries(await holdings(deps, what, account, context));
  return Object.fromEntries(counted.map(([key, value]) => [`${key}Left`, value]));
}
