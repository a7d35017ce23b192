// The fields of Jira's answers that we use, checked at the border. Shapes: Jira Cloud platform REST API v3.
import { z } from 'zod';

export const StatusCategory = z.enum(['undefined', 'new', 'indeterminate', 'done']);
export type StatusCategory = z.infer<typeof StatusCategory>;

/** The name is the site's own word, in its own language; the category is the same everywhere. */
const Status = z.object({ name: z.string(), statusCategory: z.object({ key: StatusCategory }) });

/** Key of the entity property by which our own issues and comments are known. */
export const PROPERTY_KEY = 'sendoff';

const IssueAnswer = z.object({
  id: z.string().min(1),
  /** Today's: a moved issue has another one than it was asked for by. */
  key: z.string().min(1),
  fields: z.object({
    summary: z.string(),
    labels: z.array(z.string()),
    status: Status,
    project: z.object({ key: z.string().min(1) }),
    issuetype: z.object({ name: z.string() }),
    parent: z.object({ key: z.string() }).nullish(),
  }),
  properties: z.record(z.string(), z.unknown()).nullish(),
});

export const Issue = IssueAnswer.transform(({ id, key, fields, properties }) => ({
  id,
  key,
  projectKey: fields.project.key,
  issueType: fields.issuetype.name,
  summary: fields.summary,
  labels: fields.labels,
  status: fields.status.name,
  statusCategory: fields.status.statusCategory.key,
  parentKey: fields.parent?.key ?? null,
  properties: properties ?? {},
}));
export type Issue = z.infer<typeof Issue>;

/** Their ids, of an issue that was asked for its sub-tasks alone. */
export const Subtasks = z
  .object({ fields: z.object({ subtasks: z.array(z.object({ id: z.string().min(1) })) }) })
  .transform(({ fields }) => fields.subtasks.map(({ id }) => id));

/** The fields to be asked for: Jira's search gives none by itself. */
export const ISSUE_FIELDS = ['summary', 'labels', 'status', 'project', 'issuetype', 'parent'] as const;

export const FoundPage = z.object({ issues: z.array(Issue), nextPageToken: z.string().nullish() });

export const Created = z.object({ id: z.string().min(1), key: z.string().min(1) });
export type Created = z.infer<typeof Created>;

/** `property` is what we made it with; null: not one of ours. */
export const Comment = z
  .object({
    id: z.string().min(1),
    created: z.string(),
    properties: z.array(z.object({ key: z.string(), value: z.unknown() })).nullish(),
  })
  .transform(({ id, created, properties }) => ({
    id,
    createdAt: new Date(created),
    property: properties?.find((one) => one.key === PROPERTY_KEY)?.value ?? null,
  }));
export type Comment = z.infer<typeof Comment>;
export const CommentPage = z.object({ comments: z.array(Comment), total: z.number().int() });

export const Transitions = z.object({
  transitions: z.array(z.object({ id: z.string().min(1), name: z.string(), to: Status })),
});

export const Project = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean() })),
});

/** A field of the screen on which issues of a type are made. */
export const CreateFields = z.object({
  fields: z.array(
    z.object({
      fieldId: z.string(),
      name: z.string(),
      required: z.boolean(),
      hasDefaultValue: z.boolean().default(false),
    }),
  ),
  total: z.number().int(),
});
export type CreateFields = z.infer<typeof CreateFields>;

export const TypeStatuses = z.array(z.object({ id: z.string(), name: z.string(), statuses: z.array(Status) }));

export const Permissions = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});

export const Account = z.object({
  accountId: z.string().min(1),
  displayName: z.string(),
  emailAddress: z.string().nullish(),
});

/** Jira's one shape of refusal. */
export const ErrorCollection = z.object({
  errorMessages: z.array(z.string()).nullish(),
  errors: z.record(z.string(), z.string()).nullish(),
});
