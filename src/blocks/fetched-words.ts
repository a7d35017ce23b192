// What the steps of a device that came back are called, what they ask, and why they are passed over.
import type { Form } from './forms.ts';
import type { QuestionWords } from './question.ts';
import type { StepWords } from './step-words.ts';

export const FETCHED_STEPS: Readonly<Record<string, StepWords>> = {
  'return.receive': {
    short: 'receipt',
    todo: 'Receive the device',
    doing: 'Looking whether the device is back',
    done: 'Device received',
    moot: 'The device need not come back',
    failed: 'Device not received',
    ask: 'receive the device',
    notDone: 'receiving the device. Without it nothing is erased, and the inventory stays as it is.',
  },
  'jamf.erase': {
    short: 'erasure',
    todo: 'Erase the Mac',
    doing: 'Erasing the Mac',
    done: 'Mac erased',
    moot: 'The Mac is not in Jamf any more',
    failed: 'Mac not erased',
    ask: 'erase the Mac',
    notDone: 'erasing the Mac. What is on it stays on it.',
  },
  'inventory.checkin': {
    short: 'inventory',
    todo: 'Put the device back into the inventory',
    doing: 'Putting the device back into the inventory',
    done: 'Device back in the inventory',
    moot: 'The inventory has no such device any more',
    failed: 'Inventory not changed',
    ask: 'change the asset',
    notDone: 'checking the asset in, with its status, place and note.',
  },
};

export const FETCHED_EFFECTS: Readonly<Record<string, string>> = {
  'jamf.erase_device': 'erase everything on it',
  'snipeit.check_in': 'check the asset in',
  'snipeit.update_asset': 'change the asset’s status and place',
};

export const FETCHED_VENDORS: Readonly<Record<string, string>> = {
  snipeit: 'Snipe-IT',
  inventory: 'Snipe-IT',
  'return.receive': 'the person who received it',
};

export const FETCHED_PASSES: Readonly<Record<string, string>> = {
  written_off: 'an approver wrote the device off',
  kept_unerased: 'an approver decided that it is not erased',
  enrolled_anew: 'it was set up anew in Jamf since, so what is on it now is not erased',
  not_received: 'the device was not received',
  no_lost_status: 'the device was written off, and the policy names no status label for that',
  not_in_inventory: 'Snipe-IT has no asset with this serial number',
  twice_in_inventory: 'Snipe-IT has this serial number more than once',
  no_such_label: 'Snipe-IT lacks a status label or location of the policy',
  left_with_holder: 'Snipe-IT has it in somebody else’s name, and a person decided to leave it so',
  snipeit_not_set_up: 'Snipe-IT is not set up any more',
};

export const FETCHED_QUESTIONS: readonly (readonly [string, QuestionWords])[] = [
  ['receive', { asks: 'Is the device here? Say which serial number stands on it.', yes: 'Received…', no: '' }],
  [
    'erase',
    {
      asks: 'Erase this Mac? It is back, and was to be erased after its return.',
      yes: 'Erase it',
      no: 'Keep what is on it',
    },
  ],
  [
    'erase_read',
    {
      asks: 'Was its data read, and is nothing on it needed any more? Then erase this Mac.',
      yes: 'It was read: erase',
      no: 'Keep what is on it',
    },
  ],
  [
    'erase_held',
    {
      asks: 'This Mac was held back so that its data is kept. Is nothing on it needed any more? Then erase it.',
      yes: 'Not needed: erase',
      no: 'Keep what is on it',
    },
  ],
  [
    'not_in_inventory',
    {
      asks: 'Snipe-IT has no asset with this serial number. Add it there, then look again.',
      yes: 'Look again',
      no: 'Leave it out',
    },
  ],
  [
    'twice_in_inventory',
    {
      asks: 'Snipe-IT has this serial number more than once. Correct it there, then look again.',
      yes: 'Look again',
      no: 'Leave it as it is',
    },
  ],
  [
    'no_such_label',
    {
      asks: 'Snipe-IT lacks what the policy names. Add it there, then look again.',
      yes: 'Look again',
      no: 'Leave it as it is',
    },
  ],
  [
    'other_holder',
    {
      asks: 'Snipe-IT has this device in somebody else’s name. Change it there all the same?',
      yes: 'Change it',
      no: 'Leave it as it is',
    },
  ],
];

export const FETCHED_FORMS: readonly (readonly [string, Form])[] = [
  [
    'receive',
    {
      title: 'Received',
      submit: 'It is here',
      fields: [
        {
          key: 'serial',
          label: 'Serial number, as it stands on the device',
          hint: 'It must be the one that was confirmed. On a Mac it stands on the underside.',
          most: 40,
        },
        {
          key: 'condition',
          label: 'Condition, and what came with it',
          hint: 'Such as: scratched lid, charger missing. It is kept in the record.',
          isOptional: true,
          isLong: true,
          most: 300,
        },
      ],
    },
  ],
];
