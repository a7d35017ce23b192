// Runs, steps and plans for tests of screens, and what is asked of every screen: Slack takes it, and nothing in it is live.
import fc from 'fast-check';
import { expect } from 'vitest';
import { type DevicesView, FATES } from '../../../src/workflow/model/device.ts';
import { REASONS, type ReturnPlan } from '../../../src/workflow/model/device-return.ts';
import type { HrisRecord } from '../../../src/workflow/model/identity.ts';
import type { HrisView, PlanView, PlanWarning } from '../../../src/workflow/model/plan.ts';
import type { PlannedStep } from '../../../src/workflow/model/ports.ts';
import type { ApprovalView, RunView, StepView } from '../../../src/workflow/model/run.ts';
import type { Fact, Facts, Failure } from '../../../src/workflow/model/step.ts';
import { assertBlockKit } from '../../support/block-kit/assert-block-kit.ts';
import { GOOGLE_CAUSES, GOOGLE_EFFECTS, GOOGLE_FACTS, GOOGLE_QUESTIONS, GOOGLE_STEPS } from './google-words.ts';

export const NOW = new Date('2026-03-02T09:00:10Z');
export const STARTED = new Date('2026-03-02T09:00:00Z');
export const STEP_RUN = '8f14e45f-ceea-467f-a9d6-0c1e0c3f1f00';
export const at = (seconds: number): Date => new Date(STARTED.getTime() + seconds * 1000);

export function aStep(step: string, over: Partial<StepView> = {}): StepView {
  return {
    id: STEP_RUN,
    step,
    subject: '',
    facts: {},
    status: 'done',
    cause: null,
    need: null,
    attempt: 1,
    failures: 0,
    startedAt: STARTED,
    dueAt: null,
    endedAt: at(2),
    before: null,
    after: null,
    evidence: 'read_back',
    failed: { times: 0, last: null },
    stage: 'contain',
    decisions: [],
    reveals: [],
    reminders: 0,
    retries: [],
    ...over,
  };
}

export const recorded = aStep('okta.snapshot', {
  after: {
    status: 'ACTIVE',
    groups: ['Everyone', 'Engineering', 'On-call'],
    apps: ['Slack', 'GitHub'],
    roles: [],
    factors: ['push', 'token:software:totp'],
    devices: ['Dana’s MacBook Pro', 'Lab iMac'],
    gaps: [],
  },
});
export const blocked = aStep('okta.block', {
  before: { status: 'ACTIVE' },
  after: { status: 'SUSPENDED', sessions: 'accepted' },
});
export const factors = aStep('okta.factors', {
  before: { status: 'SUSPENDED', factors: ['push', 'token:software:totp'] },
  after: { status: 'SUSPENDED', factors: [] },
});
export const devices = aStep('okta.devices', {
  before: { status: 'SUSPENDED', devices: ['Dana’s MacBook Pro'], left: ['Lab iMac'] },
  after: { status: 'SUSPENDED', devices: [], left: ['Lab iMac'] },
});
export const deactivated = aStep('okta.deactivate', {
  endedAt: at(4),
  before: { status: 'SUSPENDED' },
  after: { status: 'DEPROVISIONED', sessions: 'accepted' },
});
export const allDone = [recorded, blocked, factors, devices, deactivated];

export function pending(step: string): StepView {
  return aStep(step, { status: 'blocked', attempt: 0, startedAt: null, endedAt: null, evidence: null });
}

export function failure(over: Partial<Failure> = {}): Failure {
  return {
    kind: 'failed',
    code: 'no_answer',
    why: 'okta suspendUser: 503',
    tries: 5,
    effect: null,
    status: 503,
    sent: 'nothing',
    ...over,
  };
}

export function failed(step: string, over: Partial<Failure> = {}): StepView {
  return aStep(step, {
    status: 'needs_human',
    need: failure(over),
    attempt: 5,
    failures: 5,
    endedAt: null,
    evidence: null,
  });
}

export function aRun(over: Partial<RunView> = {}): RunView {
  return {
    id: 'run',
    kind: 'offboarding',
    code: 'OFF-12',
    status: 'open',
    person: { name: 'Dana Whitfield', email: 'dana@acme.test', title: 'Platform engineer' },
    requestedBy: 'T0ACME/U0LIN',
    trigger: 'slack_command',
    reason: null,
    requestedAt: STARTED,
    closedAt: null,
    cancelledBy: null,
    approval: null,
    holds: [],
    steps: [recorded, blocked, pending('okta.factors'), pending('okta.devices'), pending('okta.deactivate')],
    ...over,
  };
}

/** A run that waits for somebody other than Lin, who asked; Dana is U0DANA. */
export function anAwaitingRun(approval: Partial<ApprovalView> = {}, over: Partial<RunView> = {}): RunView {
  const warning = {
    kind: 'protected',
    because: [{ rule: 'group', entry: 'Executives' }],
    containsFirst: false,
  } as const;
  return aRun({
    status: 'awaiting_approval',
    reason: 'Last day moved up',
    steps: allDone.map(({ step }) => pending(step)),
    approval: {
      version: 1,
      plan: aPlan({ warnings: [warning] }),
      personId: '00uDana',
      containsFirst: false,
      never: ['T0ACME/U0LIN', 'T0ACME/U0DANA'],
      reminders: 0,
      ended: null,
      ...approval,
    },
    ...over,
  });
}

export function aPlan(over: Partial<PlanView> = {}): PlanView {
  const suspend = [
    { name: 'okta.suspend_user', repeat: 'safe' },
    { name: 'okta.end_sessions', repeat: 'safe' },
  ] as const;
  const deactivate = [
    { name: 'okta.deactivate_user', repeat: 'safe', irreversible: true },
    { name: 'okta.end_sessions', repeat: 'safe' },
  ] as const;
  const later = { is: 'under_way', lookAgainInMs: 10_000 } as const;
  return {
    person: { name: 'Dana Whitfield', email: 'dana@acme.test', title: 'Platform engineer' },
    status: 'ACTIVE',
    steps: [
      {
        step: 'okta.snapshot',
        subject: '',
        seen: { is: 'satisfied', basis: 'read_back', facts: recorded.after ?? {} },
      },
      { step: 'okta.block', subject: '', seen: { is: 'unsatisfied', facts: { status: 'ACTIVE' }, would: suspend } },
      {
        step: 'okta.factors',
        subject: '',
        seen: { ...later, facts: { factors: ['push', 'token:software:totp'], blocked: false } },
      },
      {
        step: 'okta.devices',
        subject: '',
        seen: { ...later, facts: { devices: ['Dana’s MacBook Pro'], left: ['Lab iMac'], blocked: false } },
      },
      {
        step: 'okta.deactivate',
        subject: '',
        seen: { is: 'unsatisfied', facts: { status: 'ACTIVE' }, would: deactivate },
      },
    ],
    warnings: [],
    checkedAt: STARTED,
    channelId: 'C0ITOPS',
    hash: 'sha256:1',
    ...over,
  };
}

/** Everything that Slack would read as markup, from every mrkdwn of a screen. */
export function markupOf(screen: object): string {
  const found: string[] = [];
  JSON.stringify(screen, (key, value) => {
    if (typeof value === 'object' && value !== null && value.type === 'mrkdwn') found.push(value.text);
    return key === 'private_metadata' ? undefined : value;
  });
  return found.join('\n');
}

const DATE = /<!date\^\d+\^[^|<>]*\|[^<>]*>/g;

/** Takes our own dates and the named mentions away; nothing that Slack acts on may be left. */
export function expectHarmless(screen: object, allowed: readonly string[] = []): void {
  let rest = `${markupOf(screen)}\n${'text' in screen ? screen.text : ''}`.replace(DATE, '');
  for (const token of allowed) rest = rest.replaceAll(token, '');
  expect(rest).not.toMatch(/[<>]/);
  expect(rest).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
  expect(rest.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
}

export function expectGoodMessage(message: object | null, allowed: readonly string[] = []): void {
  if (message === null) return;
  assertBlockKit('message', message);
  expectHarmless(message, allowed);
}

export function expectGoodModal(view: object, allowed: readonly string[] = []): void {
  assertBlockKit('modal', view);
  expectHarmless(view, allowed);
}

const nasty = fc.constantFrom(
  '<!channel>',
  '*bold* <@U0LIN> _it_ `code` ~x~',
  '\u202enimda\u202c',
  'Li\u200bn',
  '<https://evil.test|click>',
  ':white_check_mark: done',
  '&lt;!here&gt;',
  '"'.repeat(400),
  '&'.repeat(10_000),
  '<'.repeat(10_000),
  '\u{1f468}\u200d'.repeat(3_000),
  '\ud83d',
  '',
  ' ',
  '\\'.repeat(300),
);
export const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const name = fc.oneof(
  fc.constantFrom(...allDone.map(({ step }) => step), ...GOOGLE_STEPS, ...GOOGLE_QUESTIONS, 'jira.ticket'),
  text,
);
const date = fc.oneof(fc.date({ noInvalidDate: false }), fc.date({ min: STARTED, max: at(100_000) }));
const fact: fc.Arbitrary<Fact> = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 60 }),
);
const facts: fc.Arbitrary<Facts> = fc.dictionary(
  fc.oneof(
    fc.constantFrom('status', 'groups', 'apps', 'factors', 'devices', 'left', 'gaps', 'sessions', 'blocked', 'roles'),
    fc.constantFrom(...GOOGLE_FACTS),
    text,
  ),
  fact,
  { maxKeys: 12 },
);
const need = fc.oneof(
  fc.record({
    kind: fc.constantFrom('failed' as const, 'doubt' as const),
    code: fc.constantFrom(
      ...(['no_answer', 'refused', 'unauthorized', 'doubt', 'not_seen', 'changed', 'unknown', 'bug'] as const),
      ...(['vendor_failed', 'unfinished', 'gone', 'not_set_up'] as const),
    ),
    why: text,
    tries: fc.nat(),
    effect: fc.option(fc.oneof(fc.constantFrom('okta.suspend_user', ...GOOGLE_EFFECTS), text)),
    status: fc.option(fc.integer()),
    sent: fc.constantFrom('nothing' as const, 'accepted' as const, 'in_doubt' as const),
  }),
  fc.record({ kind: fc.constant('task' as const), owner: text }),
  fc.record({
    kind: fc.constant('question' as const),
    question: fc.oneof(
      fc.record({
        kind: fc.constant('approve' as const),
        name,
        by: fc.constantFrom('operator' as const, 'approver' as const, 'second_approver' as const),
        irreversible: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('choose_person' as const),
        name: fc.oneof(fc.constant('delegate'), name),
        by: fc.constantFrom('operator' as const, 'approver' as const),
        suggested: fc.option(fc.oneof(fc.constant('U0GRACE'), text)),
      }),
      fc.record({
        kind: fc.constant('form' as const),
        name: fc.constantFrom('receive', 'other'),
        by: fc.constant('operator' as const),
        remindAfterDays: fc.array(fc.nat(), { maxLength: 4 }),
        canWriteOff: fc.constant(true as const),
      }),
    ),
  }),
);

export const stepViews: fc.Arbitrary<StepView> = fc.record({
  id: fc.uuid(),
  step: name,
  subject: fc.oneof(fc.constant(''), text),
  reminders: fc.nat({ max: 4 }),
  facts: fc.oneof(fc.constant({}), fc.record({ name: text, serial: fc.option(text) })),
  status: fc.constantFrom('blocked', 'ready', 'running', 'waiting', 'needs_human', 'done', 'skipped', 'cancelled'),
  cause: fc.option(
    fc.oneof(
      fc.constantFrom(
        'settling',
        'back_off',
        'paused',
        'vendor',
        'searching',
        'devices_not_licensed',
        'by_hand',
        'attested_against',
        ...GOOGLE_CAUSES,
      ),
      text,
    ),
  ),
  need: fc.option(need as fc.Arbitrary<StepView['need'] & object>),
  attempt: fc.nat(),
  failures: fc.nat(),
  startedAt: fc.option(date),
  dueAt: fc.option(date),
  endedAt: fc.option(date),
  before: fc.option(facts),
  after: fc.option(facts),
  evidence: fc.constantFrom('read_back', 'accepted', 'moot', 'attested', null),
  failed: fc.record({
    times: fc.nat(),
    last: fc.option(fc.constantFrom('no_answer' as const, 'refused' as const, 'bug' as const)),
  }),
  stage: fc.constantFrom('contain', 'device'),
  decisions: fc.array(
    fc.record({
      kind: fc.constantFrom('retry', 'skip', 'attest', 'reopen', 'answer'),
      by: text,
      at: date,
      attempt: fc.nat(),
      answer: fc.dictionary(fc.constantFrom('reason', 'evidence', 'approved'), text),
    }),
    { maxLength: 5 },
  ),
  reveals: fc.array(fc.record({ by: text, at: date }), { maxLength: 5 }),
  retries: fc.array(fc.record({ by: text, at: date }), { maxLength: 20 }),
});

const person = fc.record({ name: text, email: text, title: fc.option(text) });

const effects = fc.array(
  fc.record({
    name: fc.oneof(fc.constant('okta.deactivate_user'), text),
    repeat: fc.constant('safe' as const),
    irreversible: fc.constant(true as const),
  }),
  { maxLength: 60 },
);
const seen = fc.oneof(
  fc.record({
    is: fc.constant('satisfied' as const),
    basis: fc.constantFrom('read_back' as const, 'moot' as const),
    facts,
  }),
  fc.record({ is: fc.constant('unsatisfied' as const), would: effects, facts }),
  fc.record({ is: fc.constant('under_way' as const), lookAgainInMs: fc.nat(), facts }),
  fc.record({ is: fc.constant('not_applicable' as const), why: text, facts }),
  fc.record({ is: fc.constant('unknown' as const), why: text, facts }),
  fc.record({ is: fc.constant('not_checked' as const), why: text }),
);
export const because = fc.array(
  fc.record({ rule: fc.constantFrom('group' as const, 'title' as const, 'address' as const), entry: text }),
  { minLength: 1 },
);
const warnings: fc.Arbitrary<PlanWarning> = fc.oneof(
  fc.record({ kind: fc.constant('protected' as const), because, containsFirst: fc.boolean() }),
  fc.constantFrom({ kind: 'sits_in_channel' as const }, { kind: 'is_operator' as const }),
  fc.record({ kind: fc.constant('holds_admin_role' as const), roles: fc.array(text) }),
  fc.record({ kind: fc.constant('many' as const), begun: fc.nat(), most: fc.nat() }),
  fc.record({
    kind: fc.constant('not_checked' as const),
    what: fc.constantFrom('channel' as const, 'roles' as const),
    why: text,
  }),
);

const hrisRecords: fc.Arbitrary<HrisRecord> = fc.record({
  id: text,
  email: text,
  status: fc.constantFrom('Active' as const, 'Inactive' as const, null),
  name: fc.option(text),
  employeeNumber: fc.option(text),
  title: fc.option(text),
  department: fc.option(text),
  country: fc.option(text),
  managerId: fc.option(text),
  managerName: fc.option(text),
  managerEmail: fc.option(text),
  hireDate: fc.option(text),
  terminationDate: fc.option(text),
  hidden: fc.subarray(['name', 'number', 'status', 'manager', 'country', 'department', 'dates'] as const),
});
const account = fc.record({
  id: text,
  login: text,
  name: text,
  names: fc.array(text),
  employeeNumber: fc.option(text),
  title: fc.option(text),
  managers: fc.array(text),
});
const hris: fc.Arbitrary<HrisView> = fc.oneof(
  fc.record({ is: fc.constant('not_read' as const), why: text, isRefusal: fc.boolean() }),
  fc.constant({ is: 'no_record' as const }),
  fc.record({
    is: fc.constant('same_person' as const),
    record: hrisRecords,
    managersDiffer: fc.boolean(),
    oktaManager: fc.option(text),
  }),
  fc.record({
    is: fc.constant('undecided' as const),
    because: fc.subarray(['several_records', 'other_number', 'other_name'] as const, { minLength: 1 }),
    account,
    records: fc
      .array(hrisRecords, { minLength: 1, maxLength: 20 })
      .map((records) => records.map((record, at) => ({ ...record, id: String(at + 1) }))),
  }),
);

const foundDevices = fc
  .array(
    fc.record({
      kind: fc.constantFrom('laptop' as const, 'desktop' as const),
      serial: fc.option(text),
      name: text,
      model: fc.option(text),
      managementId: fc.option(text),
      isAppleSilicon: fc.option(fc.boolean()),
      osVersion: fc.option(fc.oneof(fc.constant('11.4'), text)),
      lastSeenAt: fc.option(date),
      lastUser: fc.option(text),
      isTheirs: fc.boolean(),
      elsewhere: fc.option(fc.oneof(fc.record({ fetchedBy: text }), fc.record({ boxOf: text }))),
    }),
    { maxLength: 120 },
  )
  .map((found) => found.map(({ elsewhere, ...one }, at) => ({ ...one, ...elsewhere, id: `jamf:${at}` })));
export const devicesViews: fc.Arbitrary<DevicesView> = fc.oneof(
  fc.record({ is: fc.constant('not_read' as const), why: text, isRefusal: fc.boolean() }),
  fc.record({ is: fc.constant('read' as const), devices: foundDevices }),
);

const planWith = (maxLength: number): fc.Arbitrary<PlanView> =>
  fc.record(
    {
      devices: devicesViews,
      person,
      hris,
      status: text,
      steps: fc.array(
        fc.record({ step: name, subject: fc.oneof(fc.constant(''), text), seen }) as fc.Arbitrary<PlannedStep>,
        maxLength > 10 ? { maxLength, size: 'max' } : { maxLength },
      ),
      warnings: fc.array(warnings, { maxLength: 20 }),
      checkedAt: date,
      channelId: fc.oneof(fc.constant('C0ITOPS'), text),
      hash: text,
    },
    { requiredKeys: ['person', 'hris', 'status', 'steps', 'warnings', 'checkedAt', 'channelId', 'hash'] },
  );
export const planViews = planWith(60);

const approvals: fc.Arbitrary<ApprovalView> = fc.record({
  version: fc.integer({ min: 1, max: 3 }),
  plan: planWith(4),
  personId: text,
  containsFirst: fc.boolean(),
  never: fc.array(text, { maxLength: 2 }),
  reminders: fc.nat(),
  ended: fc.option(
    fc.record({
      did: fc.constantFrom('approve' as const, 'decline' as const),
      by: text,
      at: date,
      reason: fc.option(text),
    }),
  ),
});

const runsOf = <Kind extends RunView['kind']>(kind: Kind) =>
  fc.record({
    id: fc.uuid(),
    kind: fc.constant(kind),
    code: text,
    status: fc.constantFrom('awaiting_approval', 'scheduled', 'held', 'open', 'closed', 'cancelled'),
    person,
    requestedBy: fc.oneof(fc.constant('T0ACME/U0LIN'), text),
    trigger: text,
    reason: fc.option(text),
    requestedAt: date,
    closedAt: fc.option(date),
    cancelledBy: fc.option(text),
    approval: fc.option(approvals),
    holds: fc.array(
      fc.record({
        by: text,
        at: date,
        reason: text,
        lifted: fc.option(fc.record({ by: text, at: date, reason: text })),
      }),
      { maxLength: 6 },
    ),
    steps: fc.array(stepViews, { maxLength: 60, size: 'max' }),
  });
const reasons = fc.constantFrom(...REASONS);
export const returnRuns: fc.Arbitrary<RunView> = fc
  .tuple(runsOf('device_return'), fc.record({ reason: reasons, withCharger: fc.boolean() }))
  .map(([run, returns]) => ({ ...run, returns }));
export const runViews: fc.Arbitrary<RunView> = fc.oneof(runsOf('offboarding'), returnRuns);

export const returnPlans: fc.Arbitrary<ReturnPlan> = fc
  .record({
    person,
    status: fc.oneof(fc.constant('DEPROVISIONED'), text),
    country: fc.constantFrom('US', 'KR', null),
    isOwn: fc.boolean(),
    isProtected: fc.boolean(),
    hris,
    devices: fc.option(devicesViews),
    returnWay: fc.constantFrom('ship' as const, 'in_person' as const, 'courier' as const),
    deviceFate: fc.constantFrom(...FATES),
    checkedAt: date,
    channelId: fc.oneof(fc.constant('C0ITOPS'), text),
    hash: text,
  })
  .map(({ devices: found, ...plan }) => ({ ...plan, ...(found && { devices: found }) }));

export function aReturnPlan(over: Partial<ReturnPlan> = {}): ReturnPlan {
  return {
    person: { name: 'Dana Whitfield', email: 'dana@acme.test', title: 'Platform engineer' },
    status: 'ACTIVE',
    country: 'US',
    isOwn: false,
    isProtected: false,
    returnWay: 'ship',
    deviceFate: 'collect',
    checkedAt: STARTED,
    channelId: 'C0ITOPS',
    hash: 'sha256:1',
    ...over,
  };
}

/** A device return in which `step` is about Dana's Mac. */
export function aReturnRun(over: Partial<RunView> = {}): RunView {
  return aRun({
    kind: 'device_return',
    code: 'RET-3',
    trigger: 'return_command',
    returns: { reason: 'refresh', withCharger: false },
    ...over,
  });
}

export function aDeviceStep(step: string, over: Partial<StepView> = {}): StepView {
  return aStep(step, {
    subject: 'jamf:11',
    facts: { name: 'Dana’s MacBook', serial: 'C02DANA0001' },
    stage: 'device',
    ...over,
  });
}
