// How Jira writes its objects as JSON: issues with the fields asked for, statuses, comments, people.
import type { Jira } from './operation.ts';
import {
  type Comment,
  findProject,
  type Issue,
  type IssueType,
  LINK_TYPES,
  type Project,
  statusOf,
  typeOf,
} from './site.ts';

type Json = Record<string, unknown>;

/** Jira's instants carry an offset, without a colon. */
export function instant(iso: string): string {
  return iso.replace('Z', '+0000');
}

export function renderAccount({ account, baseUrl }: Jira): Json {
  return {
    self: `${baseUrl}/rest/api/3/user?accountId=${encodeURIComponent(account.accountId)}`,
    accountId: account.accountId,
    accountType: 'atlassian',
    emailAddress: account.email,
    displayName: account.displayName,
    active: true,
    timeZone: 'Etc/UTC',
  };
}

export function renderStatus({ baseUrl }: Jira, id: string): Json {
  const { name, category } = statusOf(id);
  const self = `${baseUrl}/rest/api/3/statuscategory/${category.id}`;
  return {
    self: `${baseUrl}/rest/api/3/status/${id}`,
    id,
    name,
    iconUrl: `${baseUrl}/images/icons/statuses/generic.png`,
    statusCategory: { self, ...category, colorName: category.key === 'done' ? 'green' : 'blue-gray' },
  };
}

export function renderType({ baseUrl }: Jira, { id, name, subtask }: IssueType): Json {
  return { self: `${baseUrl}/rest/api/3/issuetype/${id}`, id, name, subtask, hierarchyLevel: subtask ? -1 : 0 };
}

export function renderProject({ baseUrl }: Jira, { id, key, name }: Project): Json {
  return { self: `${baseUrl}/rest/api/3/project/${id}`, id, key, name, projectTypeKey: 'software', simplified: false };
}

export function renderComment(jira: Jira, issue: Issue, comment: Comment, withProperties: boolean): Json {
  const properties = Object.entries(comment.properties).map(([key, value]) => ({ key, value }));
  return {
    self: `${jira.baseUrl}/rest/api/3/issue/${issue.id}/comment/${comment.id}`,
    id: comment.id,
    author: renderAccount(jira),
    body: comment.body,
    updateAuthor: renderAccount(jira),
    created: instant(comment.createdAt),
    updated: instant(comment.createdAt),
    jsdPublic: true,
    ...(withProperties && { properties }),
  };
}

/** `fields` null or `*all`, `*navigable`: everything. Unknown names are left out without a word, as in Jira. */
export function renderIssue(
  jira: Jira,
  issue: Issue,
  asked: { readonly fields: readonly string[] | null; readonly properties: readonly string[] },
): Json {
  const all = fieldsOf(jira, issue);
  const { fields } = asked;
  const isAll = fields === null || fields.some((one) => one === '*all' || one === '*navigable');
  const chosen = isAll ? Object.entries(all) : Object.entries(all).filter(([name]) => fields.includes(name));
  const wanted = asked.properties.includes('*all') ? Object.keys(issue.properties) : asked.properties;
  const found = wanted.filter((key) => Object.hasOwn(issue.properties, key));
  return {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
    id: issue.id,
    self: `${jira.baseUrl}/rest/api/3/issue/${issue.id}`,
    key: issue.key,
    fields: Object.fromEntries(chosen),
    ...(asked.properties.length > 0 && {
      properties: Object.fromEntries(found.map((key) => [key, issue.properties[key]])),
    }),
  };
}

function fieldsOf(jira: Jira, issue: Issue): Json {
  const project = findProject(issue.projectKey);
  const parent = issue.parentId === null ? undefined : jira.site.issues.get(issue.parentId);
  const subtasks = [...jira.site.issues.values()].filter((one) => one.parentId === issue.id);
  const brief = (one: Issue): Json => ({
    id: one.id,
    key: one.key,
    self: `${jira.baseUrl}/rest/api/3/issue/${one.id}`,
    fields: {
      summary: one.summary,
      status: renderStatus(jira, one.statusId),
      issuetype: renderType(jira, typeOf(one.typeId)),
    },
  });
  return {
    summary: issue.summary,
    description: issue.description,
    labels: issue.labels,
    status: renderStatus(jira, issue.statusId),
    issuetype: renderType(jira, typeOf(issue.typeId)),
    project: project && renderProject(jira, project),
    creator: renderAccount(jira),
    reporter: renderAccount(jira),
    created: instant(issue.createdAt),
    updated: instant(issue.updatedAt),
    ...(parent && { parent: brief(parent) }),
    subtasks: subtasks.map(brief),
    issuelinks: linksOf(jira, issue, brief),
  };
}

function linksOf(jira: Jira, issue: Issue, brief: (one: Issue) => Json): Json[] {
  return jira.site.links.flatMap((link) => {
    const isInward = link.inwardId === issue.id;
    if (!isInward && link.outwardId !== issue.id) return [];
    const other = jira.site.issues.get(isInward ? link.outwardId : link.inwardId);
    const type = LINK_TYPES.find((one) => one.name === link.typeName);
    return other ? [{ id: link.id, type, [isInward ? 'outwardIssue' : 'inwardIssue']: brief(other) }] : [];
  });
}
