// What a plan says of somebody's computers, and the inputs with which an operator says which of them, what of their data, and how they return.
import type { AlertBlock, InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import {
  type DeviceChoice,
  type DeviceFate,
  type DevicesView,
  type FoundDevice,
  NO_DEVICE,
  type ReturnWay,
  suggestedDevices,
} from '../workflow/model/device.ts';
import type { PlanView } from '../workflow/model/plan.ts';
import { count } from './amounts.ts';
import { elsewhereWords } from './device-return-text.ts';
import { BLOCKS, INPUTS } from './ids.ts';
import { alert, date, plainText } from './parts.ts';
import { safeText } from './safe-text.ts';

export const NOT_LOCKED = 'Jamf is not set up: no computer is locked by Sendoff.';

const MOST_LINES = 12;
/** Slack's checkboxes end at ten; a list of options at a hundred. */
const MOST_CHECKBOXES = 10;
const MOST_OPTIONS = 100;

export const FATE_WORDS: Readonly<Record<DeviceFate, { readonly label: string; readonly says: string }>> = {
  collect: {
    label: 'Lock now, keep the data',
    says: 'Read after the return; erased only once somebody says it was read',
  },
  wipe: { label: 'Lock now, erase after the return', says: 'Another approver is asked before it is erased' },
  hold: {
    label: 'Do not lock yet',
    says: 'Somebody is asked when; a locked Mac takes no commands until it is unlocked',
  },
};

export const WAY_WORDS: Readonly<Record<ReturnWay, { readonly label: string; readonly says: string }>> = {
  ship: { label: 'A box is sent', says: 'A prepaid box to their home, by Retriever where it is set up' },
  in_person: { label: 'They bring it in', says: 'The office receives it and checks the serial number' },
  courier: { label: 'IT arranges a courier', says: 'A task for whoever started this' },
  none: { label: 'Not fetched', says: 'It is back already, or stays where it is' },
};

/** One line a computer: what it is, who was seen with it last, and when. */
export function deviceLines(devices: DevicesView | undefined): readonly string[] {
  switch (devices?.is) {
    case undefined:
      return [NOT_LOCKED];
    case 'not_read':
      return ['Computers: not known, Jamf could not be read'];
    case 'read': {
      const { devices: found } = devices;
      if (found.length === 0) return ['Computers: Jamf has none of this person’s'];
      const more = found.length > MOST_LINES ? [`…and ${found.length - MOST_LINES} more`] : [];
      return [`Computers: ${count(found.length, 'computer')}`, ...found.slice(0, MOST_LINES).map(deviceLine), ...more];
    }
    default:
      return devices satisfies never;
  }
}

function deviceLine(device: FoundDevice): string {
  const told = [
    [safeText(device.name, 40), device.serial === null ? '' : safeText(device.serial, 20)].filter(Boolean).join(' '),
    device.model === null ? '' : safeText(device.model, 40),
    device.lastSeenAt === null ? 'never heard of' : `last seen ${date(device.lastSeenAt)}`,
    device.isTheirs ? '' : `*last used by ${safeText(device.lastUser ?? '', 40) || 'somebody else'}*`,
    device.managementId === null ? '*not managed: it takes no lock*' : '',
    caveatOf(device),
    ...elsewhereWords(device),
  ];
  return `• ${told.filter(Boolean).join(' · ')}`;
}

/** @see https://support.apple.com/guide/deployment, DeviceLock on Apple silicon before macOS 11.5; read 2026-11 */
function caveatOf({ isAppleSilicon, osVersion }: FoundDevice): string {
  if (isAppleSilicon !== true || osVersion === null) return '';
  const [major = 0, minor = 0] = osVersion.split('.').map(Number);
  return major < 11 || (major === 11 && minor < 5)
    ? '*on macOS before 11.5 a lock deactivates this Mac: it needs the network and an administrator to come back*'
    : '';
}

/** What the operator must know of it before they confirm. */
export function deviceAlerts({ devices }: Pick<PlanView, 'devices'>): readonly AlertBlock[] {
  if (devices?.is !== 'not_read') return [];
  const who = devices.isRefusal ? 'refused Sendoff’s credentials' : 'did not answer';
  return [
    alert(
      'warning',
      `*Jamf ${who}* (${safeText(devices.why, 50) || 'no reason given'}). This run will ask for the computers later; the rest goes on.`,
    ),
  ];
}

/** Empty where there is no computer to decide about. */
export function deviceInputs(
  plan: Pick<PlanView, 'devices' | 'returnWay' | 'hris'>,
  fate: DeviceFate,
): readonly KnownBlock[] {
  const { devices } = plan;
  if (devices?.is !== 'read' || devices.devices.length === 0) return [];
  return [whichInput(devices), fateInput(fate), wayInput(plan.returnWay ?? 'courier', { hint: addressWords(plan) })];
}

function whichInput(view: Extract<DevicesView, { is: 'read' }>): InputBlock {
  const ticked = suggestedDevices(view);
  const options = [
    ...view.devices.slice(0, MOST_OPTIONS - 1).map(deviceOption),
    { text: plainText('None of these', 75), value: NO_DEVICE },
  ];
  const initial = options.filter((option) => ticked.includes(option.value));
  const chosen = initial.length > 0 ? { initial_options: initial } : {};
  return {
    type: 'input',
    block_id: BLOCKS.devices,
    label: plainText('Which computers?', 100),
    element:
      options.length <= MOST_CHECKBOXES
        ? { type: 'checkboxes', action_id: INPUTS.devices, options, ...chosen }
        : { type: 'multi_static_select', action_id: INPUTS.devices, options, ...chosen },
    ...(ticked.length === 0 && {
      hint: plainText('Nothing is ticked: say which of them are this person’s.', 150),
    }),
  };
}

/** Slack takes no option without a letter: a device whose name cannot be read is named by its id. */
export function deviceOption({ id, name, serial }: FoundDevice): PlainTextOption & { value: string } {
  const named = plainText([name, serial].filter(Boolean).join(' · '), 75);
  return { text: named.text === '' ? plainText(id, 75) : named, value: id };
}

function fateInput(fate: DeviceFate): InputBlock {
  const options = (Object.keys(FATE_WORDS) as DeviceFate[]).map((value) => ({
    text: plainText(FATE_WORDS[value].label, 75),
    description: plainText(FATE_WORDS[value].says, 75),
    value,
  }));
  const initial = options.find((option) => option.value === fate);
  return {
    type: 'input',
    block_id: BLOCKS.deviceFate,
    label: plainText('What about their data?', 100),
    element: {
      type: 'radio_buttons',
      action_id: INPUTS.deviceFate,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}

/** Where the address of a box comes from, and never what it is. */
export function addressWords({ hris }: Pick<PlanView, 'hris'>): string {
  return hris?.is === 'same_person' || hris?.is === 'undecided'
    ? 'A box goes to the address in their BambooHR record, which is not shown here.'
    : 'Whoever answers first is asked for the address of a box after the start.';
}

/** `hint`: plain. */
export function wayInput(
  way: ReturnWay,
  { ways = Object.keys(WAY_WORDS) as readonly ReturnWay[], hint }: { ways?: readonly ReturnWay[]; hint?: string } = {},
): InputBlock {
  const options = ways.map((value) => ({
    text: plainText(WAY_WORDS[value].label, 75),
    description: plainText(WAY_WORDS[value].says, 75),
    value,
  }));
  const initial = options.find((option) => option.value === way);
  return {
    type: 'input',
    block_id: BLOCKS.returnWay,
    label: plainText('How does it come back?', 100),
    ...(hint !== undefined && { hint: plainText(hint, 150) }),
    element: {
      type: 'static_select',
      action_id: INPUTS.returnWay,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}

/** At the input itself; nothing has been committed. */
export function devicesWrong(choice: DeviceChoice | null): Readonly<Record<string, string>> {
  const says = choice?.ids.includes(NO_DEVICE)
    ? 'Either some of them or none of them. Nothing was changed.'
    : 'Say which are this person’s, or None of these. Nothing was changed.';
  return { [BLOCKS.devices]: says };
}
