// `npm run sendoff -- <command>`: what an admin does from the machine itself.
import { parseArgs } from 'node:util';
import { type CommandContext, CommandError } from './command.ts';
import { evidenceCommand } from './evidence.ts';
import { keysCommand } from './keys.ts';
import { operatorsCommand } from './operators.ts';

const HELP = `sendoff <command>

  operators list                          who may act
  operators add TEAM:USER [--role ROLE]   ROLE: operator (default), approver, admin
  operators remove TEAM:USER
  keys new|list|rotate                    the keys that seal passcodes and addresses
  evidence verify                         is every audit chain whole?
  doctor [--json] [--vendor NAME]         does everything that Sendoff needs work? Reads only
  sweep                                   who has left and still has an account, what stands still? Reads only
  policy check [FILE] [--live] [--json]   is the policy usable, and if not, which lines? --live: channel and approvers too
  policy plan EMAIL [--json]              what an offboarding would do to them with this policy. Starts nothing

Exit status: 0 done, 1 not done or not whole, 2 unreadable arguments.
`;

export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { role: { type: 'string' }, help: { type: 'boolean' } },
    });
    const [area, ...rest] = positionals;
    if (values.help || area === undefined || area === 'help') {
      context.print(HELP);
      return area === undefined && !values.help ? 2 : 0;
    }
    if (area === 'operators') return await operatorsCommand(rest, values.role, context);
    if (area === 'keys') return await keysCommand(rest, context);
    if (area === 'evidence') return await evidenceCommand(rest, context);
    throw new CommandError(`There is no command ${area}. See: npm run sendoff -- help`);
  } catch (error) {
    if (error instanceof CommandError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
      context.printError((error as Error).message);
      return 2;
    }
    throw error;
  }
}
