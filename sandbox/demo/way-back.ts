// A laptop's way back in the demo: the box and the laptop travel, one operator receives it, another unlocks it and allows its erasure.
import { person } from '../people.ts';
import { act, hasButton, type ShownMessage, type ShownView, wordsIn } from './control.ts';
import type { Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';

const MAC = 'C02DANA0001';
const [LIN, SAM] = [String(person('lin').slackUserId), String(person('sam').slackUserId)];
const MINUTE_MS = 60_000;
const MOVES = [
  ['ship_box', 'Box: in transit'],
  ['deliver_box', 'Box: delivered'],
  ['scan_return', 'Device: in transit'],
  ['deliver_back', 'Device: delivered'],
] as const;

export async function bringBack(stage: Stage, scene: Scene, show: Show): Promise<void> {
  show.say('A return box was ordered, once. Retriever ships it, the carrier brings it, and Dana sends the laptop back');
  await arriveBy(stage, scene, MAC);
  await receive(stage, scene, show, { who: LIN, serial: MAC });
  await eraseAndStock(stage, scene, show, { who: SAM, serial: MAC });
}

/** Both legs, each as the thread tells it. */
export async function arriveBy(stage: Stage, scene: Scene, serial: string): Promise<void> {
  await replyOf(scene, 'Return box ordered');
  for (const [move, words] of MOVES) {
    await stage.retriever.post(`/command/${move}`, { order: serial });
    await stage.easypost.post('/command/look', {});
    const isTold = (message: ShownMessage | undefined): boolean => wordsIn(message).includes(words);
    await scene.until(`“${words}”`, () => (isTold(scene.root()) || scene.replies().some(isTold) ? true : undefined), {
      runFastMs: 10 * MINUTE_MS,
    });
  }
}

export async function receive(
  stage: Stage,
  scene: Scene,
  show: Show,
  { who, serial }: { who: string; serial: string },
): Promise<void> {
  show.say('Lin, who has it in her hands, types the serial number that stands on it: delivered is not received');
  const receiving = await replyOf(scene, 'Is the device here?');
  const window = await press(stage, scene, { user: who, messageTs: receiving.ts, actionId: 'step_choose_open' });
  const values = { form_serial: serial, form_condition: 'fine' };
  await act(stage.slack, 'submit', { user: who, viewId: window.id, values });
}

export async function eraseAndStock(
  stage: Stage,
  scene: Scene,
  show: Show,
  { who, serial, isLocked = true }: { who: string; serial: string; isLocked?: boolean },
): Promise<void> {
  if (isLocked) {
    show.say('A locked Mac takes no erasure. Sam looks at the passcode, which is logged, and types it on the Mac');
    await unlock(stage, scene, who, serial);
  }
  show.say('Sam, who did not receive it, allows its erasure. It is erased, once, and goes back into the inventory');
  const erasing = await scene.until(
    'the question about its data',
    () =>
      scene
        .replies()
        .find((reply) => hasButton(reply, 'step_approve') && wordsIn(reply).includes('does not answer this')),
    { runFastMs: MINUTE_MS },
  );
  await act(stage.slack, 'click', { user: who, messageTs: erasing.ts, actionId: 'step_approve' });
  await scene.until('the inventory', () => scene.replies().find((reply) => wordsIn(reply).includes('Asset: ')), {
    runFastMs: MINUTE_MS,
  });
}

export async function unlock(stage: Stage, scene: Scene, who: string, device: string): Promise<void> {
  const lock = await scene.until('the passcode’s button', () =>
    scene.replies().find((reply) => hasButton(reply, 'reveal_open')),
  );
  const asking = await press(stage, scene, { user: who, messageTs: lock.ts, actionId: 'reveal_open' });
  const values = { note: 'The Mac is back and is erased' };
  await act(stage.slack, 'submit', { user: who, viewId: asking.id, values });
  const shown = await scene.until('the passcode', (picture) =>
    picture.views[who]?.find((view) => view.id === asking.id && /\b\d{6}\b/.test(JSON.stringify(view.blocks))),
  );
  const [pin = ''] = /\b\d{6}\b/.exec(JSON.stringify(shown.blocks)) ?? [];
  const { unlocked } = (await stage.jamf.post('/command/unlock', { device, pin })) as { unlocked: boolean };
  if (!unlocked) throw new Error('The Mac asks for another passcode than the one that Sendoff has shown.');
}

export function replyOf(scene: Scene, words: string): Promise<ShownMessage> {
  return scene.until(`“${words}”`, () => scene.replies().find((reply) => wordsIn(reply).includes(words)));
}

async function press(
  stage: Stage,
  scene: Scene,
  click: { user: string; messageTs: string; actionId: string },
): Promise<ShownView> {
  const open = new Set((scene.picture().views[click.user] ?? []).map((view) => view.id));
  await act(stage.slack, 'click', click);
  return scene.until('the window', (picture) =>
    picture.views[click.user]?.find((view) => view.submit !== null && !open.has(view.id)),
  );
}
