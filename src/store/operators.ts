// The allow-list: who may act, by Slack team and user. Empty list: nobody. Every change is audited in the same transaction.
import type { Operators } from '../workflow/model/ports.ts';
import { type OperatorId, operatorKey, type Role } from '../workflow/model/run.ts';
import type { Database } from './client.ts';

export interface OperatorRow extends OperatorId {
  readonly role: Role;
  readonly addedBy: string;
  readonly addedAt: Date;
}

export interface OperatorStore extends Operators {
  list(): Promise<readonly OperatorRow[]>;
  add(operator: OperatorId, role: Role, by: string): Promise<void>;
  /** False: was not on the list. */
  remove(operator: OperatorId, by: string): Promise<boolean>;
  /** An admin's change, `role` null: taken off; refused if `by` is no admin now, or nobody would be left who is one. */
  change(
    by: OperatorId,
    operator: OperatorId,
    role: Role | null,
  ): Promise<'changed' | 'unchanged' | 'last_admin' | 'not_admin'>;
  /** The first admins, from the settings. One who was removed by hand stays removed. */
  addFirst(operators: readonly OperatorId[]): Promise<void>;
}

export function createOperatorStore(db: Database): OperatorStore {
  const auditLine = (by: string, action: string, operator: OperatorId, role: Role | null) =>
    db.prisma
      .$executeRaw`SELECT audit('team', ${by}, ${action}, ${JSON.stringify({ operator: operatorKey(operator), role })}::jsonb)`;
  return {
    async role({ teamId, userId }) {
      // Asked before every ack and every act.
      const [row] = await db.query<{ role: Role }>(
        'SELECT role FROM operator WHERE team_id = $1 AND user_id = $2 AND removed_at IS NULL',
        [teamId, userId],
      );
      return row?.role ?? null;
    },
    async contacts() {
      const rows = await db.prisma.operator.findMany({
        where: { removedAt: null },
        orderBy: [{ role: 'asc' }, { addedAt: 'asc' }],
        take: 3,
      });
      return rows.map(({ teamId, userId }) => ({ teamId, userId }));
    },
    async approvers() {
      const rows = await db.prisma.operator.findMany({
        where: { removedAt: null, role: { in: ['admin', 'approver'] } },
        orderBy: [{ role: 'desc' }, { addedAt: 'asc' }],
      });
      return rows.map(({ teamId, userId }) => ({ teamId, userId }));
    },
    async list() {
      const rows = await db.prisma.operator.findMany({ where: { removedAt: null }, orderBy: { addedAt: 'asc' } });
      return rows.map((row) => ({
        teamId: row.teamId,
        userId: row.userId,
        role: row.role as Role,
        addedBy: row.addedBy,
        addedAt: row.addedAt,
      }));
    },
    async add({ teamId, userId }, role, by) {
      await db.prisma.$transaction([
        db.prisma.operator.upsert({
          where: { teamId_userId: { teamId, userId } },
          create: { teamId, userId, role, addedBy: by },
          update: { role, addedBy: by, addedAt: new Date(), removedAt: null, removedBy: null },
        }),
        auditLine(by, 'operator.added', { teamId, userId }, role),
      ]);
    },
    async remove({ teamId, userId }, by) {
      const [changed] = await db.prisma.$transaction([
        db.prisma.operator.updateMany({
          where: { teamId, userId, removedAt: null },
          data: { removedAt: new Date(), removedBy: by },
        }),
        auditLine(by, 'operator.removed', { teamId, userId }, null),
      ]);
      return changed.count > 0;
    },
    async change(by, operator, role) {
      const [row] = await db.query<{ verdict: 'changed' | 'unchanged' | 'last_admin' | 'not_admin' }>(
        'SELECT change_operator($1, $2, $3, $4, $5) AS verdict',
        [by.teamId, by.userId, operator.teamId, operator.userId, role],
      );
      if (!row) throw new Error('change_operator: no answer');
      return row.verdict;
    },
    async addFirst(operators) {
      for (const operator of operators) {
        await db.query(
          `WITH new AS (INSERT INTO operator (team_id, user_id, role, added_by) VALUES ($1, $2, 'admin', 'settings')
             ON CONFLICT DO NOTHING RETURNING 1)
           SELECT audit('team', 'settings', 'operator.added', $3::jsonb)::text FROM new`,
          [operator.teamId, operator.userId, JSON.stringify({ operator: operatorKey(operator), role: 'admin' })],
        );
      }
    },
  };
}
