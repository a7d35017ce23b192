// The report at the end of a thread: every step with its evidence, what failed on the way, who helped, what is open.
import type { TableBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRunReport } from '../../../src/blocks/run-report.ts';
import type { RunView } from '../../../src/workflow/model/run.ts';
import { wordsOf } from '../../support/words.ts';
import { allDone, aRun, aStep, at, blocked, deactivated, expectGoodMessage, failed, runViews } from './screens.ts';

const names = { 'T0ACME/U0LIN': 'Lin Okafor', 'T0ACME/U0SAM': 'Sam Rivera' };
const closed = (over: Partial<RunView> = {}): RunView =>
  aRun({ status: 'closed', closedAt: at(8), steps: allDone, ...over });
const draw = (run: RunView) => buildRunReport(run, { names });
const rowsOf = (run: RunView): string[] =>
  draw(run)
    .blocks.filter((block): block is TableBlock => block.type === 'table')
    .flatMap((table) => table.rows.map((row) => row.map((cell) => wordsOf([cell]) || 'a date').join(' | ')));

describe('buildRunReport', () => {
  it('says in its text how it ended, how long it took and when access was gone', () => {
    expect(draw(closed()).text).toBe(
      'Report: Dana Whitfield is offboarded. 5 of 5 steps done · no failures · access revoked in 2 s · took 8 s',
    );
    expect(wordsOf(draw(closed()).blocks)).toContain('*Still open*\nNothing.');
    expect(wordsOf(draw(closed()).blocks)).toMatch(/Started by Lin Okafor · .*\nFinished · .*\nOFF-12$/);
  });

  it('has a row a step: how it is known, when, and what happened on the way', () => {
    const steps = [
      { ...blocked, failed: { times: 3, last: 'refused' as const }, retries: [{ by: 'T0ACME/U0SAM', at: at(1) }] },
      aStep('okta.factors', { evidence: 'accepted' }),
      aStep('okta.devices', { status: 'skipped', evidence: null, cause: 'devices_not_licensed' }),
      { ...deactivated, evidence: 'attested' as const },
    ];

    expect(rowsOf(closed({ steps }))).toEqual([
      'Step | Result | When | On the way',
      'Sign-in blocked, sessions ended | read back from Okta | a date | failed 3 times, last: Okta refused; retried by Sam Rivera; took 2 s',
      'Second factors removed | accepted by Okta | a date | there were none; took 2 s',
      'Remove registered devices | skipped | a date | this Okta edition has no device list; took 2 s',
      'Deactivate the Okta account | marked done by hand | a date | took 4 s',
    ]);
    expect(draw(closed({ steps })).text).toContain('1 skipped · 3 failures on the way');
  });

  it('names what is still open, also after a step was opened again', () => {
    const run = aRun({ steps: [blocked, failed('okta.deactivate')] });

    expect(wordsOf(draw(run).blocks)).toContain('*Still open*\n:x:  *Okta deactivation failed*');
    expect(wordsOf(draw(run).blocks)).toContain('Open again');
    expect(rowsOf(run).at(-1)).toContain('Okta deactivation failed | stopped | – | ');
  });

  it('keeps what went wrong where there is no room for all, and counts the rest', () => {
    const smooth = Array.from({ length: 150 }, (_, n) => aStep('okta.block', { subject: `device ${n}` }));
    const rough = aStep('okta.factors', { failed: { times: 1, last: null } });
    const run = closed({ steps: [...smooth, rough] });

    expectGoodMessage(draw(run));
    expect(rowsOf(run).at(-1)).toContain('failed once');
    expect(wordsOf(draw(run).blocks)).toMatch(/\d+ more steps, done; not shown/);
  });

  it('names a person as they are, with nothing live', () => {
    const report = draw(closed({ person: { name: '<!channel> *Dana*', email: 'd@acme.test', title: null } }));

    expect(report.text).toContain('Report: &lt;!channel&gt; ∗Dana∗ is offboarded');
    expectGoodMessage(report);
  });

  it('is one good message that mentions nobody, whatever the run holds', () => {
    fc.assert(
      fc.property(runViews, fc.dictionary(fc.constant('T0ACME/U0LIN'), fc.string()), (run, known) =>
        expectGoodMessage(buildRunReport(run, { names: known })),
      ),
      { numRuns: 200 },
    );
  });
});
