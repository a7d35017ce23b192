// The fields of BambooHR's answers that we use, checked at the border. Shapes: its published OpenAPI document, and its field list.
import { z } from 'zod';

/** Ids are strings in one place and numbers in another. */
export const Id = z.union([z.string(), z.number()]).transform(String);
/** Empty is null, '' or blank. */
export const Text = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);
/** `YYYY-MM-DD`; an empty date is null, '' or `0000-00-00`. */
const Day = z
  .union([z.literal('0000-00-00'), z.literal(''), z.iso.date()])
  .nullish()
  .transform((day) => (day === '' || day === '0000-00-00' ? null : (day ?? null)));

export const Status = z.enum(['Active', 'Inactive']);
export type Status = z.infer<typeof Status>;

/** `GET /employees/{id}`: what the key may not see is absent without a word. */
export const EmployeeRecord = z.object({
  id: Id,
  displayName: Text,
  employeeNumber: Text,
  workEmail: Text,
  status: Status.nullish().transform((status) => status ?? null),
  supervisorEId: Id.nullish().transform((id) => id || null),
  supervisor: Text,
  supervisorEmail: Text,
  country: Text,
  department: Text,
  jobTitle: Text,
  hireDate: Day,
  terminationDate: Day,
});
export type EmployeeRecord = z.infer<typeof EmployeeRecord>;

/** `GET /employees/changed`: the last change of each employee; an empty object may be written as an empty list. */
export const ChangedEmployees = z.object({
  latest: z.string().min(1),
  employees: z.union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))]),
});

/** The same for who has left. */
export const LeaverPage = z.object({
  data: z.array(z.object({ fields: z.object({ eeid: Id.nullish(), email: Text, terminationDate: Day }) })),
  meta: z.object({ totalPages: z.number() }),
});
export type LeaverPage = z.infer<typeof LeaverPage>;

/** `POST /datasets/employee/data`: hidden values are empty, and their names may be told. */
export const DatasetPage = z.object({
  data: z.array(
    z.object({
      fields: z.object({ eeid: Id.nullish(), email: Text, status: Status.nullish() }),
      _restrictedFields: z.array(z.string()).nullish(),
    }),
  ),
  meta: z.object({ totalPages: z.number() }),
});
export type DatasetPage = z.infer<typeof DatasetPage>;
