// Our own rows, each store opened once for everybody who reads or writes them.
import { createAppOwnerStore } from '../store/app-owners.ts';
import { createAuditStore } from '../store/audit.ts';
import { createBatchStore } from '../store/batches.ts';
import { createBreakerStore } from '../store/breaker.ts';
import type { Database } from '../store/client.ts';
import { createDeviceRunStore } from '../store/device-runs.ts';
import { createHandoverStore } from '../store/handover.ts';
import { createHistoryStore } from '../store/history.ts';
import { createInboundStore } from '../store/inbound.ts';
import { type Instance, LEASE_MS } from '../store/instance.ts';
import { createKnockStore } from '../store/knocks.ts';
import { createReportStore } from '../store/reports.ts';
import { createRevealStore } from '../store/reveals.ts';
import { createSecretStore } from '../store/secrets.ts';
import { createStartStore } from '../store/starts.ts';
import { createEngineStore } from '../store/steps.ts';
import { createSweepStore } from '../store/sweep.ts';
import { createUndoneStore } from '../store/undone.ts';
import { CALL_DEADLINE_MS } from '../workflow/attempt-state.ts';
import type { Config } from './config.ts';

export type Stores = ReturnType<typeof openStores>;

export function openStores(db: Database, instance: Instance, { secretKeys }: Pick<Config, 'secretKeys'>) {
  return {
    engine: createEngineStore(db, instance, { leaseMs: LEASE_MS, callDeadlineMs: CALL_DEADLINE_MS }),
    starts: createStartStore(db, instance, { callDeadlineMs: CALL_DEADLINE_MS }),
    secrets: createSecretStore(db, secretKeys ?? new Map()),
    inbound: createInboundStore(db, instance),
    knocks: createKnockStore(db),
    breaker: createBreakerStore(db),
    batches: createBatchStore(db),
    appOwners: createAppOwnerStore(db),
    deviceRuns: createDeviceRunStore(db),
    reveals: createRevealStore(db),
    undone: createUndoneStore(db),
    handover: createHandoverStore(db),
    history: createHistoryStore(db),
    sweepRows: createSweepStore(db),
    audit: createAuditStore(db),
    reports: createReportStore(db, instance, 'slack'),
    ticketReports: createReportStore(db, instance, 'jira'),
  };
}
