// One employee's record: what is asked of it, and that it is the one that was asked for.
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { EmployeeRecord, type Status } from './schema.ts';

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

/** The record, which must be the one asked for, and which of `fields` it lacks. */
export function recordWith(id: string, fields: readonly BambooHrField[]) {
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

/** 0 is whoever the key belongs to, `directory` and `changed` are other things: a webhook could name them. */
export function refuseOtherIds(id: string): void {
  if (isRecordId(id)) return;
  const facts = { vendor: 'bamboohr', operation: 'getEmployee', reason: 'not the id of an employee' };
  throw new ConnectorError({ kind: 'rejected', ...facts });
}

export function isRecordId(id: string): boolean {
  return /^[1-9]\d{0,18}$/.test(id);
}
