// BambooHR's dataset of employees, a thousand rows a page: who has an address, and who has left.
import { ConnectorError } from '../connector-error.ts';
import type { connectHttp } from '../http.ts';
import { DatasetPage, LeaverPage, type Status } from './schema.ts';

export interface EmployeeMatch {
  readonly id: string;
  readonly workEmail: string;
  readonly status: Status;
}

export interface Leaver {
  readonly id: string;
  readonly workEmail: string;
  /** `YYYY-MM-DD` */
  readonly endedOn: string | null;
}

/** The dataset has names of its own. @see https://documentation.bamboohr.com/reference/get-data-from-dataset-v2 */
const MATCH_FIELDS = ['eeid', 'email', 'status'] as const;
/** The most rows a page may have. */
const PAGE_SIZE = 1000;

export function createDatasetReads(http: ReturnType<typeof connectHttp>, pace: () => Promise<void>) {
  const readPage = async (number: number, size: number, filter?: string): Promise<DatasetPage> => {
    await pace();
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

    /** Work addresses of whom BambooHR has as inactive since this day (`YYYY-MM-DD`), whose last day it knows. A thousand a request. */
    listLeaversSince: async (day: string): Promise<Leaver[]> => {
      const found: Leaver[] = [];
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        await pace();
        const answer = await http.send(
          {
            operation: 'getDataFromDataset',
            kind: 'read',
            method: 'POST',
            path: '/api/v2/datasets/employee/data',
            body: {
              fields: ['eeid', 'email', 'terminationDate'],
              orderBy: 'eeid asc',
              page,
              pageSize: PAGE_SIZE,
              filter: `status in ('Inactive') and terminationDate ge '${day}'`,
            },
          },
          LeaverPage,
        );
        pages = answer.meta.totalPages;
        for (const { fields } of answer.data)
          if (fields.eeid && fields.email)
            found.push({ id: fields.eeid, workEmail: fields.email, endedOn: fields.terminationDate });
      }
      return found;
    },

    /** Of some employee; throws `unauthorized` where the key sees nobody. */
    anyRecordId: async (): Promise<string> => {
      const { data } = await readPage(1, 1);
      const id = data[0]?.fields.eeid;
      if (!id) throw unseen('no employee can be seen');
      return id;
    },
  };
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
