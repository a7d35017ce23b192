// The window for a device return: whose, why, which devices, how they come back, what of their data. Nothing begins before its submit.
import type { AlertBlock, InputBlock, KnownBlock } from '@slack/types';
import {
  type DeviceFate,
  type DeviceKind,
  type DevicesView,
  type FoundDevice,
  suggestedDevices,
} from '../workflow/model/device.ts';
import { type ChoiceFault, isFetched, REASONS, type ReturnPlan } from '../workflow/model/device-return.ts';
import { addressWords, deviceLines, deviceOption, wayInput } from './device-plan-text.ts';
import { REASON_WORDS, returnDifferences } from './device-return-text.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { KIND_WORDS } from './kind-text.ts';
import { type Modal, modal, personLines, reasonInput } from './modal-parts.ts';
import { channelWords } from './modal-started.ts';
import { statusWords } from './okta-words.ts';
import { alert, context, date, plainText, section, sections } from './parts.ts';
import { safeName, safeText } from './safe-text.ts';

const DIFFERENCES_BUDGET = 3_000;
/** Slack's checkboxes end at ten; a list of options at a hundred. */
const MOST_CHECKBOXES = 10;
const MOST_OPTIONS = 100;
export const MOST_TYPED = 10;
const TYPED_CHARS = 600;

/** What may be typed for a device that Jamf does not know. */
export const KINDS: readonly DeviceKind[] = ['laptop', 'desktop', 'monitor', 'phone', 'other'];

const FATES: Readonly<Record<DeviceFate, { readonly label: string; readonly says: string }>> = {
  collect: { label: 'Keep it until it was read', says: 'Erased only once somebody says that it was read' },
  wipe: { label: 'Erase it after the return', says: 'Another approver is asked before it is erased' },
  hold: { label: 'Decide later', says: 'Leaving: not locked before somebody says so. Nothing is erased unasked' },
};

export interface ReturnOptions {
  /** Passed through; at most 3,000 characters. */
  readonly privateMetadata: string;
  /** The plan that was confirmed but is no longer so. */
  readonly changedFrom?: ReturnPlan;
}

export function buildReturnModal(plan: ReturnPlan, { privateMetadata, changedFrom }: ReturnOptions): Modal {
  return modal({
    callbackId: CALLBACKS.returnConfirm,
    title: KIND_WORDS.device_return.title,
    submit: 'Start the return',
    close: 'Cancel',
    privateMetadata,
    blocks: [
      ...(changedFrom ? changed(changedFrom, plan) : []),
      ...alerts(plan),
      section(
        [
          personLines(plan.person),
          `Country: ${countryWords(plan)}`,
          `Okta status: ${statusWords(plan.status)}`,
          ...deviceLines(plan.devices),
        ].join('\n'),
      ),
      whyInput(plan),
      ...whichInput(plan.devices),
      typedInput(plan.devices),
      chargerInput(),
      wayInput(plan.returnWay, { ways: ['ship', 'in_person', 'courier'], hint: addressWords(plan) }),
      fateInput(plan.deviceFate),
      reasonInput({ isNeeded: false }),
      context(
        `Checked ${date(plan.checkedAt, 'time')}. Nothing has changed yet. Progress goes to ${channelWords(plan.channelId)}.`,
      ),
    ],
  });
}

function changed(before: ReturnPlan, now: ReturnPlan): readonly KnownBlock[] {
  const differences = returnDifferences(before, now);
  return [
    alert('warning', '*What this was made from changed since you saw it. Nothing was changed.* Read it again below.'),
    ...sections(
      differences.length === 0
        ? ['*What differs:* what the window was made from.']
        : ['*What differs*', ...differences.map((one) => `• ${one}`)],
      DIFFERENCES_BUDGET,
    ),
  ];
}

function alerts(plan: ReturnPlan): readonly AlertBlock[] {
  const name = safeName(plan.person.name, 30);
  const told: AlertBlock[] = [];
  if (plan.devices?.is === 'not_read')
    told.push(
      alert(
        'warning',
        `*Jamf ${plan.devices.isRefusal ? 'refused Sendoff’s credentials' : 'did not answer'}.* Its computers cannot be ticked now. What you type by hand is fetched, but neither locked nor erased.`,
      ),
    );
  if (plan.hris?.is === 'undecided')
    told.push(
      alert('warning', `*BambooHR and Okta may mean different people.* No address is taken from BambooHR for ${name}.`),
    );
  if (plan.isOwn)
    told.push(alert('info', '*These are your own devices.* Somebody else decides what has to be decided on the way.'));
  if (plan.isProtected && plan.status !== 'DEPROVISIONED')
    told.push(
      alert('warning', `*${name} is protected.* With the reason Leaving use /offboard: it asks a second approver.`),
    );
  return told;
}

function countryWords({ country }: ReturnPlan): string {
  if (country === null) return 'not known; say below how it comes back';
  return safeText(new Intl.DisplayNames(['en'], { type: 'region' }).of(country) ?? country, 60);
}

/** Chosen already only for who has left: of others nobody guesses why. */
function whyInput(plan: ReturnPlan): InputBlock {
  const options = REASONS.map((value) => ({
    text: plainText(REASON_WORDS[value].label, 75),
    description: plainText(REASON_WORDS[value].says, 75),
    value,
  }));
  const [leaving] = options;
  return {
    type: 'input',
    block_id: BLOCKS.returnReason,
    label: plainText('Why?', 100),
    element: {
      type: 'radio_buttons',
      action_id: INPUTS.returnReason,
      options,
      ...(plan.status === 'DEPROVISIONED' && leaving && { initial_option: leaving }),
    },
  };
}

function whichInput(view: DevicesView | undefined): readonly InputBlock[] {
  const offered = offeredDevices(view);
  if (offered.length === 0) return [];
  const ticked = suggestedDevices(view);
  const options = offered.slice(0, MOST_OPTIONS).map(deviceOption);
  const initial = options.filter((option) => ticked.includes(option.value));
  const chosen = initial.length > 0 ? { initial_options: initial } : {};
  return [
    {
      type: 'input',
      block_id: BLOCKS.devices,
      label: plainText('Which computers?', 100),
      optional: true,
      element:
        options.length <= MOST_CHECKBOXES
          ? { type: 'checkboxes', action_id: INPUTS.devices, options, ...chosen }
          : { type: 'multi_static_select', action_id: INPUTS.devices, options, ...chosen },
    },
  ];
}

/** Those that no other run has on their way. */
export function offeredDevices(view: DevicesView | undefined): readonly FoundDevice[] {
  return view?.is === 'read' ? view.devices.filter((one) => !isFetched(one)) : [];
}

function typedInput(view: DevicesView | undefined): InputBlock {
  const isOnly = offeredDevices(view).length === 0;
  return {
    type: 'input',
    block_id: BLOCKS.typedDevices,
    label: plainText(isOnly ? 'Which devices?' : 'Other devices', 100),
    optional: !isOnly,
    hint: plainText(
      `A line each: what it is (${KINDS.join(', ')}) and its serial number. These are neither locked nor erased by Sendoff.`,
      200,
    ),
    element: {
      type: 'plain_text_input',
      action_id: INPUTS.typedDevices,
      multiline: true,
      max_length: TYPED_CHARS,
      placeholder: plainText('monitor CN0AB12345', 150),
    },
  };
}

function chargerInput(): InputBlock {
  return {
    type: 'input',
    block_id: BLOCKS.returnCharger,
    label: plainText('Also', 100),
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: INPUTS.returnCharger,
      options: [{ text: plainText('Ask for the charger too', 75), value: 'charger' }],
    },
  };
}

function fateInput(fate: DeviceFate): InputBlock {
  const options = (Object.keys(FATES) as DeviceFate[]).map((value) => ({
    text: plainText(FATES[value].label, 75),
    description: plainText(FATES[value].says, 75),
    value,
  }));
  const initial = options.find((option) => option.value === fate);
  return {
    type: 'input',
    block_id: BLOCKS.deviceFate,
    label: plainText('What about the data of computers?', 100),
    element: {
      type: 'radio_buttons',
      action_id: INPUTS.deviceFate,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}

/** At the inputs themselves; nothing has been committed. */
export function choiceWrong(fault: ChoiceFault, plan: Pick<ReturnPlan, 'devices'>): Readonly<Record<string, string>> {
  const block = offeredDevices(plan.devices).length > 0 ? BLOCKS.devices : BLOCKS.typedDevices;
  switch (fault) {
    case 'nothing':
      return { [block]: 'Tick or type at least one device. Nothing was changed.' };
    case 'not_offered':
      return { [block]: 'One of these was not on offer. Close this and run the command again. Nothing was changed.' };
    case 'listed':
      return { [BLOCKS.typedDevices]: 'One of these is known to Jamf and listed above. Nothing was changed.' };
    case 'nowhere':
      return { [BLOCKS.returnWay]: 'Say how it comes back. Nothing was changed.' };
    default:
      return fault satisfies never;
  }
}

/** A line that cannot be read; `line` raw. */
export function typedDeviceWrong(why: 'line' | 'twice' | 'many', line: string): Readonly<Record<string, string>> {
  const shown = plainText(line, 60).text;
  const says = {
    line: `“${shown}” is not a kind (${KINDS.join(', ')}) and a serial number. Nothing was changed.`,
    twice: `“${shown}” stands there twice. Nothing was changed.`,
    many: `At most ${MOST_TYPED} devices at once. Nothing was changed.`,
  };
  return { [BLOCKS.typedDevices]: says[why] };
}
