// Fifty people who leave at once, as one batch: Lin asks, Sam and the admin agree. They have Okta accounts and no more.
import type { View } from '../../vendors/slack/workspace.ts';
import { CAST } from '../cast.ts';
import type { Stage } from './stage.ts';

const COUNT = 50;
const ASK = 'Ask for two approvals';
/** The app itself takes two minutes at most. */
const LOOKING_MS = 130_000;

export async function layoff(stage: Stage): Promise<string> {
  await stage.world.ready;
  const prefix = `layoff${Date.now().toString(36)}x`;
  await stage.tell('okta', 'add_user', { count: COUNT, prefix });
  const list = Array.from({ length: COUNT }, (_, at) => `${prefix}${at}@acme.test`).join('\n');
  stage.say(`Lin types /offboard batch and pastes ${COUNT} addresses`);
  await stage.confirm(await stage.typeCommand('/offboard batch'), { batch_list: list });
  stage.say('Everybody is looked up, and nothing changes');
  const found = (): View | undefined => {
    const view = stage.workspace.views.get(stage.workspace.stacks.get(CAST.operator)?.at(-1) ?? '');
    return view && JSON.stringify(view.content.submit ?? '').includes(ASK) ? view : undefined;
  };
  await stage.confirm(await stage.until('what was found', found, { patienceMs: LOOKING_MS }));
  const asked = await stage.message('batch_approve');
  for (const user of [CAST.approver, CAST.admin]) {
    stage.say(user === CAST.admin ? 'Then Amara agrees too' : 'Sam agrees: one is not enough');
    await stage.tell('slack', 'click', { user, messageTs: asked.ts, actionId: 'batch_approve' });
  }
  await stage.closeWindows();
  return 'Fifty runs begin; Slack takes about one message a second. Kill the app, skip an hour, look at the journal.';
}
