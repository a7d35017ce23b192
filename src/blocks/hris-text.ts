// What BambooHR says of the person of a plan, in words: one line, what is not known, and two records side by side.
import type { AlertBlock, InputBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { Contradiction, HrisField, HrisRecord, OktaAccount } from '../workflow/model/identity.ts';
import { type HrisView, NO_RECORD, type PlanView } from '../workflow/model/plan.ts';
import { BLOCKS, INPUTS } from './ids.ts';
import { alert, mrkdwn, plainText, section } from './parts.ts';
import { clipMarkup, safeCode, safeName, safeText } from './safe-text.ts';

/** A radio button has ten options at most; one of them is "none of these". */
const MOST_RECORDS = 9;
const FIELD_CHARS = 1_900;

const FIELD_WORDS: Readonly<Record<HrisField, string>> = {
  name: 'name',
  number: 'employee number',
  status: 'status',
  manager: 'manager',
  country: 'country',
  department: 'department',
  dates: 'dates',
};

/** Empty where BambooHR is not set up or said nothing. */
export function hrisLines(hris: HrisView | undefined): readonly string[] {
  if (hris?.is !== 'same_person') return [];
  const { record } = hris;
  const isHidden = (field: HrisField): boolean => record.hidden.includes(field);
  const unlessHidden = (field: HrisField, otherwise: string): string | null => (isHidden(field) ? null : otherwise);
  const told = [
    managerWords(record) ?? unlessHidden('manager', 'no manager entered'),
    record.country === null ? unlessHidden('country', 'no country entered') : safeText(record.country, 60),
    record.department === null ? null : safeText(record.department, 60),
    ...(isHidden('dates') ? [] : datesOf(record)),
    record.status === 'Inactive' ? 'inactive there' : null,
  ].filter((one) => one !== null);
  const hidden = record.hidden.map((field) => FIELD_WORDS[field]);
  return [
    `BambooHR: ${told.join(' · ') || 'nothing of this person can be seen'}`,
    ...(hidden.length === 0 ? [] : [`Sendoff’s BambooHR key may not see: ${hidden.join(', ')}. Not known, not empty.`]),
  ];
}

function managerWords({ managerName, managerEmail }: HrisRecord): string | null {
  if (managerName === null && managerEmail === null) return null;
  const name = managerName === null ? '' : safeText(managerName, 60);
  return `reports to ${[name, managerEmail === null ? '' : safeCode(managerEmail, 100)].filter(Boolean).join(' ')}`;
}

function datesOf({ hireDate, terminationDate }: HrisRecord): (string | null)[] {
  return [
    hireDate === null ? 'no hire date entered' : `hired ${safeText(hireDate, 20)}`,
    terminationDate === null ? 'no last day entered' : `last day ${safeText(terminationDate, 20)}`,
  ];
}

/** What the operator must know of it before they confirm. */
export function hrisAlerts(hris: HrisView | undefined): readonly AlertBlock[] {
  switch (hris?.is) {
    case undefined:
      return [];
    case 'not_read':
      return [
        alert(
          'warning',
          `*BambooHR ${hris.isRefusal ? 'refused Sendoff’s key' : 'did not answer'}: manager and country are not known* (${safeText(hris.why, 40) || 'no reason given'}). The Okta account can be offboarded all the same.`,
        ),
      ];
    case 'no_record':
      return [
        alert(
          'warning',
          '*BambooHR has no record with this address that Sendoff may see*: manager and country are not known.',
        ),
      ];
    case 'same_person':
      if (!hris.managersDiffer) return [];
      return [
        alert(
          'warning',
          `*The managers differ.* BambooHR says ${safeName(hris.record.managerName ?? hris.record.managerEmail ?? '', 40)}, Okta says ${safeName(hris.oktaManager ?? '', 40)}.`,
        ),
      ];
    case 'undecided':
      return [alert('error', `*Is this one person?* ${BECAUSE[hris.because[0] ?? 'several_records']} Choose below.`)];
    default:
      return hris satisfies never;
  }
}

const BECAUSE: Readonly<Record<Contradiction, string>> = {
  several_records: 'BambooHR has more than one record for this account.',
  other_number: 'Okta and BambooHR have different employee numbers for this account.',
  other_name: 'Okta and BambooHR have different names for this account.',
};

/** Both shown, then the question; empty where nothing is to be decided. */
export function identityBlocks({ hris }: PlanView): readonly KnownBlock[] {
  if (hris?.is !== 'undecided') return [];
  const { account, because } = hris;
  const records = hris.records.slice(0, MOST_RECORDS);
  const left = hris.records.length - records.length;
  return [
    section(
      `*Who is this?* ${because.map((one) => BECAUSE[one]).join(' ')} What is offboarded is the Okta account, whatever you choose.`,
    ),
    sideBySide([accountWords(account), ...records.map(recordWords)]),
    ...(left > 0 ? [section(`…and ${left} more records. Have them put right in BambooHR.`)] : []),
    identityInput(account, records),
  ];
}

function sideBySide(columns: readonly string[]): SectionBlock {
  return { type: 'section', fields: columns.map((one) => mrkdwn(clipMarkup(one, FIELD_CHARS))) };
}

function accountWords(account: OktaAccount): string {
  return [
    '*Okta account*',
    safeName(account.name),
    safeCode(account.login, 100),
    `employee number ${account.employeeNumber === null ? 'not there' : safeText(account.employeeNumber, 40)}`,
    account.title === null ? 'no title' : safeText(account.title),
  ].join('\n');
}

function recordWords(record: HrisRecord): string {
  const hidden = (field: HrisField, otherwise: string): string =>
    record.hidden.includes(field) ? 'cannot be seen' : otherwise;
  return [
    `*BambooHR record ${safeText(record.id, 20)}*${record.status === null ? '' : `, ${record.status.toLowerCase()}`}`,
    record.name === null ? `name ${hidden('name', 'not there')}` : safeName(record.name),
    safeCode(record.email, 100),
    `employee number ${record.employeeNumber === null ? hidden('number', 'not there') : safeText(record.employeeNumber, 40)}`,
    record.title === null ? 'no title' : safeText(record.title),
    record.hireDate === null ? `hire date ${hidden('dates', 'not there')}` : `hired ${safeText(record.hireDate, 20)}`,
    ...(record.terminationDate === null ? [] : [`last day ${safeText(record.terminationDate, 20)}`]),
    managerWords(record) ?? `manager ${hidden('manager', 'not there')}`,
    record.country === null ? `country ${hidden('country', 'not there')}` : safeText(record.country, 60),
  ].join('\n');
}

function identityInput(account: OktaAccount, records: readonly HrisRecord[]): InputBlock {
  const option = (value: string, label: string, description: string) => ({
    text: plainText(label, 75),
    value,
    description: plainText(description, 75),
  });
  return {
    type: 'input',
    block_id: BLOCKS.identity,
    label: plainText('Whose record is it?', 100),
    element: {
      type: 'radio_buttons',
      action_id: INPUTS.identity,
      options: [
        ...records.map((record) =>
          option(
            record.id,
            `It is this person: BambooHR record ${record.id}`,
            [record.name ?? 'no name', `employee ${record.employeeNumber ?? 'without a number'}`, record.title]
              .filter(Boolean)
              .join(' · '),
          ),
        ),
        option(
          NO_RECORD,
          'It is this person: the Okta account, and none of these records',
          `Offboards ${account.login} without anything from BambooHR`,
        ),
      ],
    },
    hint: plainText('Not sure? Cancel: nothing starts.', 150),
  };
}

/** At the input itself; nothing has been committed. */
export function identityWrong(): Readonly<Record<string, string>> {
  return { [BLOCKS.identity]: 'Choose one first. Nothing was changed.' };
}
