// Whom one can be on the page: the three of Acme's IT with a role each, and people who have none.
import { person, TEAM_ID } from '../people.ts';
import { withClient } from './database.ts';

const idOf = (key: string): string => String(person(key).slackUserId);

export const CAST = { admin: idOf('admin'), operator: idOf('lin'), approver: idOf('sam') } as const;

/** In the order of the switch, with what they are there for. */
export const ACTORS: readonly { readonly id: string; readonly part: string }[] = [
  { id: CAST.operator, part: 'operator' },
  { id: CAST.approver, part: 'approver' },
  { id: CAST.admin, part: 'admin' },
  { id: idOf('grace'), part: 'manager, app owner' },
  { id: idOf('dana'), part: 'leaver' },
  { id: idOf('alex'), part: 'outsider' },
];

/** Once, by the admin of the settings and through the function that the app itself uses; a role that was changed later stays. */
export async function giveRoles(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    for (const role of ['operator', 'approver'] as const) {
      const known = await client.query('SELECT 1 FROM operator WHERE user_id = $1', [CAST[role]]);
      if (known.rowCount === 0)
        await client.query('SELECT change_operator($1, $2, $1, $3, $4)', [TEAM_ID, CAST.admin, CAST[role], role]);
    }
  });
}

/** By Slack user id; empty while the database does not answer. */
export async function readRoles(databaseUrl: string | null): Promise<Readonly<Record<string, string>>> {
  if (databaseUrl === null) return {};
  const sql = 'SELECT user_id, role FROM operator WHERE removed_at IS NULL';
  try {
    const { rows } = await withClient(databaseUrl, (client) => client.query<{ user_id: string; role: string }>(sql));
    return Object.fromEntries(rows.map((row) => [row.user_id, row.role]));
  } catch {
    return {};
  }
}
