// Refusals, notices and private answers: what happened, what was not done, what next.
import { describe, expect, it } from 'vitest';
import { buildRefusalMessage } from '../../../src/blocks/ephemeral-refusal.ts';
import { buildHelp, buildUnreadable } from '../../../src/blocks/help.ts';
import { buildRefusalModal } from '../../../src/blocks/modal-refusal.ts';
import { buildStartedModal } from '../../../src/blocks/modal-started.ts';
import { buildCommandNotice, buildRefusedNotice } from '../../../src/blocks/notice.ts';
import { buildStaleClick } from '../../../src/blocks/stale-click.ts';
import type { Refusal } from '../../../src/workflow/model/plan.ts';
import { aPlan, at, markupOf, STARTED } from './screens.ts';

const { person } = aPlan();
const reference = 'req-5Q2K';
const RUNNING = {
  why: 'already_running',
  runId: 'r',
  person,
  code: 'OFF-12',
  requestedBy: 'T0ACME/U0LIN',
  requestedAt: STARTED,
  done: 4,
  total: 5,
  awaitsApproval: false,
  threadUrl: 'https://acme.slack.com/archives/C0ITOPS/p1?thread_ts=1.2&cid=C0ITOPS',
} as const;
const REFUSALS: readonly (readonly [Refusal, RegExp, RegExp])[] = [
  [
    { why: 'not_operator', contacts: [{ teamId: 'T0ACME', userId: 'U0SAM' }] },
    /not on the operator list/,
    /Ask <@U0SAM> for access/,
  ],
  [{ why: 'not_operator', contacts: [] }, /not on the operator list/, /Ask whoever set up Sendoff/],
  [{ why: 'self' }, /cannot offboard yourself/, /Ask another operator/],
  [{ why: 'last_super_admin', person }, /last active Okta super admin/, /Make somebody else super admin/],
  [{ why: 'last_google_super_admin', person }, /last active Google super admin/, /Google Admin console first/],
  [
    { why: 'own_credentials', vendor: 'okta', person },
    /own Okta credentials belong to Dana/,
    /Move Sendoff’s credentials/,
  ],
  [{ why: 'own_credentials', vendor: 'google', person }, /at Google in the name of Dana/, /Set GOOGLE_ADMIN_EMAIL/],
  [
    { why: 'nobody_found', email: 'dna@acme.test' },
    /No one in Okta has the address `dna@acme.test`/,
    /Check the spelling/,
  ],
  [
    {
      why: 'several_found',
      email: 'pat@acme.test',
      people: [{ name: 'Pat Kim', login: 'pat.kim@acme.test', status: 'ACTIVE' }],
    },
    /do not guess/,
    /login `pat.kim@acme.test`/,
  ],
  [RUNNING, /<@U0LIN> is already offboarding \*Dana Whitfield\*/, /4 of 5 steps done/],
  [
    { why: 'identity_undecided', person },
    /may mean different people by `dana@acme.test`, and nobody has said/,
    /choose in the plan/,
  ],
  [{ why: 'devices_undecided', person }, /which computers of \*Dana Whitfield\* are meant/, /tick them in the plan/],
  [
    { why: 'own_request', contacts: [{ teamId: 'T0ACME', userId: 'U0SAM' }] },
    /You asked for this, so someone else must approve it/,
    /Ask <@U0SAM>\./,
  ],
  [{ why: 'own_request', contacts: [] }, /someone else must approve/, /an admin must make somebody an approver/],
  [{ why: 'is_leaver' }, /about your own account/, /Nothing is needed from you/],
  [{ why: 'leaver_chosen' }, /cannot receive their own work/, /Choose somebody else/],
  [{ why: 'not_named' }, /you are not among them/, /whom to ask/],
  [{ why: 'bad_date' }, /later than the policy allows/, /Choose another day/],
  [
    { ...RUNNING, awaitsApproval: true },
    /<@U0LIN> has already asked to offboard \*Dana Whitfield\*/,
    /It waits for approval/,
  ],
  [{ why: 'changed', before: null, now: aPlan() }, /changed between your look and your click/, /Run the command again/],
  [
    { why: 'vendor_unreachable', vendor: 'okta', reason: 'timed out after 8 s', reference },
    /could not reach Okta/,
    /`req-5Q2K` · timed out after 8 s/,
  ],
  [
    { why: 'vendor_refused_us', vendor: 'okta', reason: 'E0000006', reference },
    /does not accept Sendoff’s credentials/,
    /admin console/,
  ],
  [
    { why: 'safeguard_not_checked', what: 'super admins', reference },
    /could not check this safeguard: super admins/,
    /Try again/,
  ],
  [{ why: 'database_down', reference }, /database gave no answer/, /admin console/],
  [{ why: 'unexpected', reference }, /Something went wrong/, /`req-5Q2K`/],
];

describe('each refusal', () => {
  it.each(REFUSALS)('says what happened, that nothing was changed, and what next: %j', (refusal, what, next) => {
    for (const markup of [markupOf(buildRefusalMessage(refusal)), markupOf(buildRefusalModal(refusal))]) {
      expect(markup).toMatch(what);
      expect(markup).toContain('Nothing was changed');
      expect(markup).toMatch(next);
    }
    expect(buildRefusalModal(refusal).submit).toBeUndefined();
    expect(buildRefusalMessage(refusal).text).toContain('Nothing was changed');
  });

  it('claims no more than it knows where the database did not answer', () => {
    expect(buildRefusalMessage({ why: 'database_down', reference }).text).toContain('Nothing was changed so far.');
  });

  it('links to the thread of the run that is there already', () => {
    const actions = buildRefusalMessage(RUNNING).blocks.find((block) => block.type === 'actions');

    expect(actions?.elements[0]).toMatchObject({ action_id: 'open_thread', url: RUNNING.threadUrl });
    expect(buildRefusalMessage({ ...RUNNING, threadUrl: null }).blocks.some((block) => block.type === 'actions')).toBe(
      false,
    );
  });

  it('offers a changed plan for confirmation when it may', () => {
    const view = buildRefusalModal(
      { why: 'changed', before: aPlan({ status: 'STAGED' }), now: aPlan() },
      { privateMetadata: 'm' },
    );

    expect(view.submit?.text).toBe('Offboard Dana');
    expect(markupOf(view)).toContain('The account was staged, never activated, now it is active.');
  });
});

describe('notices', () => {
  it('name the one who ran the command, and what was typed', () => {
    const notice = buildCommandNotice({
      actor: 'T0ACME/U0LIN',
      names: { 'T0ACME/U0LIN': 'Lin' },
      command: '/offboard',
      subject: 'dana@acme.test',
      at: STARTED,
    });

    expect(notice.text).toBe('Lin ran /offboard for dana@acme.test · 2026-03-02 09:00 UTC');
    expect(markupOf(notice)).toContain('<@U0LIN> ran `/offboard` for `dana@acme.test`');
  });

  it.each([
    ['/offboard', 'not_operator', 'tried `/offboard` and was refused: not an operator. Nothing was changed'],
    ['step_retry', 'not_operator', 'pressed Retry and was refused: not an operator'],
    [
      'offboard_confirm',
      'another_workspace',
      'tried to confirm an offboarding and was refused: from another workspace',
    ],
  ])('say who was refused at %s', (door, why, words) => {
    const notice = buildRefusedNotice({ actor: 'U0ALEX', door, why, at: STARTED });

    expect(markupOf(notice)).toContain(`<@U0ALEX> ${words}`);
    expect(notice.text).toContain('U0ALEX');
  });
});

describe('private answers', () => {
  it.each([
    [
      { status: 'running', by: 'T0ACME/U0LIN', at: at(240) },
      'Lin pressed Retry 09:04 UTC; it is running. Your click changed nothing.',
    ],
    [{ status: 'done', by: 'T0ACME/U0LIN', at: at(240) }, 'Lin pressed Retry 09:04 UTC; it is done.'],
    [{ status: 'done', by: null, at: at(240) }, 'Since 09:04 UTC this step has moved on: it is done.'],
    [
      { status: 'needs_human', by: 'T0ACME/U0LIN', at: null },
      'Lin pressed Retry; it stopped again after that: use the newest button.',
    ],
    [{ status: 'cancelled', by: null, at: null }, 'Its run was cancelled.'],
  ] as const)('tell a late click how it stands: %j', (verdict, words) => {
    expect(
      buildStaleClick({ verdict: 'stale', attempt: 1, what: verdict.by && 'retry', ...verdict }, { U0LIN: 'Lin' }).text,
    ).toContain(words);
  });

  it('show an unknown name as a mention, which calls nobody there', () => {
    expect(
      buildStaleClick({ verdict: 'stale', status: 'running', attempt: 1, what: 'retry', by: 'T0ACME/U0LIN', at: null })
        .text,
    ).toContain('<@U0LIN> pressed Retry');
  });

  it('tell a click on an unknown step so', () => {
    expect(buildStaleClick({ verdict: 'unknown' }).text).toContain('a step I do not know any more');
  });

  it.each([
    ['empty', 'An address is missing.'],
    ['several', 'One person at a time.'],
    ['mention', 'Type the work address instead.'],
    ['not_an_address', 'I never guess'],
    ['too_long', '254'],
    ['odd_characters', 'letters outside a to z'],
  ] as const)('say why %s is no address', (why, words) => {
    const message = buildUnreadable({ kind: 'unreadable', why, shown: 'd[U+0430]na', odd: ['foreign'] });

    expect(message.text).toContain(words);
    expect(message.text).toContain('Nothing was changed.');
    expect(markupOf(message)).toContain('You typed `d[U+0430]na`');
  });

  it('explain the command', () => {
    expect(buildHelp().text).toContain('/offboard name@company.com');
  });

  it('say where to watch a run that started', () => {
    const view = buildStartedModal({ person, code: 'OFF-12', channelId: 'C0ITOPS' });

    expect(markupOf(view)).toContain('*Offboarding Dana Whitfield has started* · OFF-12');
    expect(markupOf(view)).toContain('Watch it in <#C0ITOPS>');
  });
});
