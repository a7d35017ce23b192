// `sendoff evidence verify`: reads every audit chain again, row by row.
import { type CommandContext, CommandError } from './command.ts';

export async function evidenceCommand(args: readonly string[], context: CommandContext): Promise<number> {
  if (args[0] !== 'verify') throw new CommandError('Say what to do: evidence verify');
  const chains = await context.audit.verify();
  const broken = chains.filter((chain) => chain.firstBad !== null);
  const rows = chains.reduce((sum, chain) => sum + chain.rows, 0);
  for (const chain of broken)
    context.print(`BROKEN  chain ${chain.chain}: row ${chain.firstBad} was changed, removed or cut off\n`);
  context.print(
    broken.length === 0
      ? `All ${chains.length} chains hold: ${rows} rows read.\n`
      : `${broken.length} of ${chains.length} chains do not hold.\n`,
  );
  return broken.length === 0 ? 0 : 1;
}
