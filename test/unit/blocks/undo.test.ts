// The screens of an undo: what stays lost comes first, on each of them; nothing breaks Slack's limits, whatever the names are.
import { describe, expect, it } from 'vitest';
import { buildUndoModal } from '../../../src/blocks/modal-undo.ts';
import { buildRunReport } from '../../../src/blocks/run-report.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { hrInactiveWords, lostLines } from '../../../src/blocks/undo-text.ts';
import type { PlanView } from '../../../src/workflow/model/plan.ts';
import type { PlannedStep } from '../../../src/workflow/model/ports.ts';
import type { Lost } from '../../../src/workflow/model/undone.ts';
import { assertBlockKit } from '../../support/block-kit/assert-block-kit.ts';
import { aRun, aStep, markupOf, NOW } from './screens.ts';

const LOST: readonly Lost[] = [
  { what: 'factors', names: ['push', 'token:software:totp'] },
  { what: 'devices', names: ['Dana’s Mac'] },
  { what: 'sessions', names: [] },
  { what: 'app_data', names: ['Slack', 'GitHub'] },
  { what: 'groups_unknown', names: [] },
  { what: 'google_doors', names: [] },
  { what: 'files', names: [] },
  { what: 'calendar', names: [] },
  { what: 'mail_settings', names: [] },
  { what: 'licence', names: [] },
  { what: 'erased', names: ['Dana’s Mac'] },
];
const groups: PlannedStep = {
  step: 'okta.groups_back',
  subject: '',
  seen: {
    is: 'unsatisfied',
    facts: { missing: ['Engineering'], gone: ['On-call'], admin: ['Admins'], byItself: ['AD staff'] },
    would: [{ name: 'okta.add_to_group', target: '00g1', repeat: 'safe' }],
  },
};
const aPlan = (over: Partial<PlanView> = {}): PlanView => ({
  person: { name: 'Dana Whitfield', email: 'dana@acme.test', title: null },
  status: 'DEPROVISIONED',
  steps: [groups],
  warnings: [],
  undo: { runId: 'r', code: 'OFF-12', isLive: true, lost: LOST },
  checkedAt: NOW,
  channelId: 'C0ITOPS',
  hash: 'sha256:x',
  ...over,
});
const approvalOf = (plan: PlanView) => ({
  ...{ version: 1, plan, personId: '00u', containsFirst: false, never: ['T0ACME/U0LIN'], reminders: 0, ended: null },
});
const asked = (plan = aPlan()) =>
  buildRunRoot(aRun({ kind: 'rehire', code: 'REH-1', status: 'awaiting_approval', approval: approvalOf(plan) }), {
    now: NOW,
    approvers: [{ teamId: 'T0ACME', userId: 'U0SAM' }],
  });

describe('what stays lost', () => {
  it('is said of each thing in a sentence of its own', () => {
    expect(new Set(lostLines(LOST)).size).toBe(LOST.length);
    expect(lostLines([])).toEqual(['Nothing that Sendoff knows of.']);
  });

  it('comes before what comes back: in the window, and where it is approved', () => {
    for (const screen of [buildUndoModal(aPlan(), { privateMetadata: '{}' }), asked()]) {
      const words = markupOf(screen);
      const [lost, back] = [words.indexOf('Cannot come back'), words.indexOf('What will happen after approval')];
      expect(lost).toBeGreaterThan(-1);
      expect(lost).toBeLessThan(back);
      expect(words).toContain('On-call: deleted in Okta since, so it does not come back');
      expect(words).toContain('Admins: gives admin rights, so a person adds them by hand');
      expect(words).toContain('AD staff: filled by an app or by Okta, comes by itself');
      expect(words).toContain('OFF-12');
    }
  });

  it('ends the report, with what the steps could not put back', () => {
    const step = aStep('okta.groups_back', {
      after: { groups: ['Engineering'], gone: ['On-call'], admin: [], byItself: [] },
    });
    const run = aRun({ kind: 'rehire', status: 'closed', steps: [step], approval: approvalOf(aPlan()) });
    const words = markupOf(buildRunReport(run));

    expect(words).toContain('*What did not come back*');
    expect(words).toContain('On-call: deleted in Okta since');
    expect(words).toContain('Dana Whitfield is back, as far as that goes');
    expect(markupOf(buildRunReport(aRun({ status: 'closed' })))).not.toContain('did not come back');
  });
});

describe('HR', () => {
  it('is warned of only where it has them inactive, or could not be read', () => {
    const record = { status: 'Inactive' };
    expect(hrInactiveWords({ hris: { is: 'same_person', record } as never })).toContain('still has them inactive');
    expect(hrInactiveWords({ hris: { is: 'same_person', record: { status: 'Active' } } as never })).toBeNull();
    expect(hrInactiveWords({ hris: { is: 'not_read', why: 'x', isRefusal: false } })).toContain('could not be read');
    expect(hrInactiveWords({})).toBeNull();
  });
});

it('keeps Slack’s limits with any number of strange names', () => {
  const names = Array.from({ length: 60 }, (_, at) => `<!channel> *${'ü'.repeat(80)}${at}*`);
  const wild = aPlan({
    person: { name: '<!here>'.repeat(30), email: 'x'.repeat(200), title: null },
    steps: Array.from({ length: 30 }, () => ({
      ...groups,
      seen: { ...groups.seen, facts: { missing: names, gone: names, admin: names, byItself: names } },
    })) as readonly PlannedStep[],
    undo: { runId: 'r', code: 'OFF-12', isLive: true, lost: LOST.map((one) => ({ ...one, names })) },
    hris: { is: 'not_read', why: 'x', isRefusal: false },
  });
  const modal = buildUndoModal(wild, { privateMetadata: '{}', changedFrom: aPlan() });
  assertBlockKit('modal', modal);
  assertBlockKit('message', asked(wild));
  expect(JSON.stringify([modal, asked(wild)])).not.toContain('<!channel>');
});
