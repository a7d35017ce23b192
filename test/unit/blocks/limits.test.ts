// Every screen, with anything at all in it: drawn without a throw, taken by Slack, and nothing in it is live but our own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildApprovalChanged,
  buildApprovalUnsure,
  buildReminder,
  buildStaleApproval,
} from '../../../src/blocks/approval-text.ts';
import { buildCatchUp } from '../../../src/blocks/catch-up-reply.ts';
import { buildRefusalMessage } from '../../../src/blocks/ephemeral-refusal.ts';
import { buildHelp, buildUnreadable } from '../../../src/blocks/help.ts';
import { buildInterrupted } from '../../../src/blocks/interrupted.ts';
import { buildCheckingModal } from '../../../src/blocks/modal-checking.ts';
import {
  buildDecisionModal,
  buildDecisionRefusedModal,
  buildNotDecidedModal,
} from '../../../src/blocks/modal-decision.ts';
import { buildDeclineModal } from '../../../src/blocks/modal-decline.ts';
import { buildLoadingModal } from '../../../src/blocks/modal-loading.ts';
import { buildPlanModal } from '../../../src/blocks/modal-plan.ts';
import { buildRefusalModal } from '../../../src/blocks/modal-refusal.ts';
import { buildAskedModal, buildStartedModal } from '../../../src/blocks/modal-started.ts';
import { buildCommandNotice, buildRefusedNotice } from '../../../src/blocks/notice.ts';
import { buildChoosePersonModal } from '../../../src/blocks/question.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildStaleCancel, buildStaleClick, staleWords } from '../../../src/blocks/stale-click.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import { parsePersonCommand } from '../../../src/listeners/commands/parse-command.ts';
import { manyOf, protectionOf, type Refusal } from '../../../src/workflow/model/plan.ts';
import type { RunView } from '../../../src/workflow/model/run.ts';
import {
  aPlan,
  at,
  expectGoodMessage,
  expectGoodModal,
  NOW,
  planViews,
  runViews,
  STARTED,
  stepViews,
  text,
} from './screens.ts';

const starterOf = (run: RunView): string[] => [`<@${run.requestedBy.slice(run.requestedBy.indexOf('/') + 1)}>`];
const FEW = { numRuns: 150 };

describe('whatever a run holds', () => {
  it('its root is one good message that mentions nobody', () => {
    fc.assert(
      fc.property(runViews, fc.dictionary(text, text), text, (run, names, reportProblem) => {
        expectGoodMessage(buildRunRoot(run, { now: NOW, names, reportProblem }));
      }),
      FEW,
    );
  });

  it('60 steps that all need somebody still make one good message, with five buttons', () => {
    const steps = fc.sample(stepViews, { numRuns: 60, seed: 1 }).map((step) => ({
      ...step,
      step: '&'.repeat(500),
      status: 'needs_human' as const,
      need: { kind: 'failed', code: 'bug', why: '', tries: 1, effect: null, status: null, sent: 'nothing' } as const,
    }));
    const [run] = fc.sample(runViews, { numRuns: 1, seed: 1 });
    if (!run) throw new Error('no sample');

    const root = buildRunRoot({ ...run, steps }, { now: NOW });

    expectGoodMessage(root);
    expect(root.blocks.filter((block) => block.type === 'actions')).toHaveLength(5);
  });

  it('a reply is one good message that mentions the starter or nobody', () => {
    fc.assert(
      fc.property(runViews, stepViews, fc.option(fc.date(), { nil: undefined }), (run, step, now) => {
        expectGoodMessage(buildStepReply(run, step, now === undefined ? {} : { now }), starterOf(run));
      }),
      { numRuns: 400 },
    );
  });

  it('the catch-up is one good message that mentions nobody', () => {
    fc.assert(
      fc.property(runViews, (run) => expectGoodMessage(buildCatchUp(run, run.steps))),
      FEW,
    );
  });
});

describe('whatever a step that stopped holds', () => {
  it('the windows behind Skip and Mark done by hand are good', () => {
    fc.assert(
      fc.property(runViews, stepViews, fc.constantFrom('skip', 'attest'), (run, step, kind) => {
        expectGoodModal(buildDecisionModal(kind, run, step));
      }),
      FEW,
    );
  });

  it('and so are those that say why it did not count', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('skip', 'attest', 'cancel', 'approve', 'answer'),
        fc.date({ noInvalidDate: false }),
        (who, act, when) => {
          const contacts = [{ teamId: 'T0ACME', userId: 'U0LIN' }];
          const stale = {
            verdict: 'stale',
            status: 'ready',
            attempt: 1,
            what: act,
            by: `T0ACME/${who}`,
            at: when,
          } as const;
          expectGoodModal(buildDecisionRefusedModal({ why: 'needs_approver', act, contacts }), ['<@U0LIN>']);
          expectGoodModal(buildNotDecidedModal(staleWords(stale, { [who]: 'Lin' })), [`<@${who}>`]);
          expectGoodMessage(buildRefusalMessage({ why: 'needs_approver', act, contacts }), ['<@U0LIN>']);
        },
      ),
      FEW,
    );
  });
});

describe('whatever waits for a second person', () => {
  const approvers = [
    { teamId: 'T0ACME', userId: 'U0LIN' },
    { teamId: 'T0ACME', userId: 'U0SAM' },
  ];

  it('its message calls approvers and nobody else, and so do its reminders', () => {
    fc.assert(
      fc.property(runViews, (run) => {
        const called = ['<@U0LIN>', '<@U0SAM>'];
        expectGoodMessage(buildRunRoot(run, { now: NOW, approvers }), called);
        if (run.approval) expectGoodMessage(buildReminder(run, run.approval, { approvers }), called);
      }),
      FEW,
    );
  });

  it('what is told of it privately is good', () => {
    fc.assert(
      fc.property(runViews, planViews, fc.option(planViews), text, (run, before, now, by) => {
        const stale = { verdict: 'stale', status: run.status, what: 'approve', by: `T0ACME/${by}`, at: NOW } as const;
        expectGoodMessage(buildApprovalChanged({ run, before, now }));
        expectGoodMessage(buildApprovalUnsure({ reference: by }));
        expectGoodMessage(buildStaleApproval(stale), [`<@${by}>`]);
        expectGoodModal(buildDeclineModal(run));
        expectGoodModal(
          buildAskedModal({ person: run.person, code: by, channelId: 'C0ITOPS', containsFirst: by === '' }),
          ['<#C0ITOPS>'],
        );
      }),
      FEW,
    );
  });

  it('a picker for a person is a good window', () => {
    fc.assert(
      fc.property(runViews, stepViews, fc.option(text), (run, step, suggested) => {
        const question = { kind: 'choose_person', name: 'delegate', by: 'operator', suggested } as const;
        expectGoodModal(buildChoosePersonModal(run, step, question));
      }),
      FEW,
    );
  });
});

describe('whatever a plan holds', () => {
  it('its modal is good, also with what changed on top', () => {
    fc.assert(
      fc.property(planViews, fc.option(planViews), fc.boolean(), (plan, before, changed) => {
        const view = buildPlanModal(plan, { privateMetadata: '{}', ...(changed ? { changedFrom: before } : {}) });
        expectGoodModal(view, [`<#${plan.channelId}>`]);
      }),
      FEW,
    );
  });

  it('its submit is the verb and a name within 24 characters', () => {
    fc.assert(
      fc.property(planViews, (plan) => {
        const { submit } = buildPlanModal(plan, { privateMetadata: '' });

        expect(submit?.text).toMatch(protectionOf(plan) || manyOf(plan) ? /^Ask for approval$/ : /^Offboard( .+)?$/);
        expect(submit?.text.length).toBeLessThanOrEqual(24);
      }),
      FEW,
    );
  });
});

describe('whatever a refusal or a small screen holds', () => {
  const reference = text;
  const refusals: fc.Arbitrary<Refusal> = fc.oneof(
    fc.record({
      why: fc.constant('not_operator' as const),
      contacts: fc.array(fc.record({ teamId: text, userId: fc.oneof(fc.constant('U0LIN'), text) })),
    }),
    fc.record({
      why: fc.constant('last_super_admin' as const),
      person: fc.record({ name: text, email: text, title: fc.option(text) }),
    }),
    fc.record({
      why: fc.constant('own_credentials' as const),
      vendor: fc.constantFrom('okta' as const, 'google' as const),
      person: fc.record({ name: text, email: text, title: fc.option(text) }),
    }),
    fc.record({ why: fc.constant('nobody_found' as const), email: text }),
    fc.record({
      why: fc.constant('several_found' as const),
      email: text,
      people: fc.array(fc.record({ name: text, login: text, status: text }), { maxLength: 60 }),
    }),
    fc.record({ why: fc.constant('changed' as const), before: fc.option(planViews), now: planViews }),
    fc.record({
      why: fc.constantFrom('vendor_unreachable' as const, 'vendor_refused_us' as const),
      vendor: text,
      reason: text,
      reference,
    }),
    fc.record({ why: fc.constant('safeguard_not_checked' as const), what: text, reference }),
    fc.record({
      why: fc.constantFrom('nothing_to_return' as const, 'protected_lock' as const),
      person: fc.record({ name: text, email: text, title: fc.option(text) }),
    }),
    fc.constant({ why: 'self_lock' as const }),
    fc.record({
      why: fc.constant('fetched_elsewhere' as const),
      devices: fc.array(fc.record({ name: text, code: text, isLive: fc.boolean() }), { maxLength: 20 }),
    }),
    fc.record({ why: fc.constantFrom('database_down' as const, 'unexpected' as const), reference }),
    fc.record({
      why: fc.constant('already_running' as const),
      runId: fc.uuid(),
      kind: fc.constantFrom('offboarding' as const, 'device_return' as const),
      person: fc.constant(aPlan().person),
      code: text,
      requestedBy: fc.constant('T0ACME/U0LIN'),
      requestedAt: fc.date({ noInvalidDate: false }),
      done: fc.nat(),
      total: fc.nat(),
      awaitsApproval: fc.boolean(),
      threadUrl: fc.option(fc.oneof(fc.webUrl(), text)),
    }),
  );

  it('a refusal is good as a message and as a modal', () => {
    fc.assert(
      fc.property(refusals, (refusal) => {
        expectGoodMessage(buildRefusalMessage(refusal), ['<@U0LIN>']);
        expectGoodModal(buildRefusalModal(refusal), ['<@U0LIN>']);
      }),
      { numRuns: 300 },
    );
  });

  it('so are the small screens', () => {
    fc.assert(
      fc.property(text, text, fc.date({ noInvalidDate: false }), (one, other, when) => {
        const parsed = parsePersonCommand(one, ['help']);
        const mention = ['<@U0ALEX>'];
        expectGoodModal(buildLoadingModal({ email: one }));
        expectGoodModal(
          buildStartedModal({
            person: { name: one, email: other, title: null },
            code: one,
            channelId: 'C0ITOPS',
            threadUrl: other,
          }),
          ['<#C0ITOPS>'],
        );
        expectGoodMessage(
          buildCommandNotice({ actor: 'U0ALEX', names: { U0ALEX: one }, command: other, subject: one, at: when }),
          mention,
        );
        expectGoodMessage(
          buildRefusedNotice({ actor: 'U0ALEX', names: { U0ALEX: one }, door: other, why: one, at: when }),
          mention,
        );
        expectGoodMessage(buildInterrupted({ email: one }));
        if (parsed.kind === 'unreadable') expectGoodMessage(buildUnreadable(parsed));
        expectGoodMessage(
          buildStaleClick(
            { verdict: 'stale', status: 'done', attempt: 1, what: other, by: `T0ACME/${one}`, at: when },
            { [one]: other },
          ),
          [`<@${one}>`],
        );
        expectGoodMessage(
          buildStaleCancel(
            { verdict: 'stale', status: 'cancelled', what: 'cancel', by: `T0ACME/${one}`, at: when },
            { [one]: other },
          ),
          [`<@${one}>`],
        );
      }),
      FEW,
    );
    expectGoodMessage(buildHelp());
    expectGoodModal(buildCheckingModal());
    expectGoodMessage(buildStaleClick({ verdict: 'unknown' }));
    expectGoodMessage(buildRefusedNotice({ actor: 'U0ALEX', door: '/offboard', why: 'not_operator', at: at(0) }), [
      '<@U0ALEX>',
    ]);
    expect(STARTED).toEqual(at(0));
  });
});
