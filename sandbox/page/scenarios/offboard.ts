// How most stories begin: Lin offboards somebody, from the command to the run's own message.
import { person } from '../../people.ts';
import type { Stage } from './stage.ts';

/** `key` as in sandbox/people.ts. */
export async function offboard(stage: Stage, key: string): Promise<void> {
  await stage.needs(key);
  const { firstName, lastName, email } = person(key);
  stage.say(`Lin types /offboard ${email}`);
  const plan = await stage.typeCommand(`/offboard ${email}`);
  stage.say('Lin confirms the plan');
  await stage.confirm(plan);
  await stage.message(`${firstName} ${lastName}`);
  await stage.closeWindows();
}
