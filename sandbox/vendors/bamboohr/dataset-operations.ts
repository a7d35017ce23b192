// BambooHR's employee dataset: its fields, and rows of it by filter and page.
import { randomUUID } from 'node:crypto';
import type { Reply } from '../simulator.ts';
import { problem } from './errors.ts';
import { FIELDS, type Field } from './fields.ts';
import { type Filter, parseFilter, type Row } from './filter.ts';
import { isHidden, type Operation, type Visit, visibleEmployees } from './operation.ts';

const MOST_ROWS = 1000;
const FALLBACK_ROWS = 100;
const DATASET_FIELDS = FIELDS.filter((one) => one.dataset !== null);

export const DATASET_OPERATIONS: readonly Operation[] = [
  {
    name: 'getFieldsFromDataset',
    method: 'GET',
    path: '/api/v1_2/datasets/{datasetName}/fields',
    speaksXml: false,
    handle: (visit) => withRequestId(listFields(visit)),
  },
  {
    name: 'getDataFromDataset',
    method: 'POST',
    path: '/api/v2/datasets/{datasetName}/data',
    speaksXml: false,
    handle: (visit) => withRequestId(getData(visit)),
  },
];

interface Query {
  readonly fields: readonly string[];
  readonly filter?: string | null;
  readonly orderBy?: string | null;
  readonly page?: number;
  readonly pageSize?: number;
}

function listFields({ request }: Visit): Reply {
  if (request.params.datasetName !== 'employee') return problem(422, 'DATASET_NOT_FOUND', 'No such dataset');
  const fields = DATASET_FIELDS.map(({ dataset, name }) => ({
    name: dataset,
    label: name,
    parentType: 'page',
    parentName: 'Personal',
    entityName: 'personal',
  }));
  return { status: 200, body: { name: 'employee', label: 'Employee', fields } };
}

function getData(visit: Visit): Reply {
  if (visit.request.params.datasetName !== 'employee') return problem(404, 'DATASET_NOT_FOUND', 'No such dataset');
  const query = readQuery(visit.request.body);
  if (typeof query === 'string') return problem(400, 'UE-1001', query);
  const { page = 1, pageSize = FALLBACK_ROWS } = query;
  if (!isWithin(page, Number.MAX_SAFE_INTEGER) || !isWithin(pageSize, MOST_ROWS)) {
    return problem(422, 'INVALID_PAGINATION', 'page and pageSize must be positive, pageSize at most 1000');
  }
  const filter = query.filter ? parseFilter(query.filter) : EVERYBODY;
  if (!filter) return problem(422, 'INVALID_FILTER', `The filter cannot be read: ${query.filter}`);
  const asked = [...query.fields, ...filter.fields];
  const unknown = asked.filter((name) => !DATASET_FIELDS.some((one) => one.dataset === name));
  if (unknown.length > 0) return problem(400, 'UE-1001', `Unknown fields: ${unknown.join(', ')}`);
  const hidden = DATASET_FIELDS.filter((one) => isHidden(visit, one)).flatMap((one) => one.dataset ?? []);
  const { hiddenInDatasets } = visit.bamboohr;
  if (hiddenInDatasets === 'refuse' && asked.some((name) => hidden.includes(name))) {
    return problem(403, 'FIELD_ACCESS_DENIED', 'You do not have access to all requested fields');
  }
  const rows = visibleEmployees(visit).map((employee): Row => {
    const view = { company: visit.company, employee, onlyCurrent: true };
    return Object.fromEntries(DATASET_FIELDS.map((one) => [one.dataset, hiddenOr(hidden, one, () => one.value(view))]));
  });
  const found = sorted(
    rows.filter((row) => filter.matches(row)),
    query.orderBy ?? '',
  );
  const totalPages = Math.ceil(found.length / pageSize);
  const restricted = query.fields.filter((name) => hidden.includes(name));
  const data = found.slice((page - 1) * pageSize, page * pageSize).map((row) => ({
    fields: Object.fromEntries(query.fields.map((name) => [name, row[name] ?? null])),
    ...(hiddenInDatasets === 'mark' && restricted.length > 0 && { _restrictedFields: restricted }),
  }));
  const link = (to: number): string => `/api/v2/datasets/employee/data?page=${to}`;
  const links = { ...(page < totalPages && { next: link(page + 1) }), ...(page > 1 && { prev: link(page - 1) }) };
  return { status: 200, body: { data, links, meta: { page, pageSize, totalPages, totalItems: found.length } } };
}

const EVERYBODY: Filter = { fields: [], matches: () => true };

/** What is wrong with the body, in words, or the query. */
function readQuery(body: unknown): Query | string {
  const query = (body ?? {}) as Partial<Query>;
  if (!Array.isArray(query.fields) || query.fields.length === 0) return 'fields must be a list of names';
  const rules = (query.orderBy ?? '').split(',').filter(Boolean);
  const foreign = rules.find((rule) => !query.fields?.includes(rule.trim().split(' ')[0] ?? ''));
  return foreign === undefined ? (query as Query) : `orderBy ${foreign} is not among the fields`;
}

/** By the first rule; without one the order is nobody's promise. */
function sorted(rows: readonly Row[], orderBy: string): readonly Row[] {
  const [name = '', direction] = (orderBy.split(',')[0] ?? '').trim().split(' ');
  const ascending = rows.toSorted((a, b) => (a[name] ?? '').localeCompare(b[name] ?? '', 'en', { numeric: true }));
  if (name === '') return rows;
  return direction === 'desc' ? ascending.toReversed() : ascending;
}

function hiddenOr(hidden: readonly string[], field: Field, value: () => string | null): string | null {
  return hidden.includes(field.dataset ?? '') ? null : value();
}

function isWithin(number: unknown, most: number): boolean {
  return Number.isInteger(number) && Number(number) >= 1 && Number(number) <= most;
}

function withRequestId(reply: Reply): Reply {
  return { ...reply, headers: { 'x-request-id': randomUUID(), ...reply.headers } };
}
