// The screens of a run that has done nothing: what they promise is so, and Slack takes them whatever they are made of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHome } from '../../../src/blocks/home.ts';
import { buildPlanModal } from '../../../src/blocks/modal-plan.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildDoorNotice, buildHeldReply, buildStartReminder } from '../../../src/blocks/start-text.ts';
import type { RunView } from '../../../src/workflow/model/run.ts';
import {
  anAwaitingRun,
  aPlan,
  aRun,
  at,
  expectGoodMessage,
  expectGoodModal,
  markupOf,
  NOW,
  pending,
  planViews,
  runViews,
} from './screens.ts';

type Start = NonNullable<RunView['start']>;
const start = (over: Partial<Start> = {}): Start => ({
  status: 'scheduled',
  at: new Date('2026-03-20T17:00:00Z'),
  zone: 'Europe/Berlin',
  lastWorkingAt: new Date('2026-03-20T17:00:00Z'),
  employmentEndsOn: '2026-03-31',
  remindAt: null,
  plan: aPlan(),
  devices: null,
  held: null,
  trouble: null,
  reminded: false,
  passed: false,
  begunAt: null,
  ...over,
});
const steps = aPlan().steps.map(({ step }) => pending(step));
const waiting = (over: Partial<Start> = {}, run: Partial<RunView> = {}): RunView =>
  aRun({ status: 'scheduled', requestedBy: 'bamboohr', trigger: 'hris', steps, start: start(over), ...run });
const root = (run: RunView): string => markupOf(buildRunRoot(run, { now: NOW }));

describe('a scheduled run', () => {
  it('says when by both clocks, why, what will happen, and that nothing has', () => {
    const told = root(waiting());

    expect(told).toContain('is scheduled: access ends');
    expect(told).toContain('18:00 on 2026-03-20 in Europe/Berlin');
    expect(told).toContain('BambooHR: last day 2026-03-31.');
    expect(told).toContain('*What will happen*');
    expect(told).toContain('Reported by BambooHR');
    expect(told).toContain('Nothing has changed yet.');
  });

  it('names whoever asked for it', () => {
    const run = waiting({}, { requestedBy: 'T0ACME/U0LIN' });

    expect(markupOf(buildRunRoot(run, { now: NOW, names: { U0LIN: 'Lin Okafor' } }))).not.toContain('U0LIN');
  });

  it('that begins by itself in minutes says so first, with Stop', () => {
    const run = waiting({ lastWorkingAt: null, at: at(600) });

    expect(root(run)).toContain('unless somebody stops it');
    expect(JSON.stringify(buildRunRoot(run, { now: NOW }))).toMatch(/"Stop".*run_cancel|run_cancel.*"Stop"/s);
  });

  it('whose moment came and that cannot be read says that access is still open', () => {
    expect(root(waiting({ trouble: 'okta' }))).toMatch(/has not started.*Okta cannot be read.*Access is still open/s);
  });

  it('that was held says why, what differs, and that access is as it was', () => {
    const held = {
      because: { why: 'changed', what: ['manager', 'devices'] } as const,
      now: aPlan({ status: 'SUSPENDED' }),
    };
    const told = root(waiting({ status: 'held', held }, { status: 'held' }));

    expect(told).toContain('on hold: nothing was started');
    expect(told).toContain('the manager is another one');
    expect(told).toContain('Access is as it was.');
  });

  it('that was stopped claims that nothing was done', () => {
    const cancelled = waiting(
      {},
      {
        status: 'cancelled',
        cancelledBy: 'T0ACME/U0LIN',
        closedAt: NOW,
        steps: steps.map((step) => ({ ...step, status: 'cancelled' as const })),
      },
    );

    expect(root(cancelled)).toContain('Nothing was done');
    expect(root(cancelled)).not.toContain('may still be open');
  });

  it('of a protected person says when it would start, and never that it starts at once', () => {
    const told = root(anAwaitingRun({}, { start: start() }));
    const late = root(anAwaitingRun({}, { start: start({ at: new Date('2026-03-01T17:00:00Z'), passed: true }) }));

    expect(told).toContain('Without approval nothing starts then');
    expect(told).not.toContain('starts at once');
    expect(late).toMatch(/passed without an approval.*Access is still open/s);
  });
});

describe('its screens', () => {
  const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const text = fc.string({ maxLength: 300, unit: 'binary' });
  const starts: fc.Arbitrary<Start> = fc.record({
    status: fc.constantFrom('open' as const, 'scheduled' as const, 'held' as const),
    at: fc.option(instant),
    zone: fc.constantFrom(null, 'Europe/Berlin', 'Pacific/Kiritimati'),
    lastWorkingAt: fc.option(instant),
    employmentEndsOn: fc.constantFrom(null, '2026-03-31'),
    remindAt: fc.constant(null),
    plan: fc.option(planViews),
    devices: fc.constant(null),
    held: fc.option(
      fc.record({
        because: fc.constantFrom(
          { why: 'identity' } as const,
          { why: 'changed', what: ['manager', 'devices', 'irreversible'] } as const,
          { why: 'refused', refusal: '<!channel>' } as const,
          { why: 'not_read', vendor: 'okta' } as const,
          { why: 'record_gone' } as const,
          { why: 'protected' } as const,
        ),
        now: fc.option(planViews),
      }),
    ),
    trouble: fc.option(text),
    reminded: fc.boolean(),
    passed: fc.boolean(),
    begunAt: fc.option(instant),
  });

  it('are taken by Slack and hold nothing live, whatever they are made of', () => {
    fc.assert(
      fc.property(runViews, starts, (run, given) => {
        const view = { ...run, start: given };
        expectGoodMessage(buildRunRoot(view, { now: NOW }));
        expectGoodMessage(buildHeldReply(view, []));
        expectGoodMessage(buildStartReminder(view));
        buildHome({
          role: 'admin',
          running: [view],
          recent: [],
          operators: [],
          threads: new Map(),
          channelId: 'C0ITOPS',
          now: NOW,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('of the doors say in one line what was not begun and why', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('not_begun', 'no_address', 'cannot_look', 'active_again', 'deactivated_early', 'odd'),
        fc.option(text),
        fc.option(text),
        fc.option(text),
        (says, name, email, why) => {
          expectGoodMessage(buildDoorNotice({ door: 'bamboohr', says, name, email, code: 'OFF-1', why, at: NOW }));
        },
      ),
    );
  });

  it('ask for the moment by the person’s own clock', () => {
    const plan = aPlan({
      zone: { name: 'Asia/Seoul', from: 'country' },
      waiting: { code: 'OFF-3', status: 'scheduled' },
    });
    const modal = buildPlanModal(plan, { privateMetadata: '{}' });

    expectGoodModal(modal, ['<#C0ITOPS>']);
    expect(markupOf(modal)).toContain('OFF-3 is scheduled and has done nothing');
    expect(JSON.stringify(modal)).toContain('"timezone":"Asia/Seoul"');
  });
});
