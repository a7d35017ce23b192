// `sendoff operators list|add|remove`: the allow-list from the machine, for the first and the locked out.
import type { OperatorId, Role } from '../workflow/model/run.ts';
import { type CommandContext, CommandError } from './command.ts';

const ROLES: readonly Role[] = ['operator', 'approver', 'admin'];

export async function operatorsCommand(
  args: readonly string[],
  role: string | undefined,
  context: CommandContext,
): Promise<number> {
  const [verb, who] = args;
  switch (verb) {
    case 'list':
      return list(context);
    case 'add': {
      const operator = readOperator(who);
      const given = readRole(role);
      await context.operators.add(operator, given, context.actor);
      context.print(`${who} may act as ${given}.\n`);
      return 0;
    }
    case 'remove': {
      const removed = await context.operators.remove(readOperator(who), context.actor);
      context.print(
        removed
          ? `${who} may no longer act. Buttons already on screen answer with a refusal.\n`
          : `${who} was not on the list. Nothing was changed.\n`,
      );
      return removed ? 0 : 1;
    }
    default:
      throw new CommandError('Say what to do: operators list, operators add TEAM:USER, operators remove TEAM:USER');
  }
}

async function list(context: CommandContext): Promise<number> {
  const rows = await context.operators.list();
  if (rows.length === 0)
    context.print(
      'Nobody is on the list, so nobody may act. Add one: npm run sendoff -- operators add TEAM:USER --role admin\n',
    );
  for (const row of rows)
    context.print(
      `${row.teamId}:${row.userId}  ${row.role}  added by ${row.addedBy} at ${row.addedAt.toISOString()}\n`,
    );
  return 0;
}

function readOperator(text: string | undefined): OperatorId {
  const match = /^([TE][A-Z0-9]+):([UW][A-Z0-9]+)$/.exec(text ?? '');
  if (!match?.[1] || !match[2])
    throw new CommandError(
      'Name the operator as TEAM:USER, such as T0123ABC:U0456DEF: copy both ids from the Slack profile menu',
    );
  return { teamId: match[1], userId: match[2] };
}

function readRole(text: string | undefined): Role {
  const role = ROLES.find((one) => one === (text ?? 'operator'));
  if (!role) throw new CommandError(`A role is one of ${ROLES.join(', ')}`);
  return role;
}
