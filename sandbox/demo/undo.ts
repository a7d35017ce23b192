// An offboarding that is taken back on its fifth day: HR was wrong. Lin asks for it, Sam allows it, and Dana is in again as far as that goes.
import { person } from '../people.ts';
import { act, hasButton, type ShownMessage, wordsIn } from './control.ts';
import { createScene, type Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';
import { replyOf, unlock } from './way-back.ts';

const DANA = person('dana');
const DANA_NAME = `${DANA.firstName} ${DANA.lastName}`;
const [LIN, SAM] = [String(person('lin').slackUserId), String(person('sam').slackUserId)];
const MAC = 'C02DANA0001';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export async function playUndo(stage: Stage, show: Show): Promise<undefined> {
  const scene = createScene(stage, show);
  show.say(`Lin types /offboard ${DANA.email}, and confirms`);
  await act(stage.slack, 'slash', { user: LIN, command: '/offboard', text: DANA.email });
  const plan = await scene.until('the plan', (picture) => picture.views[LIN]?.find((view) => view.submit !== null));
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values: { reason: 'HR says last day' } });
  await scene.until('the mailbox with the manager', () => replyWith(scene, 'Mailbox handed over'), {
    runFastMs: MINUTE_MS,
  });
  await replyOf(scene, 'Return box ordered');
  await scene.quiet();

  show.say('Five days later it turns out that HR was wrong. Lin presses Undo…: what cannot come back is said first');
  await stage.advance(5 * DAY_MS);
  const root = await scene.until('the button', () => scene.messages().find((one) => hasButton(one, 'undo_open')));
  await act(stage.slack, 'click', { user: LIN, messageTs: root.ts, actionId: 'undo_open' });
  const asking = await scene.until('what stays lost', (picture) =>
    picture.views[LIN]?.find((view) => view.submit !== null && JSON.stringify(view).includes('Cannot come back')),
  );
  show.window(LIN, asking, scene.picture());
  await act(stage.slack, 'submit', { user: LIN, viewId: asking.id, values: { reason: 'HR mixed up two people' } });
  const asked = await scene.until('the question to approvers', () =>
    scene.messages().find((one) => wordsIn(one).includes('Approval needed to undo')),
  );

  show.say(
    'Lin asked, so Lin cannot approve it. Sam does: the offboarding ends, its delegation too, and the way back begins',
  );
  await act(stage.slack, 'click', { user: SAM, messageTs: asked.ts, actionId: 'approval_approve' });
  await scene.until('the account', () => replyWith(scene, 'Okta account is alive again'), { runFastMs: 1_000 });
  // Now, not when the thread has told all else: an hour later Sendoff would ask somebody instead of waiting on.
  show.say('Okta brings the Slack account back, as its provisioning does');
  await stage.slack.post('/command/person', { user: DANA.slackUserId, deleted: false });

  show.say('The Mac is unlocked by hand with the passcode that the offboarding kept, and the return box is cancelled');
  await unlock(stage, scene, SAM, MAC);
  await answer(stage, scene, 'Retriever takes a cancellation');
  show.say('Apps that no group gives are asked about by name; Lin has assigned them');
  await answer(stage, scene, 'assigned one by one');
  await scene.until(
    'the end',
    () => (scene.messages().some((one) => one.text.includes(`${DANA_NAME} is back`)) ? true : undefined),
    { runFastMs: MINUTE_MS },
  );
  await scene.until('the report', () => replyWith(scene, 'What did not come back'));
  await scene.quiet();
}

function replyWith(scene: Scene, words: string): ShownMessage | undefined {
  return scene.replies().find((reply) => wordsIn(reply).includes(words));
}

async function answer(stage: Stage, scene: Scene, words: string): Promise<void> {
  const question = await scene.until(
    `“${words}”`,
    () => scene.replies().find((reply) => wordsIn(reply).includes(words) && hasButton(reply, 'step_approve')),
    { runFastMs: MINUTE_MS },
  );
  await act(stage.slack, 'click', { user: LIN, messageTs: question.ts, actionId: 'step_approve' });
}
