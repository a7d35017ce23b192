// Apps that Okta does not close: Alex, a designer, leaves, and whoever looks after each app is asked in their own working hours.
import { person } from '../people.ts';
import { act, hasButton, type ShownMessage, wordsIn } from './control.ts';
import { createScene, type Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';
import { tellTicket } from './story.ts';
import { replyOf } from './way-back.ts';

export const ALEX = person('alex');
const [LIN, SAM, GRACE, AMARA] = ['lin', 'sam', 'grace', 'admin'].map((key) => String(person(key).slackUserId)) as [
  string,
  string,
  string,
  string,
];
/** Every app of the sandbox's policy that a designer has, and who is asked about it in this story. */
export const ALEX_APPS = [
  { name: 'Figma', asked: [GRACE] },
  { name: 'Miro', asked: [GRACE] },
  { name: 'Notion', asked: [SAM] },
  { name: 'Webflow', asked: [AMARA, LIN] },
] as const;

const [EVERYONE, DESIGN] = ['00gEveryone000000001', '00gDesign00000000001'];
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export async function playOwners(stage: Stage, show: Show): Promise<undefined> {
  const scene = createScene(stage, show);
  await stage.okta.post('/command/set_user', { user: 'alex', patch: { groups: [EVERYONE, DESIGN] } });

  show.say(
    `Alex is a designer. Lin types /offboard ${ALEX.email}: the policy lists four apps that Okta does not close`,
  );
  await act(stage.slack, 'slash', { user: LIN, command: '/offboard', text: ALEX.email });
  const plan = await scene.until('the plan', (picture) => picture.views[LIN]?.find((view) => view.submit !== null));
  show.window(LIN, plan, scene.picture());
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values: { devices: ['none'] } });

  show.say('Notion is Alex’s own: its backup owner, Sam, is asked. Sam looked, and Alex never had an account');
  await press(stage, scene, { user: SAM, app: 'Notion', action: 'owner_never_had' });

  show.say('Grace sits in Nairobi and is asked in her working hours, about her two apps in one message');
  await press(stage, scene, { user: GRACE, app: 'Figma', action: 'owner_never_had' });
  await type(stage, scene, { user: GRACE, app: 'Miro', note: 'Taken out of the team, boards moved' });

  show.say('Amara does not answer. Her time over, Lin, the backup owner of Webflow, is asked, and answers');
  await type(stage, scene, { user: LIN, app: 'Webflow', note: 'Seat removed' });
  await scene.until('the last answer', () => (openApps(scene).length === 0 ? true : undefined));

  show.say('Alex has no manager: Lin says who receives mail and files. The Google account is watched for sixty days');
  await chooseGrace(stage, scene);
  for (const words of ['Mailbox handed over', 'Drive files handed over', 'Calendar handed over'])
    await scene.until(words, () => scene.replies().find((reply) => wordsIn(reply).includes(words)), {
      runFastMs: 10 * MINUTE_MS,
    });
  await stage.advance(60 * DAY_MS);
  await scene.until(
    'the end',
    () => (scene.root()?.text.includes(`${ALEX.firstName} ${ALEX.lastName} is offboarded`) ? true : undefined),
    { runFastMs: MINUTE_MS },
  );
  await scene.until('the report', () => scene.replies().find((reply) => wordsIn(reply).includes('Report: ')));
  await tellTicket(stage, show);
  await scene.quiet();
}

interface Press {
  readonly user: string;
  readonly app: string;
  readonly action: string;
}

/** Waits for the question; working hours may be half a day away, or a weekend. */
async function press(stage: Stage, scene: Scene, { user, app, action }: Press): Promise<void> {
  const find = () => buttonFor(scene, { user, app, action });
  const found = await scene.until(`the question about ${app}`, find, { runFastMs: 20 * MINUTE_MS });
  await act(stage.slack, 'click', { user, messageTs: found.ts, actionId: action, value: found.value });
}

async function type(stage: Stage, scene: Scene, given: { user: string; app: string; note: string }): Promise<void> {
  await press(stage, scene, { ...given, action: 'owner_done_open' });
  const window = await scene.until('the window for the words', (picture) =>
    picture.views[given.user]?.find((view) => view.callback_id === 'owner_done'),
  );
  await act(stage.slack, 'submit', { user: given.user, viewId: window.id, values: { note: given.note } });
}

function buttonFor(scene: Scene, { user, app, action }: Press): { ts: string; value: string } | undefined {
  for (const message of directsOf(scene, user)) {
    const at = message.blocks.findIndex(
      (block) => JSON.stringify(block).startsWith(`{"type":"section"`) && JSON.stringify(block).includes(`*${app}*`),
    );
    const actions = message.blocks[at + 1] as { elements?: { action_id: string; value: string }[] } | undefined;
    const button = at < 0 ? undefined : actions?.elements?.find((one) => one.action_id === action);
    if (button) return { ts: message.ts, value: button.value };
  }
  return undefined;
}

function directsOf(scene: Scene, user: string): readonly ShownMessage[] {
  return scene
    .picture()
    .channels.filter(({ kind, members }) => kind === 'im' && members.includes(user))
    .flatMap(({ messages }) => messages);
}

function openApps(scene: Scene): readonly ShownMessage[] {
  return [GRACE, SAM, LIN].flatMap((user) => directsOf(scene, user)).filter((one) => hasButton(one, 'owner_done_open'));
}

async function chooseGrace(stage: Stage, scene: Scene): Promise<void> {
  const asking = await replyOf(scene, 'Who receives their mail');
  await act(stage.slack, 'click', { user: LIN, messageTs: asking.ts, actionId: 'step_choose_open' });
  const window = await scene.until('the picker', (picture) =>
    picture.views[LIN]?.find((view) => view.callback_id === 'step_choose'),
  );
  await act(stage.slack, 'submit', { user: LIN, viewId: window.id, values: { chosen_person: GRACE } });
}
