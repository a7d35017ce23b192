// Runs as screens and reporters see them: read from state, with no memory of their own.

import type { LiveRun } from '../workflow/model/ports.ts';
import type { Person, RunKind, RunStatus, RunView, StepView } from '../workflow/model/run.ts';
import type { Facts, Need } from '../workflow/model/step.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';
import type { Prisma } from './generated/client.ts';

const LIVE = ['awaiting_approval', 'scheduled', 'held', 'open'];
const WITH_STEPS = {
  steps: { include: { decisions: { orderBy: { decidedAt: 'asc' } } } },
} as const satisfies Prisma.RunInclude;
type RunRow = Prisma.RunGetPayload<{ include: typeof WITH_STEPS }>;

export interface RunStore {
  view(runId: string): Promise<RunView | null>;
  /** The run of a step run that a button names, with the step. */
  ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null>;
  live(kind: RunKind, personId: string): Promise<LiveRun | null>;
  /** The run that this very request opened, closed or not. */
  ofRequest(request: {
    kind: RunKind;
    personId: string;
    requestedBy: string;
    requestedAt: Date;
  }): Promise<LiveRun | null>;
}

/** `order`: step names as people read them; rows of other versions come last. */
export function createRunStore(db: Database, order: readonly string[]): RunStore {
  const rank = (step: string): number => (order.includes(step) ? order.indexOf(step) : order.length);
  const asView = (row: RunRow): RunView => ({
    id: row.id,
    kind: row.kind as RunKind,
    code: row.code,
    status: row.status as RunStatus,
    person: row.person as unknown as Person,
    requestedBy: row.requestedBy,
    trigger: row.trigger,
    reason: row.reason,
    requestedAt: row.requestedAt,
    closedAt: row.closedAt,
    steps: row.steps
      .map(asStep)
      .sort(
        (a, b) => rank(a.step) - rank(b.step) || a.step.localeCompare(b.step) || a.subject.localeCompare(b.subject),
      ),
  });
  const findOne = async (where: Prisma.RunWhereInput): Promise<LiveRun | null> => {
    const row = await db.prisma.run.findFirst({ where, include: { steps: { select: { status: true } } } });
    if (!row) return null;
    return {
      id: row.id,
      code: row.code,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt,
      done: row.steps.filter((step) => hasEnded(step.status)).length,
      total: row.steps.length,
    };
  };
  return {
    async view(runId) {
      const row = await db.prisma.run.findUnique({ where: { id: runId }, include: WITH_STEPS });
      return row ? asView(row) : null;
    },
    async ofStepRun(stepRunId) {
      const row = await db.prisma.run.findFirst({ where: { steps: { some: { id: stepRunId } } }, include: WITH_STEPS });
      if (!row) return null;
      const run = asView(row);
      const step = run.steps.find((one) => one.id === stepRunId);
      return step ? { run, step } : null;
    },
    live: (kind, personId) => findOne({ kind, personId, status: { in: LIVE } }),
    ofRequest: (request) => findOne(request),
  };
}

function asStep(row: RunRow['steps'][number]): StepView {
  return {
    id: row.id,
    step: row.step,
    subject: row.subject,
    status: row.status,
    cause: row.cause,
    need: row.need as unknown as Need | null,
    attempt: row.attempt,
    failures: row.failures,
    startedAt: row.startedAt,
    dueAt: row.dueAt,
    endedAt: row.endedAt,
    before: row.before as Facts | null,
    after: row.after as Facts | null,
    evidence: row.evidence as StepView['evidence'],
    retries: row.decisions
      .filter((decision) => decision.kind === 'retry')
      .map((decision) => ({ by: decision.decidedBy, at: decision.decidedAt })),
  };
}
