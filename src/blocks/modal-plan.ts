// The plan an operator confirms: who, what will happen with real numbers, what cannot be undone, what could not be checked.
import type { AlertBlock, InputBlock, KnownBlock } from '@slack/types';
import { containsFirst, manyOf, type PlanView, type PlanWarning, protectionOf } from '../workflow/model/plan.ts';
import { list } from './amounts.ts';
import { appLines } from './app-plan-text.ts';
import { deviceAlerts, deviceInputs, deviceLines } from './device-plan-text.ts';
import { googleAlerts, googleLines } from './google-plan-text.ts';
import { plannedCoverage } from './handover-text.ts';
import { hrisAlerts, hrisLines, identityBlocks } from './hris-text.ts';
import { BLOCKS, INPUTS } from './ids.ts';
import { integrationLines } from './integration-text.ts';
import { type Modal, modal, personLines, reasonInput, submitLabel } from './modal-parts.ts';
import { channelWords } from './modal-started.ts';
import { statusWords } from './okta-words.ts';
import { alert, context, date, plainText, section, sections } from './parts.ts';
import { cannotBeUndone, planDifferences, planLine, protectedWords } from './plan-text.ts';
import { safeName, safeText } from './safe-text.ts';
import { whenInputs } from './when-input.ts';

const MOST_WARNINGS = 10;
const DIFFERENCES_BUDGET = 3_000;

export interface PlanOptions {
  /** Passed through; at most 3,000 characters. */
  readonly privateMetadata: string;
  /** The plan that was confirmed but is no longer so: what differs is told on top. Null: it is not known any more. */
  readonly changedFrom?: PlanView | null;
}

export function buildPlanModal(plan: PlanView, { privateMetadata, changedFrom }: PlanOptions): Modal {
  if (changedFrom === undefined) return planModal(plan, privateMetadata, []);
  const told = alert(
    'warning',
    '*The plan changed since you saw it. Nothing was changed.* Read the new plan below, then confirm it or cancel.',
  );
  return planModal(plan, privateMetadata, [told, ...sections(differenceLines(changedFrom, plan), DIFFERENCES_BUDGET)]);
}

export function differenceLines(before: PlanView | null, now: PlanView): readonly string[] {
  const differences = before === null ? [] : planDifferences(before, now);
  if (differences.length === 0) return ['*What differs:* what the plan was made from. Please read it again.'];
  return ['*What differs*', ...differences.map((difference) => `• ${difference}`)];
}

function planModal(plan: PlanView, privateMetadata: string, top: readonly KnownBlock[]): Modal {
  const undone = cannotBeUndone(plan);
  const coverage = plannedCoverage(plan.steps);
  const isProtected = protectionOf(plan) !== null;
  const asks = isProtected || manyOf(plan) !== null;
  const lines = [...plan.steps.map(planLine), ...appLines(plan), ...integrationLines(plan)];
  return modal({
    submit: asks ? 'Ask for approval' : submitLabel(plan.person),
    close: 'Cancel',
    privateMetadata,
    blocks: [
      ...top,
      ...(plan.waiting ? [waitingAlert(plan.waiting)] : []),
      ...plan.warnings.slice(0, MOST_WARNINGS).map((warning) => warningAlert(warning, plan)),
      ...hrisAlerts(plan.hris),
      ...googleAlerts(plan),
      ...deviceAlerts(plan),
      section(
        [
          personLines(plan.person),
          ...hrisLines(plan.hris),
          `Okta status: ${statusWords(plan.status)}`,
          ...googleLines(plan.google),
          ...deviceLines(plan.devices),
        ].join('\n'),
      ),
      ...identityBlocks(plan),
      ...deviceInputs(plan, plan.deviceFate ?? 'collect'),
      { type: 'divider' },
      ...sections([
        asks && !containsFirst(plan) ? '*What will happen after approval*' : '*What will happen*',
        ...(lines.length > 0 ? lines : ['Nothing: no step applies.']),
      ]),
      ...(undone === null ? [] : [section(undone)]),
      ...(coverage === null ? [] : [section(coverage)]),
      context(
        `Checked ${date(plan.checkedAt, 'time')}. Nothing has changed yet. Progress goes to ${channelWords(plan.channelId)}. After 1, 7, 30 and 60 days what was closed is looked at again.`,
      ),
      ...whenInputs(plan),
      reasonInput({ isNeeded: asks }),
      ...(isProtected ? [typedConfirmInput(plan)] : []),
    ],
  });
}

/** It is that run which begins, moves or is looked into: there is never a second one. */
function waitingAlert({ code, status }: NonNullable<PlanView['waiting']>): AlertBlock {
  const stands = status === 'held' ? 'is on hold' : 'is scheduled';
  return alert(
    'info',
    `*${safeText(code, 20)} ${stands} and has done nothing.* Confirming starts it now, or at the time below.`,
  );
}

function warningAlert(warning: PlanWarning, plan: PlanView): AlertBlock {
  const name = safeName(plan.person.name, 30);
  switch (warning.kind) {
    case 'protected':
      return alert(
        'error',
        containsFirst(plan)
          ? `*${name} is protected.* Access is closed at once; a second approver allows the rest. Because: ${protectedWords(warning.because)}.`
          : `*${name} is protected.* A second approver must agree before anything runs. Because: ${protectedWords(warning.because)}.`,
      );
    case 'sits_in_channel':
      return alert(
        'warning',
        `*${name} is in the IT channel* and will read every step there. Consider removing them first.`,
      );
    case 'is_operator':
      return alert(
        'warning',
        `*${name} is a Sendoff operator.* Take them off the operator list too: this run does not.`,
      );
    case 'holds_admin_role':
      return alert(
        'warning',
        `*${name} is an Okta admin*: ${list(
          warning.roles.map((role) => role.replaceAll('_', ' ').toLowerCase()),
          2,
        )}.`,
      );
    case 'not_checked': {
      const what = warning.what === 'channel' ? 'is in the IT channel' : 'holds Okta admin roles';
      return alert(
        'warning',
        `Couldn’t check whether ${name} ${what}: ${safeText(warning.why, 60) || 'no reason given'}.`,
      );
    }
    case 'many':
      return alert(
        'error',
        `*${warning.begun} offboardings began within an hour; the policy lets ${warning.most} begin unasked.* Another approver must agree before this one starts now.`,
      );
    default:
      return warning satisfies never;
  }
}

/** The whole address, letter by letter: nobody confirms a protected person by habit. */
function typedConfirmInput(plan: PlanView): InputBlock {
  return {
    type: 'input',
    block_id: BLOCKS.typedConfirm,
    label: plainText(`Type ${plan.person.email} to confirm`, 300),
    element: {
      type: 'plain_text_input',
      action_id: INPUTS.typedConfirm,
      max_length: 300,
      multiline: false,
      placeholder: plainText('Work address of the person leaving', 150),
    },
  };
}

/** At the input itself; nothing has been committed. */
export function typedWrong(plan: PlanView): Readonly<Record<string, string>> {
  return {
    [BLOCKS.typedConfirm]: plainText(
      `That does not match ${plan.person.email}. Nothing was changed. Check the spelling and try again.`,
      400,
    ).text,
  };
}
