// Three runs that nobody begins at the moment when they act: HR ended the record, somebody deactivated the account by hand, or a day was agreed.
import { createHmac } from 'node:crypto';
import { person } from '../people.ts';
import { act, hasButton, type ShownView, wordsIn } from './control.ts';
import { createScene, type Scene } from './scene.ts';
import type { Show } from './show.ts';
import type { Stage } from './stage.ts';
import { tellTicket } from './story.ts';
import { bringBack, replyOf } from './way-back.ts';

const DANA = person('dana');
const NAME = `${DANA.firstName} ${DANA.lastName}`;
const [LIN, SAM] = [String(person('lin').slackUserId), String(person('sam').slackUserId)];
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When the run was allowed to act, in real time, and who had deactivated the account already. */
export interface Begun {
  readonly at: number;
  readonly by: 'hris' | 'okta' | 'schedule';
}

/** BambooHR marks Dana inactive. A forged word of it is refused, the true one comes three times, and ten minutes are left to stop it. */
export async function playHris(stage: Stage, show: Show): Promise<Begun> {
  const scene = createScene(stage, show);
  const url = `${stage.appUrl}/webhooks/bamboohr`;
  const { employees } = (await stage.bamboohr.get('/state')) as { employees: { id: string; key: string }[] };
  const id = employees.find((one) => one.key === DANA.key)?.id ?? '';
  const today = new Date().toISOString().slice(0, 10);

  show.say(`Somebody who does not know BambooHR’s key says that ${NAME} has left`);
  const forged = await knock(url, id, 'a key that somebody made up');
  if (forged !== 401) throw new Error(`The forged word was answered ${forged}.`);
  show.say('It is refused (401) and begins nothing. Now HR ends the record, and BambooHR tells it three times');
  await stage.bamboohr.post('/command/set_employee', {
    employee: DANA.key,
    patch: { status: 'Inactive', endsOn: today },
  });
  const key = String(stage.settings.BAMBOOHR_WEBHOOK_KEY);
  for (let times = 1; times <= 3; times++) await knock(url, id, key);
  await scene.until('the run’s message', () =>
    scene.root()?.text.includes('unless somebody stops it') ? true : undefined,
  );
  await scene.quiet();

  show.say('Ten minutes are left to press Stop. Nobody does; the demo lets them pass');
  await stage.advance(9 * MINUTE_MS);
  await scene.quiet();
  const at = Date.now();
  await stage.advance(MINUTE_MS);
  await toTheEnd(stage, scene, show);
  return { at, by: 'hris' };
}

/** An admin deactivates Dana in Okta’s own console: Okta tells it, twice, and the rest of the offboarding follows. */
export async function playHook(stage: Stage, show: Show): Promise<Begun> {
  const scene = createScene(stage, show);
  const url = `${stage.appUrl}/webhooks/okta`;
  const { verified } = (await stage.okta.post('/command/set_event_hook', { url })) as { verified: boolean };
  if (!verified) throw new Error('The event hook was not verified.');

  show.say(`Okta’s event hook is verified. An admin deactivates ${NAME} in Okta’s own console`);
  const at = Date.now();
  await stage.okta.post('/command/set_user', { user: DANA.key, patch: { status: 'DEPROVISIONED' } });
  await scene.until('the run’s message', () => scene.root());
  await toTheEnd(stage, scene, show);
  return { at, by: 'okta' };
}

/** Lin agrees on a day, Sam moves it, and it begins by itself at that moment where Dana is. */
export async function playScheduled(stage: Stage, show: Show): Promise<Begun> {
  const scene = createScene(stage, show);
  const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

  show.say(`Lin types /offboard ${DANA.email} and chooses a day: 18:00 by the clock where Dana is`);
  await act(stage.slack, 'slash', { user: LIN, command: '/offboard', text: DANA.email });
  const plan = await scene.until('the plan', (picture) => picture.views[LIN]?.find((view) => view.submit !== null));
  show.window(LIN, plan, scene.picture());
  const [first, later] = [dayIn(3), dayIn(5)];
  const chosen = { start_day: first, start_time: '18:00' };
  await act(stage.slack, 'submit', { user: LIN, viewId: plan.id, values: { ...chosen, reason: 'Last day is agreed' } });
  await scene.until('the scheduled run', () => (scene.root()?.text.includes('is scheduled') ? true : undefined));

  show.say('Dana stays two days longer: Sam moves it');
  const moving = await openReview(stage, scene);
  await act(stage.slack, 'submit', {
    user: SAM,
    viewId: moving.id,
    values: { start_day: later, start_time: '18:00' },
  });
  await scene.until('the other day', () => (wordsIn(scene.root()).includes(`18:00 on ${later}`) ? true : undefined));

  // 12:00 UTC is the morning in New York: inside the reminder's 24 hours, whatever the hour is that this is played at.
  show.say('Days pass, until the morning of the agreed one: a reminder comes, and nothing else');
  await stage.advance(Date.parse(`${later}T12:00:00Z`) - Date.now());
  await replyOf(scene, 'It starts by itself');
  await scene.quiet();
  show.say('The moment comes');
  const at = Date.now();
  await stage.advance(DAY_MS);
  await toTheEnd(stage, scene, show);
  return { at, by: 'schedule' };
}

/** As BambooHR signs it: the raw body, then the timestamp. Answers the status. */
async function knock(url: string, employeeId: string, key: string): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({
    type: 'employee.updated',
    timestamp: new Date().toISOString(),
    data: { companyId: '1', employeeId, changedFields: ['status'] },
  });
  const signature = createHmac('sha256', key).update(body).update(timestamp).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-bamboohr-timestamp': timestamp,
    'x-bamboohr-signature': signature,
  };
  const answer = await fetch(url, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

async function openReview(stage: Stage, scene: Scene): Promise<ShownView> {
  const root = await scene.until('the button that moves it', () => {
    const found = scene.root();
    return found && hasButton(found, 'start_review') ? found : undefined;
  });
  await act(stage.slack, 'click', { user: SAM, messageTs: root.ts, actionId: 'start_review' });
  return scene.until('the plan', (picture) => picture.views[SAM]?.find((view) => view.submit !== null));
}

/** The laptop’s way back, the mailbox’s sixty days, the report and the ticket. */
async function toTheEnd(stage: Stage, scene: Scene, show: Show): Promise<void> {
  await replyOf(scene, 'deactivated');
  await bringBack(stage, scene, show);
  show.say('The Google account is watched until the mailbox’s sixty days are over; the demo lets them pass');
  await replyOf(scene, 'Google account active');
  await stage.advance(60 * DAY_MS);
  await scene.until('the end', () => (scene.root()?.text.includes(`${NAME} is offboarded`) ? true : undefined), {
    runFastMs: MINUTE_MS,
  });
  await tellTicket(stage, show);
  await scene.quiet();
}
