// BambooHR over HTTP: reads of employee records. Knows nothing of offboarding.
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { basic, connectHttp, type HttpAnswer } from '../http.ts';
import type { OnCall } from '../watch-call.ts';
import { BAMBOOHR_HOME_FIELDS, type Home, HomeRecord } from './home.ts';
import { DatasetPage, EmployeeRecord, type Status } from './schema.ts';

export type { Home } from './home.ts';

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

/** What we ask of a record. `supervisorEId` is the id of the supervisor's record; `supervisorId` is their employee number. */
export const BAMBOOHR_FIELDS = [
  'displayName',
  'employeeNumber',
  'workEmail',
  'status',
  'supervisorEId',
  'supervisor',
  'supervisorEmail',
  'country',
  'department',
  'jobTitle',
  'hireDate',
  'terminationDate',
] as const;
export type BambooHrField = (typeof BAMBOOHR_FIELDS)[number];

/** BambooHR publishes no number: ours keeps a batch of plans from being a flood, and hardly ever makes one plan wait. */
export const BAMBOOHR_PACES = { bamboohr: { intervalMs: 50, burst: 100 } } as const;

export interface Employee {
  /** Of the record: immutable and unique in the company. */
  readonly id: string;
  readonly displayName: string | null;
  /** The company's own number of a person; not the record's id. */
  readonly employeeNumber: string | null;
  readonly workEmail: string | null;
  /** Inactive: has left, or has not begun. On leave is Active. */
  readonly status: Status | null;
  readonly supervisorId: string | null;
  /** Last name first: `Njeri, Grace`. */
  readonly supervisorName: string | null;
  readonly supervisorEmail: string | null;
  /** Of the home address, as a name: `United States`. */
  readonly country: string | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly hireDate: string | null;
  /** Planned ones too: a date ahead is no exit yet. */
  readonly terminationDate: string | null;
  /** What the key may not see: null above then means unknown, not empty. */
  readonly missing: readonly BambooHrField[];
}

export interface EmployeeMatch {
  readonly id: string;
  readonly workEmail: string;
  readonly status: Status;
}

export type BambooHr = ReturnType<typeof connectBambooHr>;

/** The dataset has names of its own. @see https://documentation.bamboohr.com/reference/get-data-from-dataset-v2 */
const MATCH_FIELDS = ['eeid', 'email', 'status'] as const;
/** The most rows a page may have. */
const PAGE_SIZE = 1000;

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

  const readPage = async (number: number, size: number, filter?: string): Promise<DatasetPage> => {
    await settings.pace();
    const page = { fields: MATCH_FIELDS, orderBy: 'eeid asc', page: number, pageSize: size };
    return http.send(
      {
        operation: 'getDataFromDataset',
        kind: 'read',
        method: 'POST',
        path: '/api/v2/datasets/employee/data',
        body: filter === undefined ? page : { ...page, filter },
      },
      DatasetPage,
    );
  };

  const readRows = async (filter?: string): Promise<DatasetPage['data']> => {
    const rows: DatasetPage['data'] = [];
    let number = 0;
    let totalPages = 1;
    while (number < totalPages) {
      number += 1;
      const { data, meta } = await readPage(number, PAGE_SIZE, filter);
      rows.push(...data);
      totalPages = meta.totalPages;
    }
    return rows;
  };

  return {
    /**
     * Every record with this work address, whatever its case, inactive ones included. Empty: none that the key may see.
     * Throws `unauthorized` where addresses are hidden from the key. Reads the whole company when the filter finds nobody.
     */
    findEmployeesByEmail: async (email: string): Promise<EmployeeMatch[]> => {
      const quoted = email.replaceAll("'", "''");
      const found = matchesIn(await readRows(`status in ('Active','Inactive') and email eq '${quoted}'`), email);
      if (found.length > 0) return found;
      // Whether `eq` minds the case is not documented, and a field hidden from the key looks like an empty one.
      const everybody = await readRows();
      refuseUnseen(everybody);
      return matchesIn(everybody, email);
    },

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

    /** Where the person of this record lives; null if BambooHR has none. One request. */
    getAddress: async (id: string): Promise<Home | null> => {
      refuseOtherIds(id);
      const isIt = HomeRecord.refine((one) => one.id === id, 'is another employee');
      const record = await orNull(readFields(id, BAMBOOHR_HOME_FIELDS, true, isIt));
      return record?.home ?? null;
    },

    /** What the key can see, tried on one record of the company: its list of fields says what exists, not what we may read. */
    readableFields: async (): Promise<{ readable: readonly BambooHrField[]; missing: readonly BambooHrField[] }> => {
      const { data } = await readPage(1, 1);
      const id = data[0]?.fields.eeid;
      if (!id) throw unseen('no employee can be seen');
      const { missing } = await readRecord(id, BAMBOOHR_FIELDS, true);
      return { readable: BAMBOOHR_FIELDS.filter((field) => !missing.includes(field)), missing };
    },
  };
}

/** The record, which must be the one asked for, and which of `fields` it lacks. */
function recordWith(id: string, fields: readonly BambooHrField[]) {
  return z
    .record(z.string(), z.unknown())
    .transform((record) => ({ record, missing: fields.filter((field) => !(field in record)) }))
    .pipe(
      z.object({
        record: EmployeeRecord.refine((one) => one.id === id, 'is another employee'),
        missing: z.array(z.enum(BAMBOOHR_FIELDS)),
      }),
    );
}

/** The vendor's idea of equality may be looser than ours. */
function matchesIn(rows: DatasetPage['data'], email: string): EmployeeMatch[] {
  const same = rows.filter(({ fields }) => fields.email?.toLowerCase() === email.toLowerCase());
  return same.map(({ fields: { eeid, email: workEmail, status } }) => {
    if (!eeid || !workEmail || !status) throw unseen('the key may not see id or status');
    return { id: eeid, workEmail, status };
  });
}

/** Of a whole company somebody has each of these. */
function refuseUnseen(rows: DatasetPage['data']): void {
  const restricted = new Set(rows.flatMap((row) => row._restrictedFields ?? []));
  const missing = MATCH_FIELDS.filter((name) => restricted.has(name) || !rows.some((row) => row.fields[name]));
  if (missing.length > 0) throw unseen(`the key may not see ${missing.join(', ')} of everybody`);
}

function unseen(reason: string): ConnectorError {
  const operation = 'getDataFromDataset';
  return new ConnectorError({ kind: 'unauthorized', vendor: 'bamboohr', operation, status: 200, reason });
}

/** 0 is whoever the key belongs to, `directory` and `changed` are other things: a webhook could name them. */
function refuseOtherIds(id: string): void {
  if (/^[1-9]\d{0,18}$/.test(id)) return;
  const facts = { vendor: 'bamboohr', operation: 'getEmployee', reason: 'not the id of an employee' };
  throw new ConnectorError({ kind: 'rejected', ...facts });
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'not_found') return null;
    throw error;
  }
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
