// What the steps of a device's way back, their writes, vendors and passes are called; merged into the words of all steps, vendors and causes.
import type { StepWords } from './step-words.ts';

export const RETURN_STEPS: Readonly<Record<string, StepWords>> = {
  'return.ship': {
    short: 'return box',
    todo: 'Send a return box',
    doing: 'Ordering a return box',
    done: 'Return box ordered',
    moot: 'No return box needed',
    failed: 'Return box not ordered',
    ask: 'order a box',
    notDone: 'the box in which the device comes back.',
  },
  'return.in_person': {
    short: 'receiver’s task',
    todo: 'Ask the office to receive it',
    doing: 'Asking the office to receive it',
    done: 'The office was asked to receive it',
    moot: 'It need not be received any more',
    failed: 'The office was not asked to receive it',
    ask: 'tell the receiver',
    notDone: 'telling whoever receives the device at the office.',
  },
  'return.courier': {
    short: 'courier',
    todo: 'Arrange a courier',
    doing: 'Looking whether a courier is arranged',
    done: 'Courier arranged',
    moot: 'No courier needed',
    failed: 'Courier not arranged',
    ask: 'arrange a courier',
    notDone: 'the courier who fetches the device.',
  },
  'return.track': {
    short: 'tracking',
    todo: 'Follow the box and the device',
    doing: 'Looking where the parcels are',
    done: 'The carrier has delivered the device',
    moot: 'The device is here',
    failed: 'The parcels cannot be followed',
    ask: 'follow a parcel',
    notDone: 'following the parcels. The carriers bring them all the same.',
  },
};

export const RETURN_EFFECTS: Readonly<Record<string, string>> = {
  'retriever.order_return': 'order a return box, which is paid for',
  'easypost.create_tracker': 'follow a parcel',
};

/** By step: each asks another vendor, and one two. */
export const RETURN_VENDORS: Readonly<Record<string, string>> = {
  retriever: 'Retriever',
  easypost: 'EasyPost',
  'return.ship': 'Retriever',
  'return.track': 'Retriever or EasyPost',
  'return.in_person': 'Slack',
  'return.courier': 'the operator',
};

export const RETURN_PASSES: Readonly<Record<string, string>> = {
  no_tracking: 'there is no tracking number that could be followed',
  tracking_stopped: 'somebody stopped following the parcels',
};
