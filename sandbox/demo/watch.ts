// The days after: Dana is out, an import makes her active again, the watch sees it on its day, and one press closes it once more.
import { act, hasButton, wordsIn } from './control.ts';
import { createScene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';
import { DANA, LIN, SAM, tellTicket } from './story.ts';
import { bringBack } from './way-back.ts';

const DAY_MS = 86_400_000;

export async function playWatch(stage: Stage, show: Show): Promise<undefined> {
  const scene = createScene(stage, show);
  const told = (words: string) =>
    scene.until(`“${words}”`, () => scene.replies().find((reply) => wordsIn(reply).includes(words)));
  show.say(`Lin types /offboard ${DANA.email} and confirms`);
  await act(stage.slack, 'slash', { user: LIN, command: '/offboard', text: DANA.email });
  const plan = await scene.until('the plan', (picture) => picture.views[LIN]?.find((view) => view.submit !== null));
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values: {} });
  await bringBack(stage, scene, show);
  await told('Google account active');

  // Time passes only once all is quiet: a call that is under way must not find its token expired.
  const pass = async (days: number): Promise<void> => {
    await scene.quiet();
    await stage.advance(days * DAY_MS);
  };
  show.say('A day later every closed door is looked at again, read-only');
  await pass(1);
  await told('Still closed a day later');

  show.say(
    'On the third day an HRIS import makes Dana active in Okta again, and an app gets access to her Google account',
  );
  await pass(2);
  await stage.okta.post('/command/import_reactivates', { user: DANA.key });
  await stage.google.post('/command/new_token', { user: DANA.key });
  await pass(4);
  const found = await told('Open again 7 days later');

  show.say('Nothing was cut by itself. Sam presses Cut again');
  await act(stage.slack, 'click', { user: SAM, messageTs: found.ts, actionId: 'cut_again' });
  await scene.until('the second cut', () => scene.replies().find((reply) => wordsIn(reply).includes('Cut again by')));
  await scene.until(
    'all of it closed',
    () => (scene.replies().some((reply) => hasButton(reply, 'cut_again')) ? undefined : scene.root()),
    { runFastMs: 1_000 },
  );

  show.say('On day 30 and day 60 it is looked at once more');
  await pass(23);
  await told('Still closed 30 days later');
  await pass(31);
  await told('Still closed 60 days later');
  await scene.until(
    'the end',
    () => (scene.root()?.text.includes(`${DANA.firstName} ${DANA.lastName} is offboarded`) ? true : undefined),
    { runFastMs: 60_000 },
  );
  await tellTicket(stage, show);
  await scene.quiet();
}
