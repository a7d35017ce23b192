// The stories of the page, each by one click.
import { forgedWebhook } from './forged.ts';
import { layoff } from './layoff.ts';
import { offboard } from './offboard.ts';
import { ownedApps } from './owned-apps.ts';
import type { Stage } from './stage.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  /** Answers with what to look at and to do next. */
  play(stage: Stage): Promise<string>;
}

const DANAS_MAC = 'C02DANA0001';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'normal',
    title: 'An ordinary leaver',
    what: 'Lin takes Dana out of Acme. Nothing goes wrong.',
    async play(stage) {
      await offboard(stage, 'dana');
      return 'Dana’s access is cut. Open the thread; move the box under Vendors › Parcels; then skip 60 days.';
    },
  },
  {
    name: 'suspended',
    title: 'A suspended mailbox',
    what: 'Somebody has suspended Dana’s Google account before. A suspended mailbox cannot be handed over.',
    async play(stage) {
      await stage.needs('dana');
      await stage.tell('google', 'suspend', { user: 'dana' });
      await offboard(stage, 'dana');
      await stage.message('Google account active');
      return 'The account was made active again, with a password nobody knows, and handed over. Look at Vendors › Google.';
    },
  },
  {
    name: 'no_manager',
    title: 'Nobody to hand over to',
    what: 'Alex has no manager in BambooHR. Who gets the mail and the files?',
    async play(stage) {
      await offboard(stage, 'alex');
      await stage.message('step_choose_open');
      return 'Access is cut at once; the handover asks in the thread who receives the work. Choose somebody there.';
    },
  },
  {
    name: 'protected',
    title: 'A protected person',
    what: 'The policy protects Grace: one operator alone may not take her out.',
    async play(stage) {
      await offboard(stage, 'grace');
      await stage.message('approval_approve');
      return 'Nothing has happened to Grace. Lin may not approve; become Sam, the approver, and decide.';
    },
  },
  {
    name: 'forged',
    title: 'A forged webhook',
    what: 'Somebody without the keys says that Dana has left, at three doors.',
    play: forgedWebhook,
  },
  {
    name: 'laptop_silent',
    title: 'The laptop never confirms',
    what: 'Dana’s Mac is switched off. The lock is sent; a day passes.',
    async play(stage) {
      await stage.needs('dana');
      await stage.tell('jamf', 'set_delay', { device: DANAS_MAC, delayMs: null });
      await offboard(stage, 'dana');
      await stage.until('the lock', () => (isLockSent(stage) ? true : undefined));
      stage.say('The lock is sent. A day passes…');
      await stage.world.advance(DAY_MS + HOUR_MS);
      return '“Sent” is not “locked”: after 24 hours the thread says so. Switch the Mac on under Vendors › Macs.';
    },
  },
  {
    name: 'parcel_lost',
    title: 'The parcel is lost',
    what: 'Retriever ships the box, and then no carrier sees it again.',
    async play(stage) {
      await offboard(stage, 'dana');
      await stage.message('Return box ordered');
      await stage.tell('retriever', 'ship_box', { order: DANAS_MAC });
      await stage.tell('easypost', 'look', {});
      await stage.message('Box: in transit', { runFastMs: 10 * MINUTE_MS });
      await stage.tell('retriever', 'lose', { order: DANAS_MAC });
      stage.say('The box is under way. Nine days pass…');
      await stage.world.advance(9 * DAY_MS);
      return 'The thread asks after a parcel that nobody has seen for a week. Whoever is in charge decides what comes next.';
    },
  },
  {
    name: 'owner',
    title: 'Apps with an owner',
    what: 'Alex, a designer, has apps that Okta does not close. Whoever looks after them is asked.',
    play: ownedApps,
  },
  {
    name: 'layoff',
    title: 'A layoff of 50',
    what: 'Fifty people leave at once: one batch, two approvers. Watch the journal, and kill the app in the middle of it.',
    play: layoff,
  },
];

function isLockSent(stage: Stage): boolean {
  const { devices } = stage.world.simulators.all.jamf.state() as {
    devices: { serialNumber: string; commands: { type: string }[] }[];
  };
  return devices.some(
    (one) => one.serialNumber === DANAS_MAC && one.commands.some(({ type }) => type === 'DEVICE_LOCK'),
  );
}
