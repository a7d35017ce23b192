// BambooHR over HTTP: reads of employee records. Knows nothing of offboarding.
import { z } from 'zod';
import { orNull } from '../connector-error.ts';
import { basic, connectHttp, type HttpAnswer } from '../http.ts';
import type { OnCall } from '../watch-call.ts';
import { createDatasetReads } from './dataset.ts';
import {
  BAMBOOHR_FIELDS,
  type BambooHrField,
  type Employee,
  isRecordId,
  recordWith,
  refuseOtherIds,
} from './employee.ts';
import { BAMBOOHR_HOME_FIELDS, type Home, HomeRecord } from './home.ts';
import { ChangedEmployees } from './schema.ts';

export interface BambooHrSettings {
  /** `https://<company>.bamboohr.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** One deadline for each request, in ms. */
  readonly deadlineMs: number;
  /** Waits before each request; BambooHR publishes no number. */
  pace(): Promise<void>;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says BambooHR's time. */
  onHeaders?(headers: Headers): void;
}

/** BambooHR publishes no number: ours keeps a batch of plans from being a flood, and hardly ever makes one plan wait. */
export const BAMBOOHR_PACES = { bamboohr: { intervalMs: 50, burst: 100 } } as const;

export type BambooHr = ReturnType<typeof connectBambooHr>;

export function connectBambooHr(settings: BambooHrSettings) {
  const http = connectHttp({
    vendor: 'bamboohr',
    url: settings.url,
    authorization: () => basic(settings.apiKey, 'x'),
    deadlineMs: settings.deadlineMs,
    explain,
    ...(settings.onCall && { onCall: settings.onCall }),
    onHeaders: (headers) => settings.onHeaders?.(headers),
    // 503 with Retry-After was its rate limit until 2026-09-16; without one it is an outage.
    isRateLimit: ({ status, headers }) => status === 429 || (status === 503 && headers.has('retry-after')),
  });

  const readFields = async <T>(
    id: string,
    fields: readonly string[],
    onlyCurrent: boolean,
    schema: z.ZodType<T>,
  ): Promise<T> => {
    await settings.pace();
    return http.send(
      {
        operation: 'getEmployee',
        subject: id,
        kind: 'read',
        method: 'GET',
        path: `/api/v1/employees/${id}`,
        query: { fields: fields.join(','), onlyCurrent: String(onlyCurrent) },
      },
      schema,
    );
  };
  const readRecord = (id: string, fields: readonly BambooHrField[], onlyCurrent: boolean) =>
    readFields(id, fields, onlyCurrent, recordWith(id, fields));

  const dataset = createDatasetReads(http, () => settings.pace());

  return {
    findEmployeesByEmail: dataset.findEmployeesByEmail,

    /** The record with this id; null if BambooHR has none. Two requests: what is true today, and the planned end. */
    getEmployee: async (id: string): Promise<Employee | null> => {
      refuseOtherIds(id);
      const current = await orNull(readRecord(id, BAMBOOHR_FIELDS, true));
      if (current === null) return null;
      const planned = await orNull(readRecord(id, ['terminationDate'], false));
      if (planned === null) return null; // deleted in between
      const { supervisorEId, supervisor, ...record } = current.record;
      return {
        ...record,
        terminationDate: planned.record.terminationDate,
        supervisorId: supervisorEId,
        supervisorName: supervisor,
        missing: current.missing,
      };
    },

    /**
     * Ids of records that changed after `since`, deleted ones too, and where to go on. `since` is an earlier `latest`; null: from
     * the beginning of the account, which answers with everybody once.
     * @see https://documentation.bamboohr.com/reference/get-changed-employee-ids
     */
    listChanged: async (since: string | null): Promise<{ latest: string; ids: readonly string[] }> => {
      await settings.pace();
      const { latest, employees } = await http.send(
        {
          operation: 'getChangedEmployeeIds',
          kind: 'read',
          method: 'GET',
          path: '/api/v1/employees/changed',
          query: { since: since ?? '1970-01-01T00:00:00Z' },
        },
        ChangedEmployees,
      );
      return { latest, ids: Object.keys(employees).filter(isRecordId) };
    },

    listLeaversSince: dataset.listLeaversSince,

    /** Where the person of this record lives; null if BambooHR has none. One request. */
    getAddress: async (id: string): Promise<Home | null> => {
      refuseOtherIds(id);
      const isIt = HomeRecord.refine((one) => one.id === id, 'is another employee');
      const record = await orNull(readFields(id, BAMBOOHR_HOME_FIELDS, true, isIt));
      return record?.home ?? null;
    },

    /** What the key can see, tried on one record of the company: its list of fields says what exists, not what we may read. */
    readableFields: async (): Promise<{ readable: readonly BambooHrField[]; missing: readonly BambooHrField[] }> => {
      const id = await dataset.anyRecordId();
      const { missing } = await readRecord(id, BAMBOOHR_FIELDS, true);
      return { readable: BAMBOOHR_FIELDS.filter((field) => !missing.includes(field)), missing };
    },
  };
}

const Problem = z.object({ detail: z.string().nullish(), title: z.string().nullish(), code: z.string().nullish() });

/** A header with an empty body, or an RFC 7807 problem. */
function explain({ headers, body }: HttpAnswer): { reason: string; code?: string } | null {
  const message = headers.get('x-bamboohr-error-message');
  if (message) return { reason: message };
  const { data } = Problem.safeParse(body);
  const reason = data?.detail ?? data?.title;
  return reason ? { reason, ...(data?.code ? { code: data.code } : {}) } : null;
}
