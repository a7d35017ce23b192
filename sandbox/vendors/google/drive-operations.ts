// Drive, as far as counting needs it: a person's own files, and the shared drives they manage.
// @see https://developers.google.com/drive/api/guides/search-files
import type { Reply } from '../simulator.ts';
import { refuse } from './errors.ts';
import { type Operation, pageOf, type Visit } from './operation.ts';
import { DRIVE_READ, DRIVES_READ } from './scopes.ts';
import type { DriveFile } from './tenant.ts';

const drive = { service: 'drive' } as const;

export const DRIVE_OPERATIONS: readonly Operation[] = [
  {
    ...drive,
    name: 'drive.files.list',
    method: 'GET',
    path: '/drive/v3/files',
    scopes: DRIVE_READ,
    query: [
      'corpora',
      'driveId',
      'includeItemsFromAllDrives',
      'orderBy',
      'pageSize',
      'pageToken',
      'q',
      'spaces',
      'supportsAllDrives',
    ],
    handle: listFiles,
  },
  {
    ...drive,
    name: 'drive.drives.list',
    method: 'GET',
    path: '/drive/v3/drives',
    scopes: DRIVES_READ,
    query: ['pageSize', 'pageToken', 'q', 'useDomainAdminAccess'],
    handle: (visit) => {
      const all = visit.tenant.sharedDrives.filter((one) => one.organizerIds.includes(visit.subject.id));
      const page = pageOf(visit, all, { name: 'pageSize', fallback: 10, most: 100 });
      if ('refusal' in page) return page.refusal;
      const { found, ...rest } = page;
      const drives = found.map(({ id, name }) => ({ kind: 'drive#drive', id, name }));
      return { status: 200, body: { kind: 'drive#driveList', drives, ...rest } };
    },
  },
];

/** Of `q` it knows owners and the bin, joined by `and`; without `q`, everything the subject owns, the bin too. */
function listFiles(visit: Visit): Reply {
  const terms = (visit.request.query.get('q') ?? '').split(/ and /i).map((one) => one.trim());
  const tests = terms.map((one) => testOf(visit, one));
  const unknown = tests.indexOf(null);
  if (unknown >= 0) {
    const location = { location: 'q', locationType: 'parameter' };
    return refuse({ status: 400, reason: 'invalid', message: 'Invalid Value', location });
  }
  const chosen = visit.tenant.files.filter((file) => tests.every((one) => one?.(file)));
  const page = pageOf(visit, chosen, { name: 'pageSize', fallback: 100, most: 1000 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  const files = found.map(({ id, name, shared, ownerId }) => ({
    kind: 'drive#file',
    id,
    name,
    mimeType: 'application/vnd.google-apps.document',
    shared,
    ownedByMe: ownerId === visit.subject.id,
  }));
  return { status: 200, body: { kind: 'drive#fileList', incompleteSearch: false, files, ...rest } };
}

function testOf({ subject }: Visit, term: string): ((file: DriveFile) => boolean) | null {
  const isOwn = (file: DriveFile): boolean => file.ownerId === subject.id;
  if (term === '' || term === "'me' in owners" || term === `'${subject.primaryEmail}' in owners`) return isOwn;
  const trashed = /^trashed\s*=\s*(true|false)$/.exec(term)?.[1];
  // Other people's files are not for the subject to see, whatever else is asked.
  return trashed === undefined ? null : (file) => isOwn(file) && String(file.trashed) === trashed;
}
