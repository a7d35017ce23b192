// What one Jira site holds: projects, issue types, a workflow, issues with comments and properties. No HTTP, no credential.
import type { Timed } from '../clock.ts';

export interface Comment {
  readonly id: string;
  readonly body: unknown;
  readonly properties: Record<string, unknown>;
  readonly createdAt: string;
}

export interface Issue {
  readonly id: string;
  key: string;
  /** Keys from before a move: Jira still finds the issue by them. */
  formerKeys: string[];
  projectKey: string;
  readonly typeId: string;
  summary: string;
  description: unknown;
  labels: string[];
  statusId: string;
  readonly parentId: string | null;
  properties: Record<string, unknown>;
  comments: Comment[];
  readonly createdAt: string;
  updatedAt: string;
}

export interface Link {
  readonly id: string;
  readonly typeName: string;
  readonly inwardId: string;
  readonly outwardId: string;
}

export interface Site extends Timed {
  readonly issues: Map<string, Issue>;
  links: Link[];
  /** Issues a person deleted. */
  deleted: { readonly id: string; readonly key: string }[];
  /** Of each project, the number given out last. */
  readonly lastNumber: Map<string, number>;
  lastId: number;
  /** What an admin has taken away: project keys, names of issue types, ids of transitions. */
  readonly taken: { projects: string[]; types: string[]; transitions: string[] };
  /** Fields that an admin has made required: id → name. */
  required: Readonly<Record<string, string>>;
}

export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

/** Keys that no run code (`OFF-12`, `RET-3`) can be taken for. */
export const PROJECTS: readonly Project[] = [
  { id: '10010', key: 'ITOPS', name: 'IT Operations' },
  { id: '10011', key: 'FACIL', name: 'Facilities' },
];

export interface IssueType {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
}

export const ISSUE_TYPES: readonly IssueType[] = [
  { id: '10101', name: 'Task', subtask: false },
  { id: '10102', name: 'Sub-task', subtask: true },
];

export interface Status {
  readonly id: string;
  readonly name: string;
  readonly category: { readonly id: number; readonly key: 'new' | 'indeterminate' | 'done'; readonly name: string };
}

export const STATUSES: readonly Status[] = [
  { id: '10201', name: 'To Do', category: { id: 2, key: 'new', name: 'To Do' } },
  { id: '10202', name: 'In Progress', category: { id: 4, key: 'indeterminate', name: 'In Progress' } },
  { id: '10203', name: 'Done', category: { id: 3, key: 'done', name: 'Done' } },
];

/** No way leads from To Do to Done in one step: who closes an issue has to look at what is on offer. */
export const TRANSITIONS: readonly { id: string; name: string; from: string; to: string }[] = [
  { id: '21', name: 'Start progress', from: '10201', to: '10202' },
  { id: '11', name: 'Stop progress', from: '10202', to: '10201' },
  { id: '31', name: 'Mark as done', from: '10202', to: '10203' },
  { id: '41', name: 'Reopen', from: '10203', to: '10201' },
];

export const LINK_TYPES: readonly { id: string; name: string; inward: string; outward: string }[] = [
  { id: '10301', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
  { id: '10302', name: 'Relates', inward: 'relates to', outward: 'relates to' },
];

/** A site that has been used before: numbers do not start at 1. */
export function createSite(): Site {
  return {
    movedMs: 0,
    issues: new Map(),
    links: [],
    deleted: [],
    lastNumber: new Map([['ITOPS', 40]]),
    lastId: 10_400,
    taken: { projects: [], types: [], transitions: [] },
    required: {},
  };
}

export function nextId(site: Site): string {
  site.lastId += 1;
  return String(site.lastId);
}

export function nextKey(site: Site, projectKey: string): string {
  const number = (site.lastNumber.get(projectKey) ?? 0) + 1;
  site.lastNumber.set(projectKey, number);
  return `${projectKey}-${number}`;
}

/** By id or key, today's or a former one; keys compare without case. */
export function findIssue(site: Site, idOrKey: string): Issue | null {
  const wanted = idOrKey.toUpperCase();
  const all = [...site.issues.values()];
  return (
    site.issues.get(idOrKey) ??
    all.find((one) => one.key === wanted) ??
    all.find((one) => one.formerKeys.includes(wanted)) ??
    null
  );
}

export function findProject(idOrKey: string): Project | null {
  const wanted = idOrKey.toUpperCase();
  return PROJECTS.find((one) => one.id === idOrKey || one.key === wanted) ?? null;
}

/** Null also for one that an admin has taken away. */
export function openProject(site: Pick<Site, 'taken'>, idOrKey: string): Project | null {
  const found = findProject(idOrKey);
  return found && !site.taken.projects.includes(found.key) ? found : null;
}

export function typesOf(site: Pick<Site, 'taken'>): readonly IssueType[] {
  return ISSUE_TYPES.filter((one) => !site.taken.types.includes(one.name));
}

export function statusOf(id: string): Status {
  const found = STATUSES.find((one) => one.id === id);
  if (!found) throw new Error(`no status ${id}`);
  return found;
}

export function typeOf(id: string): IssueType {
  const found = ISSUE_TYPES.find((one) => one.id === id);
  if (!found) throw new Error(`no issue type ${id}`);
  return found;
}
