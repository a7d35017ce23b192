// google.keep: the account stays active until day 60, or as long as the mailbox is given, since provisioning may suspend it minutes or weeks after the handover, and a
// suspended account delegates nothing. What suspends it again and again is for a person to find.
import type { Effect, Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';
import { closeDoor, readDoors, writeEach } from './google-doors.ts';
import { type GoogleStepDeps, readAccount, stateOf } from './google-person.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** After the run was asked for, or the last reactivation; then daily. */
const LOOKS_MS = [15 * MINUTE_MS, HOUR_MS, DAY_MS];
const KEPT_DAYS = 60;
const MOST_REACTIVATIONS = 3;
const SETTLE_MS = 30_000;

const ACTIVATE = 'google.activate';
const SIGN_OUT = 'google.sign_out';
const KEEP_ON: Question = { name: 'google_keep_active', by: 'operator', kind: 'approve', irreversible: false };

export type KeepDeps = GoogleStepDeps & {
  readonly handover: {
    /** Whether this run has taken the mailbox back and suspended the account again, as it was before. */
    wasSuspendedAgain(runId: string): Promise<boolean>;
    /** Until when this run's mailbox stays with who received it; null: nobody has it. */
    mailboxUntil(runId: string): Promise<Date | null>;
  };
};

export function googleKeep(deps: KeepDeps): Step {
  const { google } = deps;
  return {
    name: 'google.keep',
    vendor: 'google',
    stage: 'hand_over',
    needs: [{ step: 'google.active', until: 'satisfied' }],
    settleMs: SETTLE_MS,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const found = await readAccount(deps, context);
      if ('seen' in found) return found.seen;
      const { account } = found;
      const { number, signedOutAt } = lastRound(context);
      const until = await keptUntil(deps, context);
      const facts = {
        account: stateOf(account),
        reactivations: number,
        until: new Date(until).toISOString(),
        reason: account.suspensionReason,
      };
      if (account.archived) return { is: 'not_applicable', facts, why: 'archived_meanwhile' };
      const now = context.now.getTime();
      if (account.suspended) {
        // From here on suspended is how it ends: google.mailbox_end takes delegates out of a suspended account by itself.
        if (now >= until) return { is: 'not_applicable', facts, why: 'suspended_at_end' };
        if (context.run.id !== '' && (await deps.handover.wasSuspendedAgain(context.run.id)))
          return { is: 'not_applicable', facts, why: 'suspended_after_mailbox' };
        return suspended(context, facts);
      }
      if (number > 0) {
        const doors = await readDoors(google, context, account);
        const open = [...(signedOutAt ? [] : round(number).slice(1)), ...doors.close];
        if (open.length > 0) return { is: 'unsatisfied', facts, would: open };
      }
      if (now >= until) return { is: 'satisfied', basis: 'read_back', facts };
      const nextMs = untilNextLookMs(now - (signedOutAt ?? context.since).getTime());
      return { is: 'under_way', facts, lookAgainInMs: Math.min(nextMs, until - now) };
    },
    async apply(context, { would }) {
      const found = await readAccount(deps, context);
      if ('seen' in found) return;
      const { account } = found;
      await writeEach(context, would, (effect) => {
        if (effect.name === ACTIVATE) return google.accounts.activate(account.id);
        if (effect.name === SIGN_OUT) return google.access.signOut(account.id);
        return closeDoor(google, account, effect);
      });
    },
  };
}

/** Sixty days, and as long as the mailbox is given beyond that: a suspended account delegates nothing. In ms since the epoch. */
async function keptUntil({ handover }: KeepDeps, { run, since }: ReadContext): Promise<number> {
  const given = run.id === '' ? null : await handover.mailboxUntil(run.id);
  return Math.max(since.getTime() + KEPT_DAYS * DAY_MS, given?.getTime() ?? 0);
}

function suspended(context: ReadContext, facts: Facts): Observation {
  const { number, signedOutAt } = lastRound(context);
  // A read that lags behind our own change is no new suspension.
  const isOver = signedOutAt !== null && context.now.getTime() - signedOutAt.getTime() >= SETTLE_MS;
  const next = isOver ? number + 1 : Math.max(number, 1);
  if (next <= MOST_REACTIVATIONS) return { is: 'unsatisfied', facts, would: round(next) };
  const said = context.answer(KEEP_ON.name);
  const isFresh = said !== null && (signedOutAt === null || said.at > signedOutAt || next === number);
  if (!isFresh || said.kind !== 'approve') return { is: 'asks', facts, need: { kind: 'question', question: KEEP_ON } };
  if (!said.approved) return { is: 'not_applicable', facts, why: 'left_suspended' };
  return { is: 'unsatisfied', facts, would: round(next) };
}

/** One reactivation, counted in its target: active with a new password in one change, then signed out everywhere. */
function round(number: number): readonly Effect[] {
  const target = String(number);
  return [
    { name: ACTIVATE, target, repeat: 'safe' },
    { name: SIGN_OUT, target, repeat: 'safe' },
  ];
}

/** `number` 0: it was never suspended. `signedOutAt` null: the round is not over. */
function lastRound(context: ReadContext): { readonly number: number; readonly signedOutAt: Date | null } {
  const number = context.asked(ACTIVATE).length;
  return { number, signedOutAt: context.receipt({ name: SIGN_OUT, target: String(number) })?.at ?? null };
}

function untilNextLookMs(elapsedMs: number): number {
  const next = LOOKS_MS.find((ms) => ms > elapsedMs) ?? (Math.floor(elapsedMs / DAY_MS) + 1) * DAY_MS;
  return next - elapsedMs;
}
