// Whose turn it is to answer for an app: asked in working hours, reminded twice, then the backup; never two turns at once, never a turn lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { App } from '../../../src/workflow/model/app-policy.ts';
import { type Asking, askingFacts, askingOf, type Next, nextTurn } from '../../../src/workflow/model/app-turn.ts';
import { isWorkingMoment } from '../../../src/workflow/model/working-time.ts';

const HOUR_MS = 3_600_000;
const [OWNER, BACKUP] = [{ id: 'U1' }, { id: 'U2' }];
const NOBODY = { not: 'not_in_slack' } as const;
const LEAVER = { not: 'is_leaver' } as const;

function anApp(over: object = {}): App {
  const who = { owner: 'a@acme.test', backup: 'b@acme.test', zone: 'Europe/Berlin' };
  return App.parse({ key: 'figma', name: 'Figma', ...who, deadlineHours: 4, ...over });
}

function turn(at: string, over: Partial<Parameters<typeof nextTurn>[0]> = {}): Next {
  return nextTurn({
    app: anApp(),
    now: new Date(at),
    before: null,
    owner: OWNER,
    backup: BACKUP,
    chosen: null,
    ...over,
  });
}

function asking(next: Next): Asking {
  if (next.asking === null) throw new Error('nobody is asked');
  return next.asking;
}

describe('the first turn', () => {
  it('is the owner’s, at once in their working hours', () => {
    expect(turn('2026-03-02T09:00:00Z')).toMatchObject({
      asking: {
        turn: 'owner',
        who: 'U1',
        asked: ['U1'],
        nudgeAt: '2026-03-02T11:00:00.000Z',
        dueAt: '2026-03-02T13:00:00.000Z',
      },
      lookAt: new Date('2026-03-02T11:00:00Z'),
    });
  });

  it('waits until they are at work, unless the policy says at once', () => {
    expect(turn('2026-03-07T09:00:00Z')).toMatchObject({
      asking: { asked: [], askAt: '2026-03-09T08:00:00.000Z' },
      lookAt: new Date('2026-03-09T08:00:00Z'),
    });
    expect(turn('2026-03-07T09:00:00Z', { app: anApp({ atOnce: true }) })).toMatchObject({
      asking: { asked: ['U1'], dueAt: '2026-03-09T12:00:00.000Z' },
    });
  });

  it.each([
    ['not in Slack', NOBODY],
    ['the leaver', LEAVER],
  ])('is the backup’s where the owner is %s', (_, owner) => {
    expect(turn('2026-03-02T09:00:00Z', { owner })).toMatchObject({
      asking: { turn: 'backup', asked: ['U2'], ownerPassed: owner.not },
    });
  });

  it('is nobody’s where both cannot be asked: operators say so', () => {
    expect(turn('2026-03-02T09:00:00Z', { owner: LEAVER, backup: NOBODY })).toEqual({
      is: 'stuck',
      why: 'nobody',
      asking: null,
    });
  });
});

describe('a turn', () => {
  const first = asking(turn('2026-03-02T09:00:00Z'));

  it('has a reminder at half of its time and at its end; then it is the backup’s', () => {
    const half = turn('2026-03-02T11:00:00Z', { before: first });
    expect(half).toMatchObject({
      asking: { turn: 'owner', nudges: ['U1|new|2026-03-02T09:00:00.000Z', 'U1|half|2026-03-02T11:00:00.000Z'] },
    });

    expect(turn('2026-03-02T13:00:00Z', { before: asking(half) })).toMatchObject({
      asking: {
        turn: 'backup',
        asked: ['U1', 'U2'],
        ownerPassed: 'silent',
        dueAt: '2026-03-03T09:00:00.000Z',
        nudges: [
          'U1|new|2026-03-02T09:00:00.000Z',
          'U1|half|2026-03-02T11:00:00.000Z',
          'U1|due|2026-03-02T13:00:00.000Z',
          'U2|new|2026-03-02T13:00:00.000Z',
        ],
      },
    });
  });

  it('passes on at once where the owner leaves Slack meanwhile', () => {
    expect(turn('2026-03-02T10:00:00Z', { before: first, owner: NOBODY })).toMatchObject({
      asking: { turn: 'backup', ownerPassed: 'not_in_slack', asked: ['U1', 'U2'] },
    });
  });

  it('ends with operators where the backup is silent too; whom they choose has a turn of their own, once', () => {
    const backup = asking(turn('2026-03-02T13:00:00Z', { before: first }));
    const stuck = turn('2026-03-03T09:00:00Z', { before: backup });
    expect(stuck).toMatchObject({ is: 'stuck', why: 'silent' });

    const chosen = { id: 'U3', at: new Date('2026-03-03T09:30:00Z') };
    const third = turn('2026-03-03T09:30:00Z', { before: asking(stuck), chosen });
    expect(third).toMatchObject({ asking: { turn: 'chosen', who: 'U3', asked: ['U1', 'U2', 'U3'] } });
    expect(turn('2026-03-03T10:00:00Z', { before: asking(third), chosen }).asking?.dueAt).toBe(asking(third).dueAt);
    expect(turn('2026-03-05T09:30:00Z', { before: asking(third), chosen })).toMatchObject({ is: 'stuck' });
  });

  it('that nothing watched for a weekend is not reminded of before Monday', () => {
    const friday = asking(turn('2026-03-06T14:00:00Z'));
    const night = turn('2026-03-06T20:00:00Z', { before: friday });
    expect(night).toMatchObject({
      asking: { nudges: ['U1|new|2026-03-06T14:00:00.000Z'] },
      lookAt: new Date('2026-03-09T08:00:00Z'),
    });
  });

  it('looked at at any moments ends in the same order: owner, backup, operators; each asked and reminded at work', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 40 * HOUR_MS }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
        gaps,
        (at, given) => {
          const order = ['owner', 'backup', 'stuck'];
          let before: Asking | null = null;
          let stands = 0;
          let now = at.getTime();
          for (const gap of [0, ...given]) {
            now += gap;
            const next = turn(new Date(now).toISOString(), { before });
            const is = next.is === 'stuck' ? 'stuck' : next.asking.turn;
            expect(order.indexOf(is)).toBeGreaterThanOrEqual(stands);
            stands = order.indexOf(is);
            const seen = asking(next);
            expect(isWorkingMoment(new Date(seen.askAt), anApp())).toBe(true);
            expect(new Set(seen.asked).size).toBe(seen.asked.length);
            if (before) expect(seen.asked.slice(0, before.asked.length)).toEqual(before.asked);
            if (next.is === 'asked') expect(next.lookAt.getTime()).toBeGreaterThan(now);
            before = askingOf(askingFacts(seen));
            expect(before).toEqual(seen);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
