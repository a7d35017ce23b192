// `sendoff policy check [file]`: says of a policy, line by line, what keeps it from being used. `sendoff policy plan <email>`: what
// it would do to somebody. Both read only.
import { parseArgs } from 'node:util';
import { asLines } from '../blocks/as-lines.ts';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildPlanModal } from '../blocks/modal-plan.ts';
import type { Policy } from '../workflow/model/policy.ts';
import type { LiveRun } from '../workflow/model/ports.ts';
import type { Preview } from '../workflow/preview.ts';
import type { CommandContext } from './command.ts';
import type { Finding } from './doctor.ts';

type Usable = { readonly policy: Policy; readonly hash: string; readonly file: string | null };
type Checked = Usable | { readonly problems: readonly string[] };

export interface PolicyContext extends Pick<CommandContext, 'print' | 'printError'> {
  check(file: string | null): Checked;
  /** What the policy asks of Slack and the list of operators; throws where settings are missing. */
  live(policy: Policy): Promise<readonly Finding[]>;
  plan(email: string): Promise<{ readonly seen: Preview; readonly live: LiveRun | null }>;
}

const USAGE = 'Say what to do: policy check [FILE] [--live] [--json], or policy plan EMAIL [--json]';

export async function policyCommand(args: readonly string[], context: PolicyContext): Promise<number> {
  const asked = readArgs(args);
  if (asked === null) {
    context.printError(USAGE);
    return 2;
  }
  const { verb, about, json, live } = asked;
  return verb === 'check' ? check(context, about, { json, live }) : plan(context, about ?? '', json);
}

function readArgs(
  args: readonly string[],
): { verb: 'check' | 'plan'; about: string | null; json: boolean; live: boolean } | null {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, live: { type: 'boolean', default: false } },
    });
    const [verb, about = null, ...more] = positionals;
    if (more.length > 0) return null;
    if (verb === 'check') return { verb, about, ...values };
    const isAddress = /^[^\s@]+@[^\s@]+$/.test(about ?? '');
    return verb === 'plan' && isAddress && !values.live ? { verb, about, ...values } : null;
  } catch {
    return null;
  }
}

async function check(
  context: PolicyContext,
  file: string | null,
  { json, live }: { json: boolean; live: boolean },
): Promise<number> {
  const checked = context.check(file);
  const findings = live && !('problems' in checked) ? await context.live(checked.policy) : [];
  const problems = [
    ...('problems' in checked ? checked.problems : []),
    ...findings.filter((one) => one.level === 'problem').map(withFix),
  ];
  const warnings = findings.filter((one) => one.level === 'warning').map(withFix);
  const isUsable = problems.length === 0;
  if (json) {
    const read = 'problems' in checked ? {} : { file: checked.file, hash: checked.hash };
    context.print(`${JSON.stringify({ ok: isUsable, ...read, problems, warnings }, null, 2)}\n`);
    return isUsable ? 0 : 1;
  }
  for (const one of [...problems, ...warnings]) context.print(`${one}\n`);
  if ('problems' in checked || !isUsable) {
    const n = problems.length;
    // Too few approvers keep nobody from starting: what they would have to allow waits.
    const consequence =
      'problems' in checked ? 'Sendoff does not start with this policy.' : 'The file itself is usable.';
    context.print(`${n} ${n === 1 ? 'problem' : 'problems'}. ${consequence}\n`);
    return 1;
  }
  const { groups, titles, addresses } = checked.policy.protected;
  context.print(
    `${checked.file ?? 'No file: the built-in defaults'}: usable. Protected: groups ${groups.length}, titles ${titles.length}, addresses ${addresses.length}.\n${checked.hash}\n`,
  );
  return 0;
}

function withFix({ says, fix }: Finding): string {
  return fix === undefined ? says : `${says}: ${fix}`;
}

async function plan(context: PolicyContext, email: string, json: boolean): Promise<number> {
  const { seen, live } = await context.plan(email);
  if (json) {
    const told = seen.kind === 'plan' ? { plan: seen.plan, live: live?.code ?? null } : { refused: seen.refusal };
    context.print(`${JSON.stringify({ ok: seen.kind === 'plan', ...told }, null, 2)}\n`);
    return seen.kind === 'plan' ? 0 : 1;
  }
  const blocks =
    seen.kind === 'plan'
      ? buildPlanModal(seen.plan, { privateMetadata: '' }).blocks
      : buildRefusalMessage(seen.refusal).blocks;
  const running = live === null ? [] : [`${live.code} is under way: another one does not begin.`, ''];
  context.print(`${[...asLines(blocks), ...running].join('\n')}Nothing was started, and nothing was written.\n`);
  return seen.kind === 'plan' ? 0 : 1;
}
