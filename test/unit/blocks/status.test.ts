// The status list: what needs somebody first, then what is running; nothing live, whatever names are in it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildStatus } from '../../../src/blocks/status.ts';
import { wordsOf } from '../../support/words.ts';
import { aRun, aStep, blocked, expectGoodMessage, failed, NOW, recorded, runViews } from './screens.ts';

const draw = (runs: Parameters<typeof buildStatus>[0]['runs']) => buildStatus({ runs, now: NOW, channelId: 'C0ITOPS' });

describe('buildStatus', () => {
  it('says so when nothing is running', () => {
    expect(draw([]).text).toBe('Nothing is running, and nothing needs you.');
  });

  it('shows what needs somebody before what is running', () => {
    const tom = aRun({
      code: 'OFF-13',
      person: { name: 'Tom Alvarez', email: 't@acme.test', title: null },
      steps: [recorded, blocked, aStep('okta.factors', { status: 'running', endedAt: null })],
    });
    const dana = aRun({ steps: [recorded, failed('okta.block', { code: 'refused', tries: 1 })] });
    const message = draw([tom, dana]);

    expect(message.text).toBe('2 running · 1 needs you');
    expect(wordsOf(message.blocks.slice(1))).toBe(
      [
        '*Needs you*',
        '*Dana Whitfield* · OFF-12 · 1 of 2 steps ended',
        ':x:  *Sign-in block failed* · failed: Okta refused (1 try)',
        '*Running*',
        ':hourglass_flowing_sand:  *Tom Alvarez* · OFF-13 · 2 of 3 steps ended · now: Removing second factors',
        'Each has its thread in <#C0ITOPS>.',
        'Only you can see this.',
      ].join('\n'),
    );
  });

  it('is one good message, whatever runs there are', () => {
    fc.assert(
      fc.property(fc.array(runViews, { maxLength: 40 }), (runs) => expectGoodMessage(draw(runs), ['<#C0ITOPS>'])),
      { numRuns: 60 },
    );
  });
});
