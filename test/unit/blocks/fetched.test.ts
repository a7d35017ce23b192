// What is said of a device on its way back: never "received" or "erased" before it is so, and nothing from outside is live.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildErasureAlarm } from '../../../src/blocks/erasure-alarm.ts';
import { buildFormModal } from '../../../src/blocks/forms.ts';
import { questionWords } from '../../../src/blocks/question.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import { buildDeviceReminder, buildWriteOffModal } from '../../../src/blocks/write-off.ts';
import type { StepView } from '../../../src/workflow/model/run.ts';
import type { Question } from '../../../src/workflow/model/step.ts';
import { ERASE_QUESTIONS } from '../../../src/workflow/steps/jamf-erase.ts';
import { aRun, aStep, expectGoodMessage, expectGoodModal, failed, markupOf, stepViews, text } from './screens.ts';

const MAC = { subject: 'jamf:11', facts: { name: 'Dana’s MacBook', serial: 'C02DANA0001', fate: 'collect' } };
const RECEIVE: Question = {
  ...{ kind: 'form', name: 'receive', by: 'operator' },
  ...{ remindAfterDays: [3, 7, 14], canWriteOff: true },
};
const asks = (step: string, question: Question, after: StepView['after'] = null): StepView =>
  aStep(step, {
    ...MAC,
    ...{
      stage: 'device',
      status: 'needs_human',
      need: { kind: 'question', question },
      endedAt: null,
      evidence: null,
      after,
    },
  });
const waits = (after: StepView['after']): StepView =>
  aStep('jamf.erase', {
    ...MAC,
    ...{ stage: 'device', status: 'waiting', cause: 'vendor', endedAt: null, evidence: null, after },
  });
const told = (step: StepView, steps: readonly StepView[] = [step]): string =>
  markupOf(buildStepReply(aRun({ steps }), step) ?? {});
const named = (steps: readonly string[]) =>
  stepViews.chain((view) => fc.constantFrom(...steps).map((step) => ({ ...view, step })));

describe('an erasure', () => {
  it.each([
    [{ locked: true, lockedSince: '2026-03-01T09:00:00Z', late: false }],
    [{ locked: true, lockedSince: '2026-03-01T09:00:00Z', late: true }],
    [{ command: 'u', sentAt: '2026-03-01T09:00:00Z', adopted: false, confirmedAt: null, late: false }],
    [{ command: 'u', sentAt: null, adopted: true, confirmedAt: null, late: true }],
  ])('that waits is never called done, and never nobody’s to do (%o)', (after) => {
    const words = told(waits(after));

    expect(words).not.toMatch(/Mac erased|Nobody needs to do anything/);
    expect(words).toMatch(/hears nothing|has not confirmed it/);
    expect(words.includes('Nothing is sent before')).toBe('locked' in after);
  });

  it('can be ended by hand once it is late, and not before', () => {
    const reply = (late: boolean) => JSON.stringify(buildStepReply(aRun(), waits({ locked: true, late })));

    expect(reply(true)).toContain('step_skip_open');
    expect(reply(false)).not.toContain('step_skip_open');
  });

  it('has the passcode of this Mac’s own lock at hand while it waits for that', () => {
    const lock = (subject: string, id: string) =>
      aStep('jamf.lock', { id, subject, facts: MAC.facts, after: { command: 'u' } });
    const steps = [lock('jamf:12', 'other'), lock(MAC.subject, 'own'), waits({ locked: true })];

    const reply = JSON.stringify(buildStepReply(aRun({ steps }), steps[2] as StepView));

    expect(reply).toContain('Show passcode…');
    expect(reply).toContain('own');
    expect(reply).not.toContain('other');
  });

  it('is asked about in words of its own for each fate', () => {
    const asked = Object.values(ERASE_QUESTIONS).map(
      (name) => questionWords({ name, by: 'second_approver', kind: 'approve', irreversible: true }, 'jamf.erase').asks,
    );

    expect(new Set(asked).size).toBe(3);
    expect(asked.filter((words) => words.includes('read'))).toHaveLength(1);
  });

  it('that Jamf refuses names the privilege, and no other', () => {
    const step = failed('jamf.erase', {
      code: 'unauthorized',
      status: 403,
      why: 'jamf erase 11: 403 INVALID_PRIVILEGE',
    });

    expect(told(step)).toContain('Send Computer Remote Wipe Command');
    expect(told(step)).not.toContain('Read Computers');
  });
});

describe('a receipt', () => {
  it('with another serial number says that it is not received, and what was typed by whom', () => {
    const words = told(asks('return.receive', RECEIVE, { typed: 'C02OTHER001', typedBy: 'T0ACME/U0SAM' }));

    expect(words).toMatch(/Not received:.*C02OTHER001.*C02DANA0001/s);
  });

  it('that nobody compared says so', () => {
    const step = aStep('return.receive', { ...MAC, after: { serial: 'X1', compared: false, condition: null } });

    expect(told(step)).toContain('none was confirmed before');
  });

  it('once it is there takes the words of its reminders back', () => {
    const over = aStep('return.receive', { ...MAC, status: 'done' });
    const options = { approvers: [{ teamId: 'T0ACME', userId: 'U0SAM' }] };

    expect(JSON.stringify(buildDeviceReminder(aRun(), over, 3, options))).not.toMatch(/Not back|Write off|U0SAM/);
    const last = JSON.stringify(buildDeviceReminder(aRun(), asks('return.receive', RECEIVE), 3, options));
    expect(last).toMatch(/after 14 days.*<@U0SAM>.*Write off…/);
    const first = JSON.stringify(buildDeviceReminder(aRun(), asks('return.receive', RECEIVE), 1, options));
    expect(first).not.toMatch(/U0SAM|Write off…/);
  });
});

it('whatever stands in names, serial numbers and notes, Slack takes every screen and nothing in it is live', () => {
  const steps = named(['return.receive', 'jamf.erase', 'inventory.checkin', 'jamf.lock']);
  fc.assert(
    fc.property(steps, text, (step, typed) => {
      const run = aRun({ steps: [step] });
      const allowed = ['<@U0LIN>', '<@U0SAM>'];
      const options = { approvers: [{ teamId: 'T0ACME', userId: 'U0SAM' }] };
      const after = { typed, typedBy: 'T0ACME/U0SAM', missing: typed, holder: typed, tag: typed, tags: [typed] };
      for (const one of [step, { ...step, after: { ...step.after, ...after } }]) {
        expectGoodMessage(buildStepReply(run, one), ['<@U0LIN>', '<@U0SAM>', '<@U0GRACE>']);
        expectGoodMessage(buildDeviceReminder(run, one, 1, options), allowed);
        expectGoodMessage(buildErasureAlarm(run, one, {}), allowed);
        expectGoodModal(buildWriteOffModal(run, one));
        expectGoodModal(buildFormModal(run, one, 'receive'));
      }
    }),
    { numRuns: 60 },
  );
});
