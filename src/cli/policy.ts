// `sendoff policy check [file]`: says of a policy, line by line, what keeps it from being used. Needs no database.
import type { Policy } from '../workflow/model/policy.ts';
import type { CommandContext } from './command.ts';

type Checked =
  | { readonly policy: Policy; readonly hash: string; readonly file: string | null }
  | { readonly problems: readonly string[] };

export function policyCommand(
  args: readonly string[],
  context: Pick<CommandContext, 'print' | 'printError'> & { check(file: string | null): Checked },
): number {
  const [verb, file = null, ...more] = args;
  if (verb !== 'check' || more.length > 0 || file?.startsWith('-')) {
    context.printError('Say what to do: policy check, or policy check FILE');
    return 2;
  }
  const checked = context.check(file);
  if ('problems' in checked) {
    const n = checked.problems.length;
    for (const problem of checked.problems) context.print(`${problem}\n`);
    context.print(`${n} ${n === 1 ? 'problem' : 'problems'}. Sendoff does not start with this policy.\n`);
    return 1;
  }
  const { groups, titles, addresses } = checked.policy.protected;
  context.print(
    `${checked.file ?? 'No file: the built-in defaults'}: usable. Protected: groups ${groups.length}, titles ${titles.length}, addresses ${addresses.length}.\n${checked.hash}\n`,
  );
  return 0;
}
