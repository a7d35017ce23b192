// The breaker's screens: what they promise is so, and Slack takes them whatever they are made of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildBreakerMessage, buildLetBegun, buildStaleLet } from '../../../src/blocks/breaker-text.ts';
import { buildPlanModal } from '../../../src/blocks/modal-plan.ts';
import { buildAskedModal } from '../../../src/blocks/modal-started.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import type { BreakerStop, HeldByBreaker } from '../../../src/workflow/model/breaker.ts';
import { containsFirst } from '../../../src/workflow/model/plan.ts';
import { anAwaitingRun, aPlan, at, expectGoodMessage, markupOf, NOW, text } from './screens.ts';

const TEAM = 'T0ACME';
const approvers = [{ teamId: TEAM, userId: 'U0SAM' }];
const names = { U0SAM: 'Sam Rivera' };
const held = (n: number, over: Partial<HeldByBreaker> = {}): HeldByBreaker => ({
  ...{ runId: `run-${n}`, code: `OFF-${n}`, name: `Ada ${n}`, email: `ada${n}@acme.test`, requestedBy: 'bamboohr' },
  ...{ stands: 'waits', letBy: null, letAt: null },
  ...over,
});
const stop = (over: Partial<BreakerStop> = {}): BreakerStop => ({
  ...{ id: 3, isOver: false, most: 5, upTo: 17, held: [held(1), held(2)] },
  ...over,
});
const told = (given: BreakerStop): string => markupOf(buildBreakerMessage(given, { names, approvers }));

describe('the one message', () => {
  it('says how many are on hold, whom, that nothing has begun, and calls who may let them', () => {
    expect(told(stop())).toContain('More than 5 offboardings would have begun within an hour: 2 are on hold* <@U0SAM>');
    expect(told(stop())).toContain('*None of these has begun, and access is as it was.*');
    expect(told(stop())).toContain('• *Ada 1* `ada1@acme.test` · OFF-1 · BambooHR');
    const { blocks } = buildBreakerMessage(stop(), { approvers });
    expect(JSON.stringify(blocks)).toContain(JSON.stringify(JSON.stringify({ stop: 3, upTo: 17 })).slice(1, -1));
  });

  it('says who let how many begin, and has no button once none is on hold', () => {
    const done = [held(1, { stands: 'let', letBy: `${TEAM}/U0SAM`, letAt: at(5) }), held(2, { stands: 'moved' })];

    expect(told(stop({ held: done }))).toMatch(
      /Nothing is on hold any more.*Sam Rivera let 1 begin.*1 dealt with one by one/s,
    );
    expect(told(stop({ held: done }))).not.toMatch(/<@U0SAM>|begin\?/);
    expect(JSON.stringify(buildBreakerMessage(stop({ held: done }), { approvers }).blocks)).not.toContain(
      'breaker_let',
    );
  });

  it('is one good message for five hundred people with any names', () => {
    const any = fc.record({ name: text, email: text, code: text, requestedBy: text });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (people) => {
        const many = Array.from({ length: 500 }, (_, n) => held(n, people[n % Math.max(1, people.length)] ?? {}));
        expectGoodMessage(buildBreakerMessage(stop({ held: many }), { names, approvers }), ['<@U0SAM>']);
        expectGoodMessage(
          buildBreakerMessage(stop({ held: people.map((one, n) => held(n, one)) }), { names, approvers }),
          ['<@U0SAM>'],
        );
      }),
      { numRuns: 50 },
    );
  });
});

it('answers to its button are good messages', () => {
  expectGoodMessage(buildLetBegun({ let: 45 }));
  expectGoodMessage(buildStaleLet({ verdict: 'unknown' }));
  expectGoodMessage(buildStaleLet({ verdict: 'stale', by: `${TEAM}/U0SAM`, at: NOW }, names));
});

describe('an operator’s own, one too many', () => {
  const many = { kind: 'many', begun: 7, most: 5 } as const;
  const isProtected = {
    kind: 'protected',
    because: [{ rule: 'title', entry: 'Chief *' }],
    containsFirst: true,
  } as const;

  it('asks for approval with a reason, but for no typed address', () => {
    const plan = markupOf(buildPlanModal(aPlan({ warnings: [many] }), { privateMetadata: '' }));

    expect(plan).toContain('7 offboardings began within an hour; the policy lets 5 begin unasked');
    expect(plan).toContain('What will happen after approval');
    expect(buildPlanModal(aPlan({ warnings: [many] }), { privateMetadata: '' }).submit?.text).toBe('Ask for approval');
    expect(plan).not.toContain('to confirm');
  });

  it('closes nothing before the approval, whatever the policy says of protected people', () => {
    const both = aPlan({ warnings: [isProtected, many] });

    expect(containsFirst(both)).toBe(false);
    expect(markupOf(buildPlanModal(both, { privateMetadata: '' }))).toContain(
      'A second approver must agree before anything runs',
    );
    const asked = { person: both.person, code: 'OFF-1', channelId: 'C0IT', containsFirst: containsFirst(both) };
    expect(markupOf(buildAskedModal(asked))).toContain('Nothing has changed yet');
  });

  it('tells who approves why they are asked', () => {
    const root = markupOf(buildRunRoot(anAwaitingRun({ plan: aPlan({ warnings: [many] }) }), { now: NOW, approvers }));

    expect(root).toContain('Many at once: 5 offboardings began within an hour');
    expect(root).not.toContain('Protected');
  });
});
