// Three lies, none of them signed by whom it says: a command, word of HR, word of Okta. What the doors answer is told.
import { person } from '../../people.ts';
import { CAST } from '../cast.ts';
import type { Stage } from './stage.ts';

export async function forgedWebhook(stage: Stage): Promise<string> {
  await stage.world.ready;
  const { announced } = stage.world.app;
  if (!announced) throw new Error('the app does not run');
  const { email, okta } = person('dana');
  stage.say('Somebody sends /offboard in Lin’s name, signed with a guessed secret');
  const slack = await stage.forge({
    user: CAST.operator,
    command: '/offboard',
    text: email,
    secret: 'guessed',
  } as never);
  stage.say('… and says that BambooHR has a last day for Dana');
  const bamboohr = await send(announced.eventsUrl, '/webhooks/bamboohr', {
    headers: { 'x-bamboohr-timestamp': seconds(), 'x-bamboohr-signature': 'f'.repeat(64) },
    body: { type: 'employee.updated', data: { companyId: '1', employeeId: '40', changedFields: ['endsOn'] } },
  });
  stage.say('… and that Okta has deactivated her');
  const oktaStatus = await send(announced.eventsUrl, '/webhooks/okta', {
    headers: { authorization: 'guessed' },
    body: { data: { events: [{ eventType: 'user.lifecycle.deactivate', target: [{ id: okta.id, type: 'User' }] }] } },
  });
  return `Refused at each door (${slack}, ${bamboohr} and ${oktaStatus}). Nothing was posted, and nothing has happened to Dana.`;
}

async function send(
  eventsUrl: string,
  path: string,
  { headers, body }: { headers: Record<string, string>; body: object },
): Promise<number> {
  const response = await fetch(new URL(path, eventsUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return response.status;
}

function seconds(): string {
  return String(Math.floor(Date.now() / 1000));
}
