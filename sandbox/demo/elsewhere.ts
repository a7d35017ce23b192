// Two other ways a device comes back: Ada, who works in Korea, brings hers to the office; Dana gets a new laptop and stays.
import { person } from '../people.ts';
import { act, wordsIn } from './control.ts';
import { createScene, type Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';
import { tellTicket } from './story.ts';
import { arriveBy, eraseAndStock, receive, replyOf } from './way-back.ts';

export const ADA = person('ada');
const DANA = person('dana');
const [LIN, SAM] = [String(person('lin').slackUserId), String(person('sam').slackUserId)];
const ADAS = 'C02ADA00001';
const DANAS = 'C02DANA0001';
const DAY_MS = 86_400_000;

export async function playKorea(stage: Stage, show: Show): Promise<undefined> {
  const scene = createScene(stage, show);
  await stage.bamboohr.post('/command/set_employee', { employee: 'ada', patch: { country: 'South Korea' } });

  show.say(
    `Ada works in Korea and has two Macs. Lin types /offboard ${ADA.email} and ticks the one that Ada still has`,
  );
  const plan = await windowAfter(stage, scene, `/offboard ${ADA.email}`);
  show.window(LIN, plan, scene.picture());
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values: { devices: ['jamf:12'] } });

  show.say('No box goes to Korea: who receives at the office is told, with a day until which it is due');
  await replyOf(scene, 'Is the device here?');
  await receive(stage, scene, show, { who: LIN, serial: ADAS });
  await eraseAndStock(stage, scene, show, { who: SAM, serial: ADAS });
  show.say('The Google account is watched until the mailbox’s sixty days are over; the demo lets them pass');
  await replyOf(scene, 'Google account active');
  await stage.advance(60 * DAY_MS);
  await ends(stage, scene, show, `${ADA.firstName} ${ADA.lastName} is offboarded`);
}

export async function playRefresh(stage: Stage, show: Show): Promise<undefined> {
  const scene = createScene(stage, show);
  show.say(`Dana gets a new laptop. Lin types /return-device ${DANA.email}`);
  const plan = await windowAfter(stage, scene, `/return-device ${DANA.email}`);
  show.window(LIN, plan, scene.picture());
  const values = {
    return_reason: 'refresh',
    return_charger: ['charger'],
    device_fate: 'wipe',
    reason: 'Three years old',
  };
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values });
  const asked = await replyOf(scene, 'Is the replacement');

  show.say('The box goes out and comes back; nothing is locked, and nothing erased while Dana may still need it');
  await arriveBy(stage, scene, DANAS);
  await receive(stage, scene, show, { who: LIN, serial: DANAS });
  show.say('Sam says that the new one is in use');
  await act(stage.slack, 'click', { user: SAM, messageTs: asked.ts, actionId: 'step_approve' });
  await eraseAndStock(stage, scene, show, { who: SAM, serial: DANAS, isLocked: false });
  await ends(stage, scene, show, `Device return of ${DANA.firstName} ${DANA.lastName} is done`);
}

async function windowAfter(stage: Stage, scene: Scene, line: string) {
  const [command, text] = line.split(' ');
  await act(stage.slack, 'slash', { user: LIN, command, text });
  return scene.until('the plan', (picture) => picture.views[LIN]?.find((view) => view.submit !== null));
}

async function ends(stage: Stage, scene: Scene, show: Show, words: string): Promise<void> {
  await scene.until(`“${words}”`, () => (scene.root()?.text.includes(words) ? true : undefined), { runFastMs: 60_000 });
  await scene.until('the report', () => scene.replies().find((reply) => wordsIn(reply).includes('Report: ')));
  await tellTicket(stage, show);
  await scene.quiet();
}
