// `sendoff keys new|list|rotate`: the keys that seal passcodes and addresses, changed while the app runs.
import { randomBytes } from 'node:crypto';
import { type CommandContext, CommandError } from './command.ts';

export async function keysCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { keys } = context;
  switch (args[0]) {
    case 'new':
      context.print(
        `${keys.newest === null ? 1 : keys.newest + 1}:${randomBytes(32).toString('base64')}\n` +
          'Add it to SENDOFF_SECRET_KEYS, after a comma, keep the older ones, restart Sendoff, then: npm run sendoff -- keys rotate\n',
      );
      return 0;
    case 'list': {
      const counted = await keys.count();
      if (counted.size === 0) context.print('Nothing is sealed.\n');
      for (const [version, n] of counted)
        context.print(`key ${version} opens ${n}${version === keys.newest ? ' · seals what is new' : ''}\n`);
      return 0;
    }
    case 'rotate': {
      const { rewrapped, left } = await keys.rotate();
      context.print(
        `${rewrapped} sealed anew under key ${keys.newest}. ${left === 0 ? 'Older keys open nothing any more: take them out of SENDOFF_SECRET_KEYS.' : `${left} still need an older key: run it again.`}\n`,
      );
      return left === 0 ? 0 : 1;
    }
    default:
      throw new CommandError('Say what to do: keys new, keys list, keys rotate');
  }
}
