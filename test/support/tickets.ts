// Tickets as people see them in the simulated Jira.
import type { JiraSimulator } from '../../sandbox/vendors/jira/server.ts';
import type { Office } from './office.ts';

export interface Ticket {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly summary: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly status: string;
  readonly parent: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly comments: readonly { readonly text: string; readonly createdAt: string }[];
}

export interface Tickets {
  readonly jira: JiraSimulator;
  /** Without sub-tasks, oldest first. */
  all(): readonly Ticket[];
  subtasks(): readonly Ticket[];
  /** Every comment. */
  said(): string;
  /** How often a call was made. */
  asked(operation: string): number;
  /** The ticket and the thread say all there is to say. */
  isDrawn(): Promise<boolean>;
}

export function ticketsIn(office: Office): Tickets {
  const { jira } = office;
  if (!jira) throw new Error('an office without Jira');
  const issues = (): readonly Ticket[] => (jira.state() as { issues: Ticket[] }).issues;
  return {
    jira,
    all: () => issues().filter((one) => one.parent === null),
    subtasks: () => issues().filter((one) => one.parent !== null),
    said: () =>
      issues()
        .flatMap(({ comments }) => comments.map((one) => one.text))
        .join('\n'),
    asked: (operation) => jira.journal.calls.filter((call) => call.operation === operation).length,
    async isDrawn() {
      const rows = await office.db.query(
        "SELECT key FROM report WHERE wanted > drawn AND audience IN ('jira', 'slack')",
        [],
      );
      return rows.length === 0;
    },
  };
}
