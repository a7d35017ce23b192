// The plan that is confirmed: real numbers, what could not be checked, what cannot be undone, and what changed.
import { describe, expect, it } from 'vitest';
import { buildPlanModal } from '../../../src/blocks/modal-plan.ts';
import type { PlanView } from '../../../src/workflow/model/plan.ts';
import { aPlan, markupOf } from './screens.ts';

const draw = (plan: PlanView) => buildPlanModal(plan, { privateMetadata: '{"plan":"1"}' });
const withSeen = (step: string, seen: PlanView['steps'][number]['seen']): PlanView =>
  aPlan({ steps: [{ step, subject: '', seen }] });

describe('buildPlanModal', () => {
  it('has the verb and the first name on its button, and passes private_metadata through', () => {
    const view = draw(aPlan());

    expect(view.submit?.text).toBe('Offboard Dana');
    expect(view.callback_id).toBe('offboard_confirm');
    expect(view.private_metadata).toBe('{"plan":"1"}');
  });

  it('says with numbers what each step will do, though sign-in is not blocked yet', () => {
    const markup = markupOf(draw(aPlan()));

    expect(markup).toContain(
      '*Record what they have in Okta*: 3 groups, 2 apps, 2 second factors, 2 registered devices, no admin roles',
    );
    expect(markup).toContain('*Block sign-in, end sessions*: suspend the account at once, end all sessions and tokens');
    expect(markup).toContain('*Remove 2 second factors*: push, authenticator app');
    expect(markup).toContain(
      '*Remove 1 registered device*: Dana’s MacBook Pro · 1 left because somebody else uses it: Lab iMac',
    );
    expect(markup).toContain('*Deactivate the Okta account*, then end sessions and tokens once more');
    expect(markup).toContain('Nothing has changed yet. Progress goes to <#C0ITOPS>.');
  });

  it('says what cannot be undone', () => {
    const markup = markupOf(draw(aPlan()));

    expect(markup).toContain(
      '*Cannot be undone:* 2 second factors (must be set up anew); 1 device registration (must be set up anew); app assignments',
    );
  });

  it('says nothing of undoing where nothing lasting happens', () => {
    const plan = withSeen('okta.factors', { is: 'satisfied', basis: 'moot', facts: { status: 'DEPROVISIONED' } });

    expect(markupOf(draw(plan))).not.toContain('Cannot be undone');
    expect(markupOf(draw(plan))).toContain('*Remove second factors* · nothing to do: Okta keeps none for this account');
  });

  it('says what could not be checked', () => {
    const plan = withSeen('okta.devices', { is: 'not_checked', why: 'Okta timed out after 8 s' });

    expect(markupOf(draw(plan))).toContain(
      '*Remove registered devices* · couldn’t check (Okta timed out after 8 s); it is read again when the step runs',
    );
  });

  it('says what will be passed over', () => {
    const plan = withSeen('okta.block', { is: 'not_applicable', why: 'status_cannot_be_suspended', facts: {} });

    expect(markupOf(draw(plan))).toContain(
      'will be passed over: Okta cannot suspend an account in this status; it is deactivated at once',
    );
  });

  it('warns in alert blocks', () => {
    const view = draw(
      aPlan({
        warnings: [
          { kind: 'sits_in_channel' },
          { kind: 'is_operator' },
          { kind: 'holds_admin_role', roles: ['SUPER_ADMIN'] },
          { kind: 'not_checked', what: 'channel', why: 'Slack did not answer' },
        ],
      }),
    );
    const alerts = view.blocks.flatMap((block) => (block.type === 'alert' ? [block.text.text] : []));

    expect(alerts).toEqual([
      '*Dana Whitfield is in the IT channel* and will read every step there. Consider removing them first.',
      '*Dana Whitfield is a Sendoff operator.* Take them off the operator list too: this run does not.',
      '*Dana Whitfield is an Okta admin*: super admin.',
      'Couldn’t check whether Dana Whitfield is in the IT channel: Slack did not answer.',
    ]);
  });

  it('asks for a reason that may be left out', () => {
    expect(draw(aPlan()).blocks.at(-1)).toMatchObject({
      type: 'input',
      block_id: 'reason',
      optional: true,
      element: { action_id: 'reason' },
    });
  });

  it('says nothing of HR where it is not set up', () => {
    expect(markupOf(draw(aPlan()))).not.toContain('BambooHR');
  });

  it('asks whose record it is, with nothing chosen beforehand', () => {
    const record = {
      ...{ id: '43', email: 'dana@acme.test', status: 'Active' as const, name: 'Dana Whitfield', title: null },
      ...{ employeeNumber: '1004', department: null, country: null, managerId: null, managerName: null },
      ...{ managerEmail: null, hireDate: '2024-02-05', terminationDate: null, hidden: [] },
    };
    const account = {
      ...{ id: '00u', login: 'dana@acme.test', name: 'Dana Whitfield', names: [], employeeNumber: null },
      ...{ title: null, managers: [] },
    };
    const records = [
      record,
      { ...record, id: '88', status: 'Inactive' as const, hidden: ['name' as const], name: null },
    ];
    const view = draw(aPlan({ hris: { is: 'undecided', because: ['several_records'], account, records } }));

    const input = view.blocks.find((block) => block.type === 'input' && block.block_id === 'identity');
    expect(input).toMatchObject({ label: { text: 'Whose record is it?' }, element: { type: 'radio_buttons' } });
    expect(input).not.toHaveProperty('optional');
    expect(input).not.toHaveProperty('element.initial_option');
    const [fields] = view.blocks.flatMap((block) => (block.type === 'section' && block.fields ? [block.fields] : []));
    expect(fields?.map((field) => field.text.split('\n')[0])).toEqual([
      '*Okta account*',
      '*BambooHR record 43*, active',
      '*BambooHR record 88*, inactive',
    ]);
    expect(markupOf(view)).toContain('name cannot be seen');
  });

  it('lists what changed on top of the new plan, which can be confirmed', () => {
    const now = aPlan({
      status: 'SUSPENDED',
      steps: aPlan().steps.map((step) =>
        step.step === 'okta.factors'
          ? { ...step, seen: { is: 'satisfied', basis: 'read_back', facts: { factors: [] } } }
          : step,
      ),
    });

    const view = buildPlanModal(now, { privateMetadata: '2', changedFrom: aPlan() });

    expect(view.blocks[0]).toMatchObject({ type: 'alert', level: 'warning' });
    expect(markupOf(view)).toContain('The account was active, now it is suspended.');
    expect(markupOf(view)).toContain(
      'Was: :key:  *Remove 2 second factors*: push, authenticator app\nNow: :key:  *Remove second factors* · nothing to do: there are none',
    );
    expect(markupOf(view)).not.toContain('Was: :lock:');
    expect(view.submit?.text).toBe('Offboard Dana');
  });
});
