// The App Home and its window: what needs somebody first, nobody's name for others, and nothing live whatever is in it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHome, buildPoliteHome, type HomePicture } from '../../../src/blocks/home.ts';
import {
  buildOperatorsModal,
  buildOperatorsRefused,
  buildOperatorsUnsure,
} from '../../../src/blocks/modal-operators.ts';
import { buildOperatorNotice } from '../../../src/blocks/notice.ts';
import { assertBlockKit } from '../../support/block-kit/assert-block-kit.ts';
import { elementsWith, wordsOf } from '../../support/words.ts';
import {
  allDone,
  aRun,
  at,
  blocked,
  expectGoodMessage,
  expectGoodModal,
  expectHarmless,
  failed,
  NOW,
  recorded,
  runViews,
  text,
} from './screens.ts';

const LIN = { teamId: 'T0ACME', userId: 'U0LIN', role: 'admin' } as const;
const SAM = { teamId: 'T0ACME', userId: 'U0SAM', role: 'operator' } as const;
const picture = (over: Partial<HomePicture> = {}): HomePicture => ({
  role: 'admin',
  running: [],
  recent: [],
  operators: [LIN, SAM],
  threads: new Map(),
  channelId: 'C0ITOPS',
  now: NOW,
  ...over,
});
const words = (over: Partial<HomePicture> = {}): string => wordsOf(buildHome(picture(over)).blocks);
const closed = (seconds: number) =>
  aRun({ status: 'closed', closedAt: at(9), steps: allDone.map((step) => ({ ...step, endedAt: at(seconds) })) });

function expectGoodHome(view: object, allowed: readonly string[]): void {
  assertBlockKit('home', view);
  expectHarmless(view, allowed);
}

describe('buildHome', () => {
  it('says what to type when nothing is running', () => {
    expect(words()).toContain('Nothing running\nStart with `/offboard name@company.com`');
  });

  it('shows what needs somebody before what is running, each with its thread', () => {
    const waiting = aRun({ id: 'a', steps: [recorded, failed('okta.block')] });
    const running = aRun({ id: 'b', code: 'OFF-13', steps: [recorded, blocked] });
    const shown = buildHome(
      picture({ running: [running, waiting], threads: new Map([['a', 'https://acme.slack.com/archives/C0/p1']]) }),
    );

    expect(wordsOf(shown.blocks)).toMatch(
      /^Needs you \(1\)\n\*Dana Whitfield\* · OFF-12.*\n:x: .*\nOpen thread\nRunning now \(1\)/,
    );
    expect(elementsWith(shown.blocks, 'open_thread')).toHaveLength(1);
  });

  it('gives the figures of the last 30 days', () => {
    const told = words({
      recent: [closed(2), closed(4), closed(30)],
      running: [aRun({ steps: [failed('okta.block')] })],
    });

    expect(told).toContain(
      '*Offboarded*\n3\n*Median time to revoke*\n4 s\n*Needed a person*\n0 of 3\n*Open failures*\n1 step',
    );
    expect(words({ recent: [closed(2), closed(4)] })).toContain('*Median time to revoke*\n3 s');
    expect(words()).toContain('*Median time to revoke*\n–');
    expect(words()).toContain('*Open failures*\nnone');
  });

  it('lets only admins manage operators; others see the list', () => {
    expect(words()).toContain('Manage operators');
    expect(words({ role: 'approver' })).not.toContain('Manage operators');
    expect(words({ role: 'approver' })).toContain('• <@U0LIN> · admin\n• <@U0SAM> · operator');
  });

  it('is one good view, whatever runs and operators there are', () => {
    const who = fc.record({ teamId: text, userId: text, role: fc.constant('operator' as const) });
    fc.assert(
      fc.property(
        fc.array(runViews, { maxLength: 30 }),
        fc.array(runViews, { maxLength: 30 }),
        fc.array(who, { maxLength: 70 }),
        text,
        (running, recent, operators, url) => {
          const threads = new Map(running.map((run) => [run.id, url]));
          const allowed = ['<#C0ITOPS>', ...operators.map(({ userId }) => `<@${userId}>`)];
          expectGoodHome(buildHome(picture({ running, recent, operators, threads })), allowed);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('buildPoliteHome', () => {
  it('names nobody but whom to ask', () => {
    expect(wordsOf(buildPoliteHome({ contacts: [LIN] }).blocks)).toBe(
      'Offboarding\nOnly IT operators can use this app. If somebody has to be offboarded, please ask <@U0LIN>.',
    );
    expectGoodHome(buildPoliteHome({ contacts: [{ teamId: 'T', userId: '<!channel>' }] }), []);
  });
});

describe('the window and the line on operators', () => {
  it('are good, whoever is on the list', () => {
    const who = fc.record({ teamId: text, userId: text, role: fc.constantFrom('admin' as const, 'operator' as const) });
    fc.assert(
      fc.property(fc.array(who, { maxLength: 70 }), text, text, (operators, userId, role) => {
        const allowed = [...operators.map((one) => `<@${one.userId}>`), `<@${userId}>`];
        for (const verdict of ['changed', 'unchanged', 'last_admin', 'not_admin'] as const)
          expectGoodModal(buildOperatorsModal({ operators, told: { verdict, userId, role: null } }), allowed);
        const notice = buildOperatorNotice({ actor: 'U0LIN', operator: `T0ACME/${userId}`, role, at: at(0) });
        expectGoodMessage(notice, ['<@U0LIN>', ...allowed]);
      }),
      { numRuns: 60 },
    );
    expectGoodModal(buildOperatorsRefused());
    expectGoodModal(buildOperatorsUnsure({ reference: 'req-1' }));
  });
});
