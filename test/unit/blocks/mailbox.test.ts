// Words about a mailbox: the reminder, the alarm, the window and the lists say what is so at this moment, and nothing in them is live.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHome } from '../../../src/blocks/home.ts';
import {
  buildExtendModal,
  buildMailboxAlarm,
  buildMailboxReminder,
  buildReceiverReminder,
} from '../../../src/blocks/mailbox-reminder.ts';
import { runningLine } from '../../../src/blocks/run-lines.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import { elementsWith, wordsOf } from '../../support/words.ts';
import { allDone, aRun, aStep, expectGoodMessage, expectGoodModal, failure, NOW, text } from './screens.ts';

const DAY_MS = 86_400_000;
const ENDS = new Date(NOW.getTime() + 14 * DAY_MS);
const standing = (over: object = {}, facts: object = {}) =>
  aStep('google.mailbox_end', {
    status: 'waiting',
    cause: 'vendor',
    stage: 'close',
    evidence: null,
    endedAt: null,
    after: {
      endsAt: ENDS.toISOString(),
      latestEnd: new Date(ENDS.getTime() + 30 * DAY_MS).toISOString(),
      delegates: ['101'],
      reminder: 14,
      cancelled: false,
      ...facts,
    },
    ...over,
  });
const withStep = (step: ReturnType<typeof standing>, over: object = {}) => aRun({ steps: [...allDone, step], ...over });
const wordsFor = (message: { blocks: readonly unknown[] }): string => wordsOf(message.blocks as never);

describe('the reminder', () => {
  it('has Extend while it stands, and none where the policy allows no later day', () => {
    const shown = buildMailboxReminder(withStep(standing()), ENDS, { isTold: true });
    expect(wordsFor(shown)).toMatch(/Who reads it was told by direct message/);
    expect(elementsWith(shown.blocks as never, 'step_extend_open')).toHaveLength(1);

    const fixed = withStep(standing({}, { latestEnd: ENDS.toISOString() }));
    expect(
      elementsWith(buildMailboxReminder(fixed, ENDS, { isTold: true }).blocks as never, 'step_extend_open'),
    ).toEqual([]);
  });

  it('says so where the receiver could not be told, where the day was moved, and where it is over', () => {
    const run = withStep(standing());
    expect(wordsFor(buildMailboxReminder(run, ENDS, { isTold: false }))).toMatch(/please tell them/);
    expect(wordsFor(buildMailboxReminder(run, NOW, { isTold: true }))).toMatch(/now stays until/);
    const over = withStep(standing({ status: 'done' }));
    expect(wordsFor(buildMailboxReminder(over, ENDS, { isTold: true }))).toMatch(/no longer with anybody else/);
  });
});

describe('late', () => {
  const late = standing({ cause: 'keeps_trying', need: failure({ code: 'refused' }) }, { endsAt: NOW.toISOString() });

  it('is an alarm with the reason, and on Home', () => {
    const alarm = buildMailboxAlarm(withStep(late), { approvers: [{ teamId: 'T', userId: 'U0SAM' }], now: NOW });
    expect(wordsFor(alarm)).toMatch(/should have been taken back.*<@U0SAM>.*Google: .*tried again every hour/s);
    const home = buildHome({
      role: 'operator',
      running: [withStep(late)],
      recent: [],
      operators: [],
      threads: new Map(),
      channelId: 'C0ITOPS',
      now: NOW,
    });
    expect(wordsFor(home)).toMatch(/Mailboxes with somebody else \(1\).*should have ended/s);
    expect(wordsFor(buildMailboxAlarm(withStep(standing({ status: 'done' })), { approvers: [], now: NOW }))).toMatch(
      /An alarm stood here/,
    );
  });
});

it('status and thread say until when, and a cancelled run that only this is left', () => {
  expect(runningLine(withStep(standing()))).toMatch(/waits until the mailbox is taken back/);
  const reply = buildStepReply(withStep(standing()), standing());
  expect(reply && wordsFor(reply)).toMatch(
    /the mailbox stays with who received it until .*Nobody needs to do anything/,
  );
  const cancelled = withStep(standing(), { status: 'cancelled', cancelledBy: 'T0ACME/U0SAM', closedAt: NOW });
  expect(wordsFor(buildRunRoot(cancelled, { now: NOW }))).toMatch(/Only the mailbox is still taken back/);
});

it('a question for a person says why it is asked', () => {
  const asking = aStep('google.mailbox', {
    status: 'needs_human',
    need: { kind: 'question', question: { kind: 'choose_person', name: 'delegate', by: 'operator', suggested: null } },
    after: { noReceiver: 'manager_leaving' },
    evidence: null,
  });
  const reply = buildStepReply(withStep(asking), asking);
  expect(reply && wordsFor(reply)).toContain('Asked because the manager is offboarded too.');
});

it('whatever people typed, Slack takes it and nothing in it is live', () => {
  fc.assert(
    fc.property(text, text, (name, reason) => {
      const decisions = [{ kind: 'extend', by: 'T0ACME/U0SAM', at: NOW, attempt: 1, answer: { reason, until: '' } }];
      const run = { ...withStep(standing({ decisions })), person: { name, email: 'dana@acme.test', title: null } };
      const mentions = ['<@U0LIN>', '<@U0SAM>'];
      for (const about of [ENDS, NOW]) expectGoodMessage(buildMailboxReminder(run, about, { isTold: true }), mentions);
      expectGoodMessage(buildReceiverReminder(run, ENDS), []);
      expectGoodMessage(buildMailboxAlarm(run, { approvers: [], now: NOW }), []);
      expectGoodModal(buildExtendModal(run, standing()), []);
    }),
    { numRuns: 50 },
  );
});
