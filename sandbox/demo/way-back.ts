// The laptop's way back in the demo: the box and the laptop travel, one operator receives it, another unlocks it and allows its erasure.
import { person } from '../people.ts';
import { act, hasButton, type ShownMessage, type ShownView, wordsIn } from './control.ts';
import type { Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';

const MAC = 'C02DANA0001';
const [LIN, SAM] = [String(person('lin').slackUserId), String(person('sam').slackUserId)];
const MINUTE_MS = 60_000;

export async function bringBack(stage: Stage, scene: Scene, show: Show): Promise<void> {
  show.say('A return box was ordered, once. Retriever ships it, the carrier brings it, and Dana sends the laptop back');
  await replyOf(scene, 'Return box ordered');
  for (const [move, words] of [
    ['ship_box', 'Box: in transit'],
    ['deliver_box', 'Box: delivered'],
    ['scan_return', 'Device: in transit'],
    ['deliver_back', 'Device: delivered'],
  ] as const) {
    await stage.retriever.post(`/command/${move}`, { order: MAC });
    await stage.easypost.post('/command/look', {});
    await scene.until(`“${words}”`, () => (wordsIn(scene.root()).includes(words) ? true : arrived(scene, words)), {
      runFastMs: 10 * MINUTE_MS,
    });
  }

  show.say('Delivered is not received: Lin, who has it in her hands, types the serial number that stands on it');
  const receiving = await replyOf(scene, 'Is the device here?');
  const window = await press(stage, scene, { user: LIN, messageTs: receiving.ts, actionId: 'step_choose_open' });
  await act(stage.slack, 'submit', {
    user: LIN,
    viewId: window.id,
    values: { form_serial: MAC, form_condition: 'fine' },
  });

  show.say('A locked Mac takes no erasure. Sam looks at the passcode, which is logged, and types it on the Mac');
  const lock = await scene.until('the passcode’s button', () =>
    scene.replies().find((reply) => hasButton(reply, 'reveal_open')),
  );
  const asking = await press(stage, scene, { user: SAM, messageTs: lock.ts, actionId: 'reveal_open' });
  await act(stage.slack, 'submit', { user: SAM, viewId: asking.id, values: { note: 'The Mac is back and is erased' } });
  const shown = await scene.until('the passcode', (picture) =>
    picture.views[SAM]?.find((view) => view.id === asking.id && /\d{6}/.test(JSON.stringify(view.blocks))),
  );
  const [pin = ''] = /\b\d{6}\b/.exec(JSON.stringify(shown.blocks)) ?? [];
  const { unlocked } = (await stage.jamf.post('/command/unlock', { device: MAC, pin })) as { unlocked: boolean };
  if (!unlocked) throw new Error('The Mac asks for another passcode than the one that Sendoff has shown.');

  show.say('Sam, who did not receive it, allows its erasure. It is erased, once, and goes back into the inventory');
  const erasing = await scene.until(
    'the question about its data',
    () => scene.replies().find((reply) => hasButton(reply, 'step_approve')),
    { runFastMs: MINUTE_MS },
  );
  await act(stage.slack, 'click', { user: SAM, messageTs: erasing.ts, actionId: 'step_approve' });
  await scene.until('the inventory', () => scene.replies().find((reply) => wordsIn(reply).includes('Asset: ')), {
    runFastMs: MINUTE_MS,
  });
}

function replyOf(scene: Scene, words: string): Promise<ShownMessage> {
  return scene.until(`“${words}”`, () => scene.replies().find((reply) => wordsIn(reply).includes(words)));
}

/** The last leg ends the step, and its line is told in the thread. */
function arrived(scene: Scene, words: string): true | undefined {
  return scene.replies().some((reply) => wordsIn(reply).includes(words)) ? true : undefined;
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
