// An office whose leavers send their laptops back: the policy's part on it, and the vendors' pictures as a checker reads them.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anOffice, type Office, type OfficeOptions, type StepRow } from './office.ts';
import type { Actor } from './office-people.ts';

export const OFFICE_POLICY = `returns:
  office: { name: "IT desk", company: "Acme", line1: "1 Main Street", city: "Portland", state: OR, zip: "97201", email: "it@acme.test" }
`;

/** For tests of many runs that are not about how many begin within an hour. */
export const MANY_AN_HOUR = 'breaker:\n  runsAnHour: 500\n';

/** As written into a file of its own. */
export function policyFile(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sendoff-policy-')), 'sendoff.policy.yaml');
  writeFileSync(file, text);
  return file;
}

/** Business time is the vendors' time: orders are younger than what was decided before them. */
export async function returningOffice(options: OfficeOptions = {}, policy = OFFICE_POLICY): Promise<Office> {
  const office = await anOffice({
    jamf: true,
    bamboohr: true,
    retriever: true,
    easypost: true,
    ...options,
    settings: { SENDOFF_POLICY: policyFile(policy), ...options.settings },
    started: false,
  });
  office.clock.move(Date.now() - office.clock.now().getTime());
  await office.start();
  return office;
}

/** Confirms Dana's offboarding with her laptop coming back so. */
export async function sendHome(office: Office, way: string, who: Actor = office.lin): Promise<void> {
  await office.plan(who, 'dana@acme.test');
  await who.submits({ devices: ['jamf:11'], return_way: way });
  await office.until(() => who.screen().includes('has started'));
}

export interface PlacedOrder {
  readonly id: string;
  readonly isCancelled: boolean;
  readonly viaApi: boolean;
  readonly sent: {
    readonly device: string;
    readonly serial_number: string;
    readonly ticket_id: string;
    readonly request_charger: boolean;
    readonly employee_info: Readonly<Record<string, string>>;
    readonly company_info: Readonly<Record<string, string>>;
  };
  readonly outbound: { readonly tracking: string | null };
  readonly back: { readonly tracking: string | null };
}

export function ordersOf(office: Office): readonly PlacedOrder[] {
  const { retriever } = office;
  if (!retriever) throw new Error('this office has no Retriever');
  return (retriever.state() as { orders: readonly PlacedOrder[] }).orders;
}

export const stepOf = async (office: Office, name: string): Promise<StepRow | undefined> =>
  (await office.steps())[name];

/** Waits until the step is so; time passes meanwhile, five seconds at each look. */
export async function becomes(office: Office, name: string, status: string, forMs = 20_000): Promise<StepRow> {
  await office.until(async () => {
    office.pass(5_000);
    return (await stepOf(office, name))?.status === status;
  }, forMs);
  return (await stepOf(office, name)) as StepRow;
}

/** Every word of Slack and every row that people may read: what must never stand there. */
export async function everyWord(office: Office): Promise<string> {
  const rows = await Promise.all(
    ['run', 'step_run', 'decision', 'vendor_write', 'inbound_delivery', 'audit_event', 'report', 'delivery'].map(
      (table) => office.db.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${table} t`, []),
    ),
  );
  const channels = [...office.slack.workspace.channels.values()].flatMap(({ messages }) => messages);
  return [...rows.flat().map(({ row }) => row), JSON.stringify(channels), JSON.stringify(office.log)].join('\n');
}

/** Lin presses this button of the step's newest attempt, once it is drawn. */
export async function clickFresh(office: Office, name: string, actionId: string): Promise<void> {
  const row = await stepOf(office, name);
  const drawn = JSON.stringify(JSON.stringify({ stepRun: row?.id, attempt: row?.attempt })).slice(1, -1);
  await office.until(() =>
    office.channel.messages().some((one) => {
      const blocks = JSON.stringify(one.blocks);
      return blocks.includes(`"${actionId}"`) && blocks.includes(drawn);
    }),
  );
  await office.lin.clicks(actionId);
}
