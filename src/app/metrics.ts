// What the service tells Prometheus. No label carries a name, an address or an id, and every label has few values.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CallReport, OnCall } from '../connectors/watch-call.ts';
import type { Figures, ReadFigures } from '../store/figures.ts';
import type { RunnerDeps } from '../workflow/runner.ts';
import type { RefusedBecause } from './http.ts';

/** However many scrape: the rows are counted once in this time. */
const FIGURES_KEPT_MS = 5_000;
/** Up to the deadline of a call, 8 s. */
const CALL_BUCKETS_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 10];

export interface Metrics {
  readonly onCall: OnCall;
  readonly onAttempt: NonNullable<RunnerDeps['onAttempt']>;
  onRefused(because: RefusedBecause): void;
  onWebhook(vendor: string, end: string): void;
  onSocket(isOpen: boolean): void;
  /** From now on figures are read here, at most once in 5 s. */
  watch(read: ReadFigures, now: () => Date): void;
  readonly contentType: string;
  text(): Promise<string>;
}

export function createMetrics(options: { ofProcess?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.ofProcess) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const calls = new Counter({
    name: 'sendoff_vendor_calls_total',
    help: 'Calls to vendors by how they ended',
    labelNames: ['vendor', 'operation', 'kind', 'outcome'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'sendoff_vendor_call_seconds',
    help: 'Calls to vendors, without the time waited for their published rate',
    labelNames: ['vendor', 'operation', 'kind'],
    buckets: CALL_BUCKETS_SECONDS,
    registers,
  });
  const attempts = new Counter({
    name: 'sendoff_step_attempts_total',
    help: 'Attempts at steps by how they ended; replaced: another process had taken over',
    labelNames: ['step', 'outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'sendoff_slack_requests_refused_total',
    help: 'Requests to /slack/events that were not from Slack, or too late',
    labelNames: ['reason'],
    registers,
  });
  const webhooks = new Counter({
    name: 'sendoff_webhook_requests_total',
    help: 'Requests to the doors of vendors’ webhooks by how they ended',
    labelNames: ['vendor', 'outcome'],
    registers,
  });
  const drawFigures = figureGauges(registers);
  const known = new Gauge({ name: 'sendoff_database_up', help: '1 if the figures could be read', registers });
  let socket: Gauge | null = null;

  let latest: Promise<Figures | null> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let readFigures: () => Promise<Figures | null> = async () => null;
  return {
    onCall({ vendor, operation, kind, outcome, tookMs }: CallReport) {
      calls.inc({ vendor, operation, kind, outcome });
      callSeconds.observe({ vendor, operation, kind }, tookMs / 1000);
    },
    onAttempt: (step, end) => attempts.inc({ step, outcome: OUTCOMES[end] }),
    onRefused: (reason) => refused.inc({ reason }),
    onWebhook: (vendor, outcome) => webhooks.inc({ vendor, outcome }),
    onSocket(isOpen) {
      socket ??= new Gauge({ name: 'sendoff_slack_socket_up', help: '1 while Slack’s socket is open', registers });
      socket.set(isOpen ? 1 : 0);
    },
    watch(read, now) {
      readFigures = () => read(now()).catch(() => null);
    },
    contentType: registry.contentType,
    async text() {
      if (latest === null || performance.now() - readAt > FIGURES_KEPT_MS) {
        readAt = performance.now();
        latest = readFigures();
      }
      const figures = await latest;
      known.set(figures === null ? 0 : 1);
      drawFigures(figures);
      return registry.metrics();
    },
  };
}

/** As an operator would say it. */
const OUTCOMES: Readonly<Record<Parameters<Metrics['onAttempt']>[1], string>> = {
  attest: 'attested',
  satisfy: 'done',
  pass: 'skipped',
  wait: 'waiting',
  ask: 'needs_human',
  stop: 'cancelled',
  replaced: 'replaced',
};

/** Null: what is not known is not told, rather than told as it was. */
function figureGauges(registers: Registry[]): (figures: Figures | null) => void {
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
    new Gauge<L>({ name, help, labelNames, registers });
  const runs = gauge('sendoff_runs', 'Runs by kind and status', ['kind', 'status']);
  const steps = gauge('sendoff_steps', 'Steps of live runs that have not ended, by status', ['status']);
  const queueAge = gauge('sendoff_queue_age_seconds', 'Oldest ready step that waits for its first attempt');
  const revoked = gauge('sendoff_time_to_revoke_seconds', 'Request to revoked access, newest 1,000 runs of 7 days', [
    'quantile',
  ]);
  const revokedRuns = gauge('sendoff_time_to_revoke_runs', 'Runs that sendoff_time_to_revoke_seconds speaks of');
  const unrevoked = gauge('sendoff_unrevoked_age_seconds', 'Oldest live offboarding whose access is not revoked yet');
  const late = gauge('sendoff_pictures_late', 'Messages in Slack that do not show the latest state yet');
  const lateSeconds = gauge('sendoff_pictures_late_seconds', 'How long the oldest of them has been wrong');
  const all = [runs, steps, queueAge, revoked, revokedRuns, unrevoked, late, lateSeconds];
  return (figures) => {
    for (const one of all) {
      one.reset();
      one.remove({}); // one without labels would be told as 0
    }
    if (figures === null) return;
    for (const { kind, status, count } of figures.runs) runs.set({ kind, status }, count);
    for (const { status, count } of figures.steps) steps.set({ status }, count);
    queueAge.set(figures.queueAgeMs / 1000);
    if (figures.revoked.p50Ms !== null) revoked.set({ quantile: '0.5' }, figures.revoked.p50Ms / 1000);
    if (figures.revoked.p99Ms !== null) revoked.set({ quantile: '0.99' }, figures.revoked.p99Ms / 1000);
    revokedRuns.set(figures.revoked.runs);
    unrevoked.set(figures.unrevokedMs / 1000);
    late.set(figures.latePictures.count);
    lateSeconds.set(figures.latePictures.oldestMs / 1000);
  };
}
