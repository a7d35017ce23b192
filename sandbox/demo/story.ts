// What happens in the demo, through the app's doors only: each act is a signed request as Slack would send it.
import { setTimeout as pause } from 'node:timers/promises';
import { person } from '../people.ts';
import { act, hasButton, type JiraPicture, type ShownMessage } from './control.ts';
import { createScene, PATIENCE_MS, type Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';
import { bringBack } from './way-back.ts';

export const [LIN, SAM, ALEX] = ['U0LIN', 'U0SAM', 'U0ALEX'] as const;
export const DANA = person('dana');
const DANA_NAME = `${DANA.firstName} ${DANA.lastName}`;

const RETRY = 'step_retry';
const LOOK_MS = 100;
const DAY_MS = 86_400_000;

/** Plays to the end, and leaves the last picture on the show. */
export async function play(stage: Stage, show: Show): Promise<undefined> {
  const scene = createScene(stage, show);

  show.say(`Alex, who is no operator, types /offboard ${DANA.email}`);
  await act(stage.slack, 'slash', { user: ALEX, command: '/offboard', text: DANA.email });
  const refused = await scene.until('Alex’s refusal', (picture) => picture.ephemerals[ALEX]?.at(-1));
  show.whisper(ALEX, refused, scene.picture());
  await scene.until('the channel’s line on it', () =>
    scene.messages().find((message) => message.text.includes('was refused')),
  );

  show.say(`Lin, an operator, types /offboard ${DANA.email}`);
  await act(stage.slack, 'slash', { user: LIN, command: '/offboard', text: DANA.email });
  const plan = await scene.until('the plan', (picture) => picture.views[LIN]?.find((view) => view.submit !== null));
  show.window(LIN, plan, scene.picture());

  show.say('Okta begins to answer 503 to the removal of devices. Lin confirms');
  await stage.okta.post('/faults', { kind: 'status', status: 503, operation: 'okta.deactivateDevice', times: 1_000 });
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values: { reason: 'Laptop lost on the train' } });
  await stage.okta.get('/await?operation=okta.deactivateDevice&state=answered');
  await scene.until('the run’s message', () => scene.replies().at(0));

  show.say('Sign-in is blocked. Sendoff tries the devices again and again; the demo lets its clock run faster');
  const stopped = await scene.until(
    'a step that asks for somebody',
    () => scene.replies().find((reply) => hasButton(reply, RETRY)),
    { runFastMs: 1_000 },
  );

  show.say('Nobody presses Retry. Two minutes later the account is deactivated all the same: the cut waits for nobody');
  await stage.advance(120_000);
  await scene.until('the deactivation', () => scene.replies().find((reply) => /deactivated/.test(reply.text)));
  await scene.quiet();

  await retry(stage, scene, show, stopped);
  await scene.until('the devices', () => scene.replies().find((reply) => /devices removed/.test(reply.text)));
  await bringBack(stage, scene, show);
  show.say(
    'The Google account is closed too. It stays active for the handover, and is watched; the demo lets 60 days pass',
  );
  await scene.until('the active Google account', () =>
    scene.replies().find((reply) => /Google account active/.test(reply.text)),
  );
  await stage.advance(60 * DAY_MS);
  await scene.until('the end', () =>
    scene.root()?.text.includes(`${DANA_NAME} is offboarded`) ? scene.root() : undefined,
  );
  await tellTicket(stage, show);
  await scene.quiet();
}

/** Its last comment and its closing come a few seconds after the run's end: writes to one ticket keep apart. */
export async function tellTicket(stage: Stage, show: Show): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { issues } = (await stage.jira.get('/state')) as JiraPicture;
    const [ticket] = issues;
    if (ticket?.status === 'Done') {
      show.say(`Jira has it too: ${ticket.key}, closed, with ${ticket.comments.length} comments`);
      return;
    }
    if (performance.now() > deadline)
      throw new Error(`Waited ${PATIENCE_MS / 1_000} s for the ticket to be closed, and it was not.`);
    await pause(LOOK_MS);
  }
}

/** Two people press the same button; the second one's screen is not redrawn yet. */
async function retry(stage: Stage, scene: Scene, show: Show, stopped: ShownMessage): Promise<void> {
  const root = scene.root();
  show.say('Okta is well again. Sam presses Retry');
  await stage.okta.delete('/faults');
  await stage.slack.post('/faults', { kind: 'hold_before', operation: 'slack.chat.update', times: 1_000 });
  await act(stage.slack, 'click', { user: SAM, messageTs: stopped.ts, actionId: RETRY });

  show.say('Lin, whose screen still shows the button, presses it too');
  await act(stage.slack, 'click', { user: LIN, messageTs: root?.ts, actionId: RETRY });
  const answer = await scene.until('Lin’s answer', (picture) =>
    picture.ephemerals[LIN]?.find((one) => one.text.includes('pressed Retry')),
  );
  show.whisper(LIN, answer, scene.picture());
  await stage.slack.delete('/faults');
}
