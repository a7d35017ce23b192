// The caller, what they may do, and what a project offers for creating issues.

import type { Reply } from '../simulator.ts';
import { projectNotFound, refuse, unauthenticated } from './errors.ts';
import { listParameter, type Operation, type Permission, pageOf, type Visit } from './operation.ts';
import { renderAccount, renderProject, renderStatus, renderType } from './render.ts';
import { LINK_TYPES, openProject, type Project, STATUSES, typesOf } from './site.ts';

export const PERMISSIONS: Readonly<Record<Permission, { readonly id: string; readonly name: string }>> = {
  BROWSE_PROJECTS: { id: '10', name: 'Browse Projects' },
  CREATE_ISSUES: { id: '11', name: 'Create Issues' },
  EDIT_ISSUES: { id: '12', name: 'Edit Issues' },
  ADD_COMMENTS: { id: '15', name: 'Add Comments' },
  TRANSITION_ISSUES: { id: '46', name: 'Transition Issues' },
  LINK_ISSUES: { id: '21', name: 'Link Issues' },
};

export const PROJECT_OPERATIONS: readonly Operation[] = [
  {
    name: 'getCurrentUser',
    method: 'GET',
    path: '/rest/api/3/myself',
    write: false,
    handle: ({ jira, isKnown }) => (isKnown ? { status: 200, body: renderAccount(jira) } : unauthenticated()),
  },
  { name: 'getMyPermissions', method: 'GET', path: '/rest/api/3/mypermissions', write: false, handle: myPermissions },
  {
    name: 'getProject',
    method: 'GET',
    path: '/rest/api/3/project/{projectIdOrKey}',
    write: false,
    handle: (visit) =>
      withProject(visit, 404, (project) => {
        const issueTypes = typesOf(visit.site).map((one) => renderType(visit.jira, one));
        return {
          status: 200,
          body: { ...renderProject(visit.jira, project), style: 'classic', isPrivate: false, issueTypes },
        };
      }),
  },
  {
    name: 'getCreateIssueMetaIssueTypes',
    method: 'GET',
    path: '/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes',
    write: false,
    handle: (visit) =>
      withProject(visit, 400, () => {
        const types = visit.may('CREATE_ISSUES') ? typesOf(visit.site) : [];
        const { found, ...page } = pageOf(visit.request, types, { fallback: 50, most: 200 });
        return { status: 200, body: { ...page, issueTypes: found.map((one) => renderType(visit.jira, one)) } };
      }),
  },
  {
    name: 'getCreateIssueMetaIssueTypeId',
    method: 'GET',
    path: '/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}',
    write: false,
    handle: (visit) =>
      withProject(visit, 400, () => {
        const type = typesOf(visit.site).find((one) => one.id === visit.request.params.issueTypeId);
        if (!type || !visit.may('CREATE_ISSUES')) return refuse(400, 'The issue type is not valid for this project.');
        const extra = Object.entries(visit.site.required).map(([id, name]) => ({ id, name, type: 'string' }));
        const fields = [...FIELDS, ...extra]
          .filter((one) => one.id !== 'parent' || type.subtask)
          .map((one) => ({
            required: ['project', 'issuetype', 'summary', 'parent', ...Object.keys(visit.site.required)].includes(
              one.id,
            ),
            schema: { type: one.type, system: one.id },
            name: one.name,
            key: one.id,
            fieldId: one.id,
            hasDefaultValue: false,
            operations: ['set'],
          }));
        const { found, ...page } = pageOf(visit.request, fields, { fallback: 50, most: 200 });
        return { status: 200, body: { ...page, fields: found } };
      }),
  },
  {
    name: 'getAllStatuses',
    method: 'GET',
    path: '/rest/api/3/project/{projectIdOrKey}/statuses',
    write: false,
    handle: (visit) =>
      withProject(visit, 404, () => ({
        status: 200,
        body: typesOf(visit.site).map(({ id, name, subtask }) => ({
          self: `${visit.jira.baseUrl}/rest/api/3/issuetype/${id}`,
          id,
          name,
          subtask,
          statuses: STATUSES.map((one) => renderStatus(visit.jira, one.id)),
        })),
      })),
  },
  {
    name: 'getIssueLinkTypes',
    method: 'GET',
    path: '/rest/api/3/issueLinkType',
    write: false,
    handle: ({ jira }) => {
      const self = `${jira.baseUrl}/rest/api/3/issueLinkType`;
      return {
        status: 200,
        body: { issueLinkTypes: LINK_TYPES.map((one) => ({ ...one, self: `${self}/${one.id}` })) },
      };
    },
  },
];

const FIELDS = [
  { id: 'summary', name: 'Summary', type: 'string' },
  { id: 'issuetype', name: 'Issue Type', type: 'issuetype' },
  { id: 'project', name: 'Project', type: 'project' },
  { id: 'description', name: 'Description', type: 'string' },
  { id: 'labels', name: 'Labels', type: 'array' },
  { id: 'parent', name: 'Parent', type: 'issuelink' },
];

function withProject(visit: Visit, otherwise: 400 | 404, use: (project: Project) => Reply): Reply {
  const asked = visit.request.params.projectIdOrKey ?? '';
  const project = openProject(visit.site, asked);
  return project && visit.may('BROWSE_PROJECTS') ? use(project) : projectNotFound(asked, otherwise);
}

/** Answers a stranger too: with nothing but false. */
function myPermissions(visit: Visit): Reply {
  const asked = listParameter(visit.request, 'permissions');
  if (!asked) return refuse(400, "The 'permissions' query parameter is required.");
  const unknown = asked.filter((one) => !Object.hasOwn(PERMISSIONS, one));
  if (unknown.length > 0) return refuse(400, `Unrecognized permissions: ${unknown.join(', ')}`);
  const projectKey = visit.request.query.get('projectKey');
  if (projectKey !== null && (!openProject(visit.site, projectKey) || !visit.may('BROWSE_PROJECTS')))
    return projectNotFound(projectKey);
  const permissions = Object.fromEntries(
    (asked as Permission[]).map((key) => [
      key,
      { ...PERMISSIONS[key], key, type: 'PROJECT', havePermission: visit.may(key) },
    ]),
  );
  return { status: 200, body: { permissions } };
}
