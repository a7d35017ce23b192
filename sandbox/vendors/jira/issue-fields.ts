// What Jira says about the fields of an issue to be created, in its own words; changes nothing.
import { complainOfDocument, LONGEST_TEXT, textOf } from './adf.ts';
import type { Visit } from './operation.ts';
import { findIssue, type Issue, type IssueType, openProject, type Project, typesOf } from './site.ts';

export interface NewIssue {
  readonly project: Project;
  readonly type: IssueType;
  readonly summary: string;
  readonly description: unknown;
  readonly labels: string[];
  readonly parent: Issue | null;
}

type Errors = Record<string, string>;
const KNOWN = new Set(['project', 'issuetype', 'summary', 'description', 'labels', 'parent']);
/** Of a property's value as JSON, in characters. */
const LONGEST_PROPERTY = 32_768;
const LONGEST_NAME = 255;

/** The issue to be, or Jira's errors by field. */
export function checkFields(visit: Visit, fields: Readonly<Record<string, unknown>>): NewIssue | { errors: Errors } {
  const errors: Errors = {};
  const project = referred(fields.project, ['id', 'key'], (value) => openProject(visit.site, value));
  if (!project || !visit.may('BROWSE_PROJECTS')) return { errors: { project: 'valid project is required' } };
  const named = (value: string): IssueType | null =>
    typesOf(visit.site).find((one) => one.id === value || one.name.toLowerCase() === value.toLowerCase()) ?? null;
  const type = referred(fields.issuetype, ['id', 'name'], named);
  if (!type) return { errors: { issuetype: 'Specify a valid issue type' } };
  for (const name of Object.keys(fields).filter((one) => !KNOWN.has(one))) {
    errors[name] = `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
  }
  for (const [id, name] of Object.entries(visit.site.required)) errors[id] ??= `${name} is required.`;
  complainOfSummary(fields.summary, errors);
  complainOfRichText('description', fields.description, errors);
  complainOfLabels(fields.labels, errors);
  const parent = referred(fields.parent, ['id', 'key'], (value) => findIssue(visit.site, value));
  if (type.subtask && fields.parent === undefined) {
    errors.parent = 'Issue type is a sub-task but parent issue key or id not specified.';
  } else if (fields.parent !== undefined && (!parent || !type.subtask || parent.projectKey !== project.key)) {
    errors.parentId = 'Given parent work item does not belong to appropriate hierarchy.';
  }
  if (Object.keys(errors).length > 0) return { errors };
  const labels = [...new Set((fields.labels ?? []) as string[])];
  return {
    project,
    type,
    summary: String(fields.summary).trim(),
    description: fields.description ?? null,
    labels,
    parent,
  };
}

/** `properties` of a create call or of a comment. A string is the complaint. */
export function checkProperties(value: unknown): Record<string, unknown> | string {
  if (value === undefined) return {};
  if (!Array.isArray(value)) return 'The properties are not a list.';
  const found: Record<string, unknown> = {};
  for (const one of value as { key?: unknown; value?: unknown }[]) {
    if (typeof one?.key !== 'string' || one.key === '' || one.key.length > LONGEST_NAME)
      return 'A property has no valid key.';
    if (Object.hasOwn(found, one.key)) return `The property ${one.key} is given twice.`;
    const complaint = complainOfProperty(one.value);
    if (complaint) return complaint;
    found[one.key] = one.value;
  }
  return found;
}

export function complainOfProperty(value: unknown): string | null {
  if (value === undefined) return 'The property value is required.';
  if (JSON.stringify(value).length <= LONGEST_PROPERTY) return null;
  return `The property value is too long: at most ${LONGEST_PROPERTY} characters.`;
}

export function complainOfRichText(field: string, value: unknown, errors: Errors): void {
  if (value === undefined || value === null) return;
  if (complainOfDocument(value) !== null) {
    errors[field] = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
  } else if (textOf(value).length > LONGEST_TEXT) {
    errors[field] = 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.';
  }
}

function complainOfSummary(value: unknown, errors: Errors): void {
  if (value === undefined || value === null) errors.summary = 'You must specify a summary of the issue.';
  else if (typeof value !== 'string') errors.summary = 'Operation value must be a string';
  else if (value.trim() === '') errors.summary = 'You must specify a summary of the issue.';
  else if (/[\r\n]/.test(value)) errors.summary = 'The summary is invalid because it contains newline characters.';
  else if (value.length > LONGEST_NAME) errors.summary = 'Summary must be less than 255 characters.';
}

function complainOfLabels(value: unknown, errors: Errors): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    errors.labels = 'data was not an array';
    return;
  }
  for (const label of value as unknown[]) {
    if (typeof label !== 'string') errors.labels = 'Operation value must be a string';
    else if (/\s/.test(label)) errors.labels = `The label '${label}' contains spaces which is invalid.`;
    else if (label.length > LONGEST_NAME)
      errors.labels = `The label '${label}' exceeds the maximum length of 255 characters.`;
  }
}

/** A reference like `{key}` or `{id}`. Null: not given, or nothing there. */
function referred<One>(value: unknown, names: readonly string[], find: (value: string) => One | null): One | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const name of names) {
    const given = (value as Record<string, unknown>)[name];
    if (typeof given === 'string') return find(given);
  }
  return null;
}
