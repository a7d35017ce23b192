// A batch's screens: what they promise is so, and Slack takes them with a hundred people of any names.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchLine,
  buildBatchAnswer,
  buildBatchEnd,
  buildBatchRoot,
  buildStaleBatch,
} from '../../../src/blocks/batch-text.ts';
import {
  buildBatchAskedModal,
  buildBatchAskingModal,
  buildBatchCheckingModal,
  buildBatchModal,
  buildBatchPlanModal,
} from '../../../src/blocks/modal-batch.ts';
import type { BatchMember, BatchPlan, BatchView, LeftOut } from '../../../src/workflow/model/batch.ts';
import { aPlan, at, expectGoodMessage, expectGoodModal, markupOf, planViews, text } from './screens.ts';

const TEAM = 'T0ACME';
const approvers = ['U0LIN', 'U0SAM', 'U0GRACE', 'U0ADA'].map((userId) => ({ teamId: TEAM, userId }));
const CALLED = ['<@U0SAM>', '<@U0GRACE>'];
const names = { U0LIN: 'Lin Okafor', U0SAM: 'Sam Rivera' };
const leftOut: LeftOut = { address: 'x@acme.test', name: null, why: 'nobody_found', code: null };
const member = (n: number, over: Partial<BatchMember> = {}): BatchMember => ({
  ...{ name: `Ada ${n}`, email: `ada${n}@acme.test`, outcome: null, run: null },
  ...over,
});
const run = (status: 'open' | 'held' | 'closed' | 'cancelled', needYou = 0): BatchMember['run'] => ({
  ...{ id: 'r1', code: 'OFF-1', status, ended: 2, total: 9, needYou },
});
const batch = (over: Partial<BatchView> = {}): BatchView => ({
  ...{ id: 'b1', code: 'BAT-3', status: 'awaiting_approval', requestedBy: `${TEAM}/U0LIN`, requestedAt: at(0) },
  ...{ reason: 'The office closes', members: [member(1), member(2)], leftOut: [leftOut], decisions: [] },
  ...{
    totals: { people: 2, accounts: 2, computers: 1, boxes: 1, asked: 0 },
    never: [`${TEAM}/U0LIN`, `${TEAM}/U0ADA`],
  },
  ...over,
});
const yes = (user: string, counts = true) => ({ by: `${TEAM}/${user}`, kind: 'approve', at: at(5), counts }) as const;
const root = (given: BatchView, may = approvers): string => markupOf(buildBatchRoot(given, { names, approvers: may }));

describe('the one message', () => {
  it('asks two who neither asked nor leave, says who is left out, what it costs, and that nothing has changed', () => {
    const told = root(batch());

    expect(told).toContain('Two approvals needed to offboard 2 people* · BAT-3\nNothing has changed yet');
    expect(told).toContain('<@U0SAM> <@U0GRACE> can approve; 2 of 2 missing');
    expect(told).toContain('2 accounts closed, 1 computer locked, 1 return box ordered');
    expect(told).toContain('`x@acme.test` · no one has that address');
    expect(told).not.toMatch(/<@U0LIN>|<@U0ADA>/);
  });

  it('counts one approval as one, calls only others, and none of somebody who is no approver any more', () => {
    expect(root(batch({ decisions: [yes('U0SAM')] }))).toMatch(
      /Approved by Sam Rivera.*<@U0GRACE> can approve; 1 of 2 missing/s,
    );
    expect(root(batch({ decisions: [yes('U0SAM', false)] }))).toContain('so it does not count');
    expect(root(batch({ decisions: [yes('U0SAM')] }), approvers.slice(0, 2))).toContain(
      '1 approval is missing and nobody can give',
    );
  });

  it('has buttons only while it waits', () => {
    expect(JSON.stringify(buildBatchRoot(batch(), { approvers }))).toMatch(/batch_approve.*batch_decline/s);
    for (const status of ['open', 'declined'] as const)
      expect(JSON.stringify(buildBatchRoot(batch({ status }), { approvers }))).not.toMatch(
        /batch_approve|batch_decline/,
      );
    expect(root(batch({ status: 'declined' }))).toContain('Nothing was started, and access is as it was.');
  });

  it('counts what runs, needs somebody, is held, done or not begun, with links, and ends when all have', () => {
    const members = [
      member(1, { run: run('open') }),
      member(2, { run: run('open', 2) }),
      member(3, { run: run('held') }),
      member(4, { run: run('closed') }),
      member(5, { outcome: 'already_running' }),
      member(6),
    ];
    const told = markupOf(
      buildBatchRoot(batch({ status: 'open', members }), {
        approvers,
        threads: new Map([['r1', 'https://acme.slack.test/p1']]),
      }),
    );

    expect(told).toContain('1 about to begin · 1 running · 1 need you · 1 on hold · 1 done · 1 not begun');
    expect(told).toContain('<https://acme.slack.test/p1|OFF-1> · 2 of 9 steps');
    expect(told).toContain('does not stop them');
    const ended = batch({
      status: 'open',
      members: [member(1, { run: run('closed') }), member(2, { outcome: 'already_running' })],
    });
    expect(root(ended)).toContain('*Offboarding 2 people has ended*');
    expect(markupOf(buildBatchEnd(ended))).toContain('All of BAT-3 has ended.* 1 done · 1 not begun');
    expect(markupOf(buildBatchEnd(batch({ status: 'open', members })))).toContain('one of them goes on');
  });

  it('shows those who need somebody first, and all of a hundred while it waits', () => {
    const many = Array.from({ length: 100 }, (_, n) => member(n, { run: n === 99 ? run('held') : run('closed') }));
    expect(root(batch({ status: 'open', members: many }))).toMatch(/on hold, nothing was started.*· done/s);
    const waiting = root(batch({ members: Array.from({ length: 100 }, (_, n) => member(n)) }));
    expect(waiting.match(/@acme\.test/g)?.length).toBe(101);
  });

  it('is one good message for a hundred people of any names, in every state', () => {
    const any = fc.record({ name: text, email: text, code: text, address: text, reason: text });
    fc.assert(
      fc.property(
        fc.array(any, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('awaiting_approval', 'open', 'declined'),
        (all, status) => {
          const of = (n: number) => all[n % all.length] as (typeof all)[number];
          const runs = [run('open'), run('open', 3), run('held'), run('closed'), null];
          const members = Array.from({ length: 100 }, (_, n) => {
            const held = runs[n % runs.length] ?? null;
            return member(n, { name: of(n).name, email: of(n).email, run: held && { ...held, code: of(n).code } });
          });
          const out = Array.from({ length: 100 }, (_, n) => ({ ...leftOut, address: of(n).address, name: of(n).name }));
          const given = batch({ status, members, leftOut: out, reason: of(0).reason, code: of(0).code });
          expectGoodMessage(buildBatchRoot(given, { names, approvers }), CALLED);
          expectGoodMessage(buildBatchEnd(given));
          expect(batchLine(given).length).toBeLessThan(600);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the windows', () => {
  it('show who is ready with their manager, the totals, and who is left out and why', () => {
    const ready = [{ personId: '00u1', person: aPlan().person, ids: {}, plan: aPlan() }];
    const shown = markupOf(
      buildBatchPlanModal({ ready, leftOut: [leftOut], hash: 'h' }, { privateMetadata: '{}', channelId: 'C0IT' }),
    );

    expect(shown).toContain('*1 person is ready*');
    expect(shown).toContain('1 account closed');
    expect(shown).toContain('Left out: 1');
    expect(shown).toContain('Nothing has changed yet.');
  });

  it('have nothing to submit where nobody is left', () => {
    const modal = buildBatchPlanModal(
      { ready: [], leftOut: [leftOut], hash: 'h' },
      { privateMetadata: '{}', channelId: 'C0IT' },
    );

    expect(modal.submit).toBeUndefined();
    expect(markupOf(modal)).toContain('Nobody on this list can be offboarded together.* Nothing was changed.');
  });

  it('are good ones, whatever was found of a hundred people', () => {
    for (const modal of [
      buildBatchModal(),
      buildBatchCheckingModal({ people: 100 }),
      buildBatchAskingModal(),
      buildBatchAskedModal({ code: 'BAT-3', channelId: 'C0IT' }),
    ])
      expectGoodModal(modal, ['<#C0IT>']);
    fc.assert(
      fc.property(fc.array(planViews, { minLength: 1, maxLength: 4 }), text, (plans, address) => {
        const ready: BatchPlan['ready'] = Array.from({ length: 100 }, (_, n) => {
          const plan = plans[n % plans.length] as (typeof plans)[number];
          return { personId: `p${n}`, person: plan.person, ids: {}, plan };
        });
        const out = Array.from({ length: 100 }, () => ({ ...leftOut, address }));
        expectGoodModal(
          buildBatchPlanModal({ ready, leftOut: out, hash: 'h' }, { privateMetadata: '{}', channelId: 'C0IT' }),
          ['<#C0IT>'],
        );
      }),
      { numRuns: 25 },
    );
  });
});

it('answers to its buttons are good messages', () => {
  for (const verdict of ['again', 'unknown', 'asker_gone'] as const) {
    const answer = buildBatchAnswer(verdict);
    if (answer) expectGoodMessage(answer);
  }
  expect(buildBatchAnswer('approved')).toBeNull();
  expectGoodMessage(buildStaleBatch({ status: 'declined', by: `${TEAM}/U0SAM`, at: at(5) }, names));
});
