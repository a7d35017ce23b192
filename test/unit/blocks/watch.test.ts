// The watch and the sweep on their screens: Slack takes them whatever people and apps are called, and they promise only what is so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildStaleCut } from '../../../src/blocks/stale-click.ts';
import { buildSweep, type ToldLeftover } from '../../../src/blocks/sweep.ts';
import { buildWatch, openFinding } from '../../../src/blocks/watch-text.ts';
import type { StepView } from '../../../src/workflow/model/run.ts';
import { elementsWith, wordsOf } from '../../support/words.ts';
import { aRun, aStep, at, expectGoodMessage, NOW, STEP_RUN } from './screens.ts';

const looked = (over: Partial<StepView> = {}): StepView =>
  aStep('watch', {
    subject: '7',
    stage: 'evidence',
    attempt: 2,
    after: { day: 7, looked: 7, open: [], unread: [] },
    ...over,
  });
const OPEN = {
  day: 7,
  looked: 7,
  open: ['okta.block', 'okta.deactivate'],
  unread: [],
  effects: ['okta.deactivate_user'],
  apps: [],
  hris: 'inactive',
};
const CUT = { kind: 'cut_again', by: 'T0ACME/U0LIN', at: at(9), attempt: 2, answer: {} };
const shown = (watched: StepView): string => wordsOf(buildWatch(aRun({ watch: [watched] }), watched)?.blocks);
const buttons = (watched: StepView) =>
  elementsWith(buildWatch(aRun({ watch: [watched] }), watched)?.blocks ?? [], 'cut_again');

describe('what a watch says', () => {
  it('has a button only where something is open, nobody has pressed, and no later look took its place', () => {
    expect(buttons(looked())).toEqual([]);
    expect(buttons(looked({ after: OPEN }))).toHaveLength(1);
    expect(buttons(looked({ after: OPEN, decisions: [CUT] }))).toEqual([]);
    const [first, second] = [looked({ id: 'one', after: OPEN }), looked({ id: 'two', subject: '30', after: OPEN })];
    const run = aRun({ watch: [first, second] });
    expect(elementsWith(buildWatch(run, first)?.blocks ?? [], 'cut_again')).toEqual([]);
    expect(openFinding(run)?.id).toBe('two');
    expect(openFinding(aRun({ watch: [first, { ...second, after: { ...OPEN, open: [] } }] }))).toBeNull();
  });

  it('never calls closed what could not be read', () => {
    const words = shown(looked({ after: { day: 7, looked: 2, open: [], unread: ['okta.block', 'google.contain'] } }));
    expect(words).toContain('No door could be seen');
    expect(words).not.toContain('still closed');
    expect(shown(looked())).toContain('Looked at 7 closed doors again; each is still closed');
  });

  it('asks once more where HR has the person back', () => {
    expect(buttons(looked({ after: OPEN }))[0]?.confirm).toBeUndefined();
    expect(JSON.stringify(buttons(looked({ after: { ...OPEN, hris: 'active' } }))[0]?.confirm)).toContain('HR says');
  });

  it('says nothing before its day', () => {
    expect(buildWatch(aRun(), looked({ status: 'waiting', after: { day: 7 } }))).toBeNull();
  });

  it('is a message that Slack takes, with nothing live in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 5 }), (name, apps) => {
        const watched = looked({ after: { ...OPEN, apps, effects: ['google.delete_token'] } });
        const built = buildWatch(
          aRun({ person: { name, email: 'dana@acme.test', title: null }, watch: [watched] }),
          watched,
        );
        if (built) expectGoodMessage(built, ['<@U0LIN>']);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what the sweep says', () => {
  const told = (over: Partial<ToldLeftover> = {}): ToldLeftover => ({
    id: STEP_RUN,
    leftover: {
      kind: 'account',
      key: 'account:okta:00u',
      vendor: 'okta',
      email: 'dana@acme.test',
      status: 'ACTIVE',
      endedOn: '2026-02-01',
    },
    foundAt: NOW.toISOString(),
    isAgain: false,
    url: null,
    ...over,
  });

  it('is one message, with a button for each account, cut where it is too long', () => {
    const many = Array.from({ length: 60 }, () => told());
    const built = buildSweep({ told: many, at: NOW });
    expectGoodMessage(built);
    expect(elementsWith(built.blocks, 'sweep_begin')).toHaveLength(15);
    expect(wordsOf(built.blocks)).toContain('and 45 more');
    expect(wordsOf(buildSweep({ told: [told({ isAgain: true })], at: NOW }).blocks)).toContain('still open since');
  });
});

describe('a click on Cut again that came too late', () => {
  it('says who was faster, or which run is newer', () => {
    const stale = {
      verdict: 'stale',
      status: 'done',
      attempt: 2,
      what: 'cut_again',
      by: 'T0ACME/U0LIN',
      at: NOW,
    } as const;
    expect(wordsOf(buildStaleCut(stale).blocks)).toContain('had it cut again');
    expect(wordsOf(buildStaleCut({ verdict: 'live_elsewhere', code: 'OFF-9' }).blocks)).toContain(
      'OFF-9 is a newer run',
    );
  });
});
