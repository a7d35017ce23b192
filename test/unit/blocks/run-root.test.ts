// The run's one message: its header, its lines, its buttons, and the figures at the end.
import type { Button } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { buildRunRoot, timeToRevokeMs } from '../../../src/blocks/run-root.ts';
import type { RunView } from '../../../src/workflow/model/run.ts';
import {
  allDone,
  aRun,
  aStep,
  at,
  blocked,
  deactivated,
  devices,
  factors,
  failed,
  markupOf,
  NOW,
  pending,
  recorded,
  STEP_RUN,
} from './screens.ts';

const names = { 'T0ACME/U0LIN': 'Lin Okafor' };
const draw = (run: RunView) => buildRunRoot(run, { now: NOW, names });
const buttonsOf = (run: RunView): Button[] =>
  draw(run).blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));

describe('buildRunRoot', () => {
  it('says in text and in its first block how far a running one is', () => {
    const root = draw(aRun());

    expect(root.text).toBe('Offboarding Dana Whitfield is running. 2 of 5 steps done · dana@acme.test');
    expect(markupOf({ first: root.blocks[0] })).toBe(
      ':hourglass_flowing_sand:  *Offboarding Dana Whitfield is running*\n2 of 5 steps done · `dana@acme.test`',
    );
    expect(buttonsOf(aRun()).map((button) => button.action_id)).toEqual(['run_cancel', 'undo_open']);
  });

  it('can be undone once it has begun, and as long as it is no undo itself', () => {
    const untouched = aRun({ steps: [aStep('okta.block', { status: 'blocked', attempt: 0 })] });

    expect(buttonsOf(untouched).map((button) => button.action_id)).toEqual(['run_cancel']);
    expect(buttonsOf(aRun({ status: 'closed' })).map((button) => button.action_id)).toEqual(['undo_open']);
    expect(buttonsOf(aRun({ status: 'cancelled' })).map((button) => button.action_id)).toEqual(['undo_open']);
    expect(buttonsOf(aRun({ kind: 'rehire', status: 'closed' }))).toEqual([]);
    expect(buttonsOf(aRun({ kind: 'device_return', status: 'closed' }))).toEqual([]);
  });

  it('says of one that was taken back that it was, and by what', () => {
    const closed = draw(aRun({ status: 'closed', steps: allDone, undoneBy: { code: 'REH-4' } }));

    expect(closed.text).toContain('Offboarding Dana Whitfield was taken back since');
    expect(closed.text).not.toContain('is offboarded');
    expect(markupOf(closed)).toContain('Taken back by REH-4');
    expect(markupOf(draw(aRun({ status: 'cancelled', undoneBy: { code: 'REH-4' } })))).toContain('Taken back by REH-4');
  });

  it('has a line a step, each with a word', () => {
    const markup = markupOf(
      draw(
        aRun({
          steps: [recorded, blocked, aStep('okta.factors', { status: 'running' }), devices, pending('okta.deactivate')],
        }),
      ),
    );

    expect(markup).toContain(
      ':white_check_mark:  *Okta access recorded* · 3 groups, 2 apps, 2 second factors, 2 devices · 2 s',
    );
    expect(markup).toContain(':white_check_mark:  *Sign-in blocked, sessions ended* · 2 s');
    expect(markup).toContain(':arrows_counterclockwise:  *Removing second factors* · working');
    expect(markup).toContain(
      ':white_check_mark:  *Registered devices removed* · 1 removed, 1 left that somebody else uses · 2 s',
    );
    expect(markup).toContain(':white_circle:  *Deactivate the Okta account* · waits for the steps before it');
  });

  it('names the starter without a mention, and falls back to the plain user id', () => {
    expect(markupOf(draw(aRun()))).toContain(
      'Started by Lin Okafor · <!date^1772442000^{date_short_pretty} at {time}|2026-03-02 09:00 UTC>',
    );
    expect(markupOf(buildRunRoot(aRun(), { now: NOW }))).toContain('Started by U0LIN');
    expect(markupOf(draw(aRun()))).toContain('OFF-12');
  });

  it('offers Retry for each failed step, with what the server needs to know', () => {
    const run = aRun({
      steps: [
        recorded,
        failed('okta.block'),
        failed('okta.deactivate', { kind: 'doubt', sent: 'in_doubt', code: 'doubt' }),
      ],
    });

    const buttons = buttonsOf(run);

    expect(draw(run).text).toBe(
      'Offboarding Dana Whitfield needs you. 1 of 3 steps done · 1 failed · 1 without an answer · dana@acme.test',
    );
    expect(buttons.map((button) => [button.action_id, button.text.text, button.value])).toEqual([
      ['step_retry', 'Retry sign-in block', JSON.stringify({ stepRun: STEP_RUN, attempt: 5 })],
      ['step_retry', 'Retry Okta deactivation', JSON.stringify({ stepRun: STEP_RUN, attempt: 5 })],
      ['run_cancel', 'Cancel remaining steps', JSON.stringify({ run: 'run' })],
      ['undo_open', 'Undo…', JSON.stringify({ run: 'run' })],
    ]);
    expect(markupOf(draw(run))).toContain(':x:  *Sign-in block failed* · failed: Okta did not answer (5 tries)');
    expect(markupOf(draw(run))).toContain(
      ':question:  *Deactivate the Okta account* · no answer, it may or may not be done (5 tries)',
    );
  });

  it('has no Retry where a person must decide something', () => {
    const question = { kind: 'approve', name: 'erase', by: 'approver', irreversible: true } as const;
    const need = { kind: 'question', question } as const;
    const step = aStep('okta.block', { status: 'needs_human', need, endedAt: null });

    expect(buttonsOf(aRun({ steps: [step] })).map((button) => button.action_id)).toEqual(['run_cancel', 'undo_open']);
    expect(draw(aRun({ steps: [step] })).text).toContain('1 to decide');
  });

  it('says when it is over how long it took and when access was gone', () => {
    const root = draw(aRun({ status: 'closed', closedAt: at(4), steps: allDone }));

    expect(root.text).toBe(
      'Dana Whitfield is offboarded. 5 of 5 steps done · took 4 s · access revoked in 2 s · dana@acme.test',
    );
  });

  it('does not call a run complete whose account was not deactivated', () => {
    const steps = [
      recorded,
      blocked,
      factors,
      devices,
      aStep('okta.deactivate', { status: 'skipped', cause: 'by hand', evidence: null }),
    ];

    const root = draw(aRun({ status: 'closed', closedAt: at(4), steps }));

    expect(root.text).toContain(
      'Offboarding Dana Whitfield is closed, but not everything is done. 4 of 5 steps done · 1 passed over',
    );
  });

  it('says why a step was passed over', () => {
    const step = aStep('okta.devices', { status: 'skipped', cause: 'devices_not_licensed', evidence: null });

    expect(markupOf(draw(aRun({ steps: [step] })))).toContain(
      ':fast_forward:  *Remove registered devices* · passed over: this Okta edition has no device list',
    );
  });

  it('says why and until when a step waits', () => {
    const step = aStep('okta.block', {
      status: 'waiting',
      cause: 'back_off',
      failures: 2,
      dueAt: at(65),
      endedAt: null,
    });

    expect(markupOf(draw(aRun({ steps: [step] })))).toContain(
      'waiting: Okta gave no usable answer; it is tried again, next look <!date^1772442065^{time}|09:01 UTC>',
    );
  });

  it('keeps what needs somebody when there are too many steps to show', () => {
    const many = Array.from({ length: 200 }, (_, n) => aStep(`some.step-${n}`, { subject: 'x'.repeat(40) }));

    const markup = markupOf(draw(aRun({ steps: [...many, failed('okta.block')] })));

    expect(markup).toContain('*Sign-in block failed*');
    expect(markup).toContain('200 done; they are in the thread');
  });

  it('tells what is not documented elsewhere', () => {
    expect(markupOf(buildRunRoot(aRun(), { now: NOW, reportProblem: '2 replies <!here> were refused' }))).toContain(
      ':warning:  2 replies &lt;!here&gt; were refused',
    );
  });
});

describe('timeToRevokeMs', () => {
  it('ends at the deactivation where sign-in was already closed or could not be blocked', () => {
    const moot = { ...blocked, evidence: 'moot' as const };
    const passed = { ...blocked, status: 'skipped' as const, cause: 'status_cannot_be_suspended', evidence: null };

    expect(timeToRevokeMs(aRun({ steps: [moot, deactivated] }))).toBe(4_000);
    expect(timeToRevokeMs(aRun({ steps: [passed, deactivated] }))).toBe(4_000);
    expect(timeToRevokeMs(aRun({ steps: [passed] }))).toBeNull();
  });
});
