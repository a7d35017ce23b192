// An undo in an office: asked for on the offboarding's message, allowed by somebody else, looked at by its steps.
import type { Forgery } from '../../sandbox/vendors/slack/deliver.ts';
import type { Office, StepRow } from './office.ts';
import type { Actor } from './office-people.ts';

export interface KindRow {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly undoes: string | null;
}

/** The newest run of a kind. */
export async function runOf(office: Office, kind: 'offboarding' | 'rehire'): Promise<KindRow> {
  const [row] = await office.db.query<KindRow>(
    'SELECT id, code, status, undoes FROM run WHERE kind = $1 ORDER BY requested_at DESC, code DESC LIMIT 1',
    [kind],
  );
  if (!row) throw new Error(`no ${kind}`);
  return row;
}

export async function stepsIn(office: Office, runId: string): Promise<Readonly<Record<string, StepRow>>> {
  const rows = await office.db.query<StepRow>('SELECT * FROM step_run WHERE run_id = $1', [runId]);
  return Object.fromEntries(rows.map((row) => [row.step, row]));
}

/** The message of the newest run of a kind that has a button of this kind. */
function messageWith(office: Office, words: string): { ts: string; blocks: readonly never[] } {
  const found = office.channel.roots().findLast((one) => JSON.stringify(one.blocks).includes(words));
  if (!found) throw new Error(`no message with ${words}`);
  return found as never;
}

/** Pressed on the offboarding's own message; waits for the window. */
export async function opensUndo(office: Office, who: Actor): Promise<void> {
  const run = await runOf(office, 'offboarding');
  await office.until(() => office.channel.roots().some((one) => isButtonOf(one, run.id)));
  const root = office.channel.roots().find((one) => isButtonOf(one, run.id));
  while (who.view()) await who.closes();
  await who.clicks('undo_open', { messageTs: String(root?.ts) });
  await office.until(() => who.screen() !== '' && !who.screen().includes('Looking up'));
}

function isButtonOf(message: { readonly blocks: readonly unknown[] }, run: string): boolean {
  const text = JSON.stringify(message.blocks);
  return text.includes('undo_open') && text.includes(run);
}

/** Asked for, with a reason. */
export async function asksUndo(office: Office, who: Actor, reason = 'Came back'): Promise<void> {
  await opensUndo(office, who);
  await who.submits({ reason });
  await office.until(() => who.screen().includes('waits for approval'));
}

/** Presses Approve on the undo's message once it stands there. */
export async function approvesUndo(office: Office, who: Actor, forgery: Forgery = {}): Promise<void> {
  const words = 'Approval needed to undo';
  await office.until(() => office.channel.roots().some((one) => JSON.stringify(one.blocks).includes(words)));
  const { ts } = messageWith(office, words);
  await who.clicks('approval_approve', { messageTs: ts, ...forgery });
}
