// A step's one reply: silent, done with evidence, passed over, waiting, stopped, recovered; and the shared one after an outage.
import { describe, expect, it } from 'vitest';
import { buildCatchUp } from '../../../src/blocks/catch-up-reply.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import type { StepView } from '../../../src/workflow/model/run.ts';
import {
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

const names = { U0LIN: 'Lin', U0SAM: 'Sam' };
const reply = (step: StepView) => buildStepReply(aRun(), step, { names });
const markup = (step: StepView): string => markupOf(reply(step) ?? {});

describe('buildStepReply', () => {
  it('is silent while there is nothing to tell', () => {
    expect(reply(pending('okta.block'))).toBeNull();
    expect(reply(aStep('okta.block', { status: 'ready', startedAt: null, endedAt: null }))).toBeNull();
    expect(reply(aStep('okta.block', { status: 'running', endedAt: null }))).toBeNull();
    expect(
      buildStepReply(aRun(), aStep('okta.block', { status: 'running', endedAt: null }), { now: at(2) }),
    ).toBeNull();
    expect(
      buildStepReply(
        aRun(),
        aStep('okta.block', { status: 'waiting', cause: 'settling', dueAt: at(3), endedAt: null }),
        { now: at(2) },
      ),
    ).toBeNull();
  });

  it('tells of work that takes longer', () => {
    expect(
      buildStepReply(aRun(), aStep('okta.block', { status: 'running', endedAt: null }), { now: NOW })?.text,
    ).toContain('Still working on it.');
  });

  it('tells what a done step found, did, and how that is known', () => {
    expect(reply(blocked)?.text).toContain('Sign-in blocked, sessions ended for Dana Whitfield');
    expect(markup(blocked)).toContain('• Okta status: active before, suspended now');
    expect(markup(blocked)).toContain('• Sessions and tokens ended (accepted by Okta; it keeps no list to read back)');
    expect(markup(blocked)).toContain(
      '<!date^1772442002^{time}|09:00 UTC> · 2 s · read back from Okta: status SUSPENDED',
    );
    expect(markup(factors)).toContain('• Removed 2 second factors: push, authenticator app');
    expect(markup(devices)).toContain(
      '• Removed 1 device: Dana’s MacBook Pro\n• Left a device that somebody else uses: Lab iMac.',
    );
    expect(markup(deactivated)).toContain('• Sessions and tokens ended once more');
    expect(markup(recorded)).toContain('• 3 groups: Everyone, Engineering, On-call');
    expect(markup(recorded)).toContain('• No admin roles');
  });

  it('says what could not be recorded', () => {
    const step = aStep('okta.snapshot', {
      after: {
        status: 'DEPROVISIONED',
        groups: [],
        apps: [],
        roles: [],
        factors: [],
        devices: [],
        gaps: ['groups', 'apps'],
      },
    });

    expect(markup(step)).toContain('Not recorded, because Okta does not show them: groups, apps');
    expect(markup(step)).not.toContain('No groups');
  });

  it('says so where the door was gone', () => {
    const step = aStep('okta.factors', {
      evidence: 'moot',
      before: { status: 'DEPROVISIONED' },
      after: { status: 'DEPROVISIONED' },
    });

    expect(markup(step)).toContain('*Second factors went with the account*');
    expect(markup(step)).toContain('no longer needed');
  });

  it('tells why a step was passed over', () => {
    const step = aStep('okta.block', { status: 'skipped', cause: 'status_cannot_be_suspended', evidence: null });

    expect(reply(step)?.text).toContain(
      'Passed over: Okta cannot suspend an account in this status; it is deactivated at once.',
    );
  });

  it('tells why and until when a step waits', () => {
    const paused = aStep('okta.deactivate', { status: 'waiting', cause: 'paused', dueAt: at(120), endedAt: null });
    const behind = aStep('okta.factors', {
      status: 'waiting',
      cause: 'vendor',
      after: { blocked: false },
      dueAt: at(120),
      endedAt: null,
    });

    expect(markup(paused)).toContain(
      'Waiting: Okta asked to slow down, next look <!date^1772442120^{time}|09:02 UTC>.',
    );
    expect(markup(behind)).toContain('Waiting: sign-in must be blocked first');
  });

  it('calls the starter, and offers Retry, where a step failed', () => {
    const failedReply = reply(failed('okta.block'));
    const button = failedReply?.blocks.find((block) => block.type === 'actions')?.elements[0];

    expect(failedReply?.text).toBe(
      'Sign-in block failed for Dana Whitfield. Okta gave no usable answer in 5 tries (HTTP 503). Nothing was changed by this step. Not done: blocking sign-in, ending sessions and tokens. The account’s deactivation does not depend on this step: it is tried within two minutes.',
    );
    expect(markupOf({ first: failedReply?.blocks[0] })).toContain('*Sign-in block failed* for Dana Whitfield <@U0LIN>');
    expect(button).toMatchObject({
      action_id: 'step_retry',
      value: JSON.stringify({ stepRun: STEP_RUN, attempt: 5 }),
      style: 'primary',
    });
    expect(markupOf(failedReply ?? {})).toContain(
      'then press Retry. It is safe to retry: Sendoff looks before it writes.',
    );
  });

  it('admits a doubt', () => {
    const text = markup(
      failed('okta.block', { kind: 'doubt', code: 'doubt', sent: 'in_doubt', effect: 'okta.suspend_user' }),
    );

    expect(text).toContain(
      'I asked Okta to suspend the account and got no answer. *I don’t know whether it was done.* Press Retry: it is looked up first.',
    );
  });

  it('says what was accepted', () => {
    const text = markup(
      failed('okta.deactivate', { code: 'not_seen', sent: 'accepted', effect: 'okta.deactivate_user' }),
    );

    expect(text).toContain(
      'Okta accepted the request to deactivate the account in 5 tries, and it still does not show.',
    );
    expect(text).toContain('*Accepted, not confirmed:* the request to deactivate the account.');
  });

  it('takes its button away as soon as somebody pressed it', () => {
    const step = aStep('okta.block', {
      status: 'ready',
      attempt: 5,
      endedAt: null,
      retries: [{ by: 'T0ACME/U0SAM', at: at(240) }],
    });

    expect(markup(step)).toContain('It is tried again.');
    expect(markup(step)).toContain('retried by Sam <!date^1772442240^{time}|09:04 UTC>');
    expect(reply(step)?.blocks.some((block) => block.type === 'actions')).toBe(false);
  });

  it('keeps the history of a step that recovered', () => {
    const step = { ...blocked, attempt: 6, retries: [{ by: 'T0ACME/U0SAM', at: at(240) }] };

    expect(markup(step)).toContain('Worked on try 6 · retried by Sam <!date^1772442240^{time}|09:04 UTC>');
  });
});

describe('buildCatchUp', () => {
  it('tells several steps at once, each with its time, without buttons', () => {
    const message = buildCatchUp(aRun(), [recorded, { ...blocked, retries: [{ by: 'T0ACME/U0SAM', at: at(1) }] }], {
      names,
    });

    expect(message.text).toBe('While Slack could not be reached, 2 steps of Dana Whitfield’s run ended');
    expect(markupOf(message)).toContain(
      '*Sign-in blocked, sessions ended* · 2 s · retried by Sam · <!date^1772442002^{time}|09:00 UTC>',
    );
    expect(message.blocks.some((block) => block.type === 'actions')).toBe(false);
  });
});
