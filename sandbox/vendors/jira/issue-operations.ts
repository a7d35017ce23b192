// Creating and reading issues, their properties, their transitions and the links between them.
import { nowOf } from '../clock.ts';
import type { Reply } from '../simulator.ts';
import { refuse, refuseFields, unauthenticated } from './errors.ts';
import { checkFields, checkProperties, complainOfProperty } from './issue-fields.ts';
import { listParameter, type Operation, type Visit, withIssue, writeIssue } from './operation.ts';
import { renderIssue, renderStatus } from './render.ts';
import { findIssue, type Issue, LINK_TYPES, nextId, nextKey, STATUSES, TRANSITIONS } from './site.ts';

export const ISSUE_OPERATIONS: readonly Operation[] = [
  { name: 'createIssue', method: 'POST', path: '/rest/api/3/issue', write: true, handle: createIssue },
  {
    name: 'getIssue',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}',
    write: false,
    handle: (visit) =>
      withIssue(visit, (issue) => {
        const fields = listParameter(visit.request, 'fields');
        const properties = listParameter(visit.request, 'properties') ?? [];
        return { status: 200, body: renderIssue(visit.jira, issue, { fields, properties }) };
      }),
  },
  {
    name: 'getIssuePropertyKeys',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}/properties',
    write: false,
    handle: (visit) =>
      withIssue(visit, (issue) => {
        const self = `${visit.jira.baseUrl}/rest/api/3/issue/${issue.id}/properties`;
        const keys = Object.keys(issue.properties).map((key) => ({ self: `${self}/${encodeURIComponent(key)}`, key }));
        return { status: 200, body: { keys } };
      }),
  },
  {
    name: 'getIssueProperty',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}',
    write: false,
    handle: (visit) =>
      withIssue(visit, (issue) => {
        const { propertyKey: key = '' } = visit.request.params;
        if (!Object.hasOwn(issue.properties, key)) return refuse(404, `The property ${key} does not exist.`);
        return { status: 200, body: { key, value: issue.properties[key] } };
      }),
  },
  {
    name: 'setIssueProperty',
    method: 'PUT',
    path: '/rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}',
    write: true,
    handle: (visit) => withIssue(visit, (issue) => setProperty(visit, issue)),
  },
  {
    name: 'getTransitions',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}/transitions',
    write: false,
    handle: (visit) =>
      withIssue(visit, (issue) => {
        const transitions = offered(visit, issue).map(({ id, name, to }) => ({
          id,
          name,
          to: renderStatus(visit.jira, to),
          hasScreen: false,
          isGlobal: false,
          isInitial: false,
          isAvailable: true,
          isConditional: false,
        }));
        return { status: 200, body: { expand: 'transitions', transitions } };
      }),
  },
  {
    name: 'doTransition',
    method: 'POST',
    path: '/rest/api/3/issue/{issueIdOrKey}/transitions',
    write: true,
    handle: (visit) => withIssue(visit, (issue) => doTransition(visit, issue)),
  },
  { name: 'linkIssues', method: 'POST', path: '/rest/api/3/issueLink', write: true, handle: linkIssues },
];

function createIssue(visit: Visit): Reply {
  const { jira, site, body } = visit;
  if (!visit.isKnown) return unauthenticated();
  const fields = typeof body.fields === 'object' && body.fields !== null ? body.fields : {};
  const checked = checkFields(visit, fields as Record<string, unknown>);
  if ('errors' in checked) return refuseFields(checked.errors);
  if (!visit.may('CREATE_ISSUES')) return refuse(403, 'You do not have permission to create issues in this project.');
  const properties = checkProperties(body.properties);
  if (typeof properties === 'string') return refuse(400, properties);
  const { project, type, parent, ...rest } = checked;
  const at = nowOf(site).toISOString();
  const id = nextId(site);
  const issue: Issue = {
    id,
    key: nextKey(site, project.key),
    formerKeys: [],
    projectKey: project.key,
    typeId: type.id,
    ...rest,
    statusId: STATUSES[0]?.id ?? '',
    parentId: parent?.id ?? null,
    properties,
    comments: [],
    createdAt: at,
    updatedAt: at,
  };
  site.issues.set(id, issue);
  jira.index.changed(id, issue);
  return { status: 201, body: { id, key: issue.key, self: `${jira.baseUrl}/rest/api/3/issue/${id}` } };
}

function setProperty(visit: Visit, issue: Issue): Reply {
  const { propertyKey: key = '' } = visit.request.params;
  return writeIssue(visit, issue, {
    permission: 'EDIT_ISSUES',
    refusal: refuse(403, 'You do not have permission to edit issues in this project.'),
    apply: () => {
      const complaint = complainOfProperty(visit.request.body);
      if (complaint) return refuse(400, complaint);
      const isNew = !Object.hasOwn(issue.properties, key);
      issue.properties[key] = visit.request.body;
      return { status: isNew ? 201 : 200 };
    },
  });
}

/** Without the permission Jira lists none. */
function offered(visit: Visit, issue: Issue): typeof TRANSITIONS {
  const { transitions } = visit.site.taken;
  const known = TRANSITIONS.filter((one) => one.from === issue.statusId && !transitions.includes(one.id));
  return visit.may('TRANSITION_ISSUES') ? known : [];
}

function doTransition(visit: Visit, issue: Issue): Reply {
  return writeIssue(visit, issue, {
    permission: 'TRANSITION_ISSUES',
    refusal: refuse(400, 'You do not have permission to transition this issue.'),
    apply: () => {
      const { id } = (visit.body.transition ?? {}) as { id?: unknown };
      if (typeof id !== 'string') return refuse(400, "Missing 'transition' identifier");
      const found = offered(visit, issue).find((one) => one.id === id);
      if (!found) return refuse(400, `Transition id '${id}' is not valid for this issue.`);
      issue.statusId = found.to;
      return { status: 204 };
    },
  });
}

/** The same link again is answered like the first, and made once. */
function linkIssues(visit: Visit): Reply {
  const { site, body } = visit;
  const given = (name: string, key: string): string => {
    const value = (body[name] ?? {}) as Record<string, unknown>;
    return typeof value[key] === 'string' ? value[key] : '';
  };
  const at = (name: string): Issue | null => findIssue(site, given(name, 'key') || given(name, 'id'));
  const inward = at('inwardIssue');
  const outward = at('outwardIssue');
  if (!inward || !outward || !visit.may('BROWSE_PROJECTS')) {
    return refuse(404, 'Issue does not exist or you do not have permission to see it.');
  }
  const asked = given('type', 'name') || given('type', 'id');
  const type = LINK_TYPES.find((one) => one.name === asked || one.id === asked);
  if (!type) return refuse(404, `No issue link type with name '${asked}' found.`);
  return writeIssue(visit, outward, {
    permission: 'LINK_ISSUES',
    refusal: refuse(404, `No Link Issue Permission for issue '${outward.key}'.`),
    apply: () => {
      const link = { typeName: type.name, inwardId: inward.id, outwardId: outward.id };
      const isThere = site.links.some(
        (one) => one.inwardId === inward.id && one.outwardId === outward.id && one.typeName === type.name,
      );
      if (!isThere) site.links.push({ id: nextId(site), ...link });
      return { status: 201 };
    },
  });
}
