// Jira Cloud through jira.js: tickets found by label, made with properties, commented, moved along. Knows nothing of offboarding.
import type { CloudClient } from 'jira.js';
import { ConnectorError } from '../connector-error.ts';
import { type OnCall, watchCall } from '../watch-call.ts';
import type { AdfDocument } from './adf.ts';
import { asConnectorError, type CallKind } from './errors.ts';
import { checked } from './ids.ts';
import {
  Account,
  Comment,
  CommentPage,
  Created,
  CreateFields,
  FoundPage,
  ISSUE_FIELDS,
  Issue,
  Permissions,
  PROPERTY_KEY,
  Project,
  Subtasks,
  Transitions,
  TypeStatuses,
} from './schema.ts';
import { createTransport } from './transport.ts';

export interface JiraSettings {
  /** The site's root, without an API path. */
  readonly url: string;
  readonly email: string;
  readonly apiToken: string;
  /** One deadline for each request, its body included, in ms. */
  readonly deadlineMs: number;
  /** Waits for Jira's published rate before a read; writes are paced by who makes them. */
  pace(): Promise<void>;
  /** Told of each call, without what was waited before it. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says Jira's time. */
  onHeaders?(headers: Headers): void;
}

/** Far below Jira's 100 a second for each address and method. @see rate limiting, Jira Cloud platform, read 2026-11 */
export const JIRA_PACES = { jira: { intervalMs: 100, burst: 20 } } as const;

/** What the account needs in the project. */
export const JIRA_PERMISSIONS = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'ADD_COMMENTS',
  'TRANSITION_ISSUES',
  'LINK_ISSUES',
] as const;
export type JiraPermission = (typeof JIRA_PERMISSIONS)[number];

export interface NewIssue {
  readonly project: string;
  /** Name or id; names differ by the site's language. */
  readonly issueType: string;
  readonly summary: string;
  readonly description: AdfDocument;
  readonly labels: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export type Jira = ReturnType<typeof connectJira>;

export function connectJira(settings: JiraSettings) {
  const transport = createTransport(settings);
  let loading: Promise<CloudClient> | null = null;
  // jira.js is one import of 1,900 files (half a second, 50 MB): loaded by the first call, outside its deadline.
  const load = (): Promise<CloudClient> => {
    loading ??= import('jira.js').then(({ createCloudClient }) => createCloudClient(transport));
    return loading;
  };
  const call = async <T>(
    kind: CallKind,
    operation: string,
    subject: string,
    send: (client: CloudClient) => Promise<T>,
  ): Promise<T> => {
    const client = await load();
    if (kind === 'read') await settings.pace();
    return watchCall(settings.onCall, { vendor: 'jira', operation, kind }, async () => {
      try {
        return await send(client);
      } catch (error) {
        throw asConnectorError(error, { operation, subject, kind });
      }
    });
  };
  const read = <T>(operation: string, subject: string, send: (client: CloudClient) => Promise<T>): Promise<T> =>
    call('read', operation, subject, send);
  const write = <T>(operation: string, subject: string, send: (client: CloudClient) => Promise<T>): Promise<T> =>
    call('write', operation, subject, send);
  /** Absent things answer null, and so do those we may not see: Jira does not tell them apart. */
  const orNull = async <T>(answer: Promise<T>): Promise<T | null> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ConnectorError && error.kind === 'not_found') return null;
      throw error;
    }
  };
  const create = (operation: string, issue: NewIssue, parent: { parent?: { key: string } }): Promise<Created> =>
    write(operation, issue.project, async (client) =>
      Created.parse(
        await client.issues.createIssue({
          fields: {
            project: { key: checked('project', issue.project) },
            issuetype: /^\d+$/.test(issue.issueType) ? { id: issue.issueType } : { name: issue.issueType },
            summary: issue.summary,
            description: issue.description,
            labels: [...issue.labels],
            ...parent,
          },
          properties: Object.entries(issue.properties).map(([key, value]) => ({ key, value })),
        }),
      ),
    );

  const getIssue = (idOrKey: string): Promise<Issue | null> =>
    orNull(
      read('getIssue', idOrKey, async (client) => {
        const asked = { fields: [...ISSUE_FIELDS], properties: [PROPERTY_KEY] };
        const issueIdOrKey = checked('issue', idOrKey);
        return Issue.parse(await client.issues.getIssue({ issueIdOrKey, ...asked }));
      }),
    );

  return {
    /** The account our token belongs to. */
    whoAmI: () => read('getCurrentUser', '', async (client) => Account.parse(await client.myself.getCurrentUser())),

    /** Null: not there, or not visible to us. */
    getProject: (key: string) =>
      orNull(
        read('getProject', key, async (client) => {
          const projectIdOrKey = checked('project', key);
          return Project.parse(await client.projects.getProject({ projectIdOrKey }));
        }),
      ),

    /** Fields that an issue of this type cannot be made without and that Jira does not fill itself. */
    listRequiredFields: async (project: string, issueTypeId: string) => {
      const asked = { projectIdOrKey: checked('project', project), issueTypeId };
      const found: CreateFields['fields'] = [];
      for (;;) {
        const page = await read('getCreateIssueMetaIssueTypeId', project, async (client) =>
          CreateFields.parse(
            await client.issues.getCreateIssueMetaIssueTypeId({ ...asked, startAt: found.length, maxResults: 200 }),
          ),
        );
        found.push(...page.fields);
        if (page.fields.length === 0 || found.length >= page.total) break;
      }
      return found.filter((one) => one.required && !one.hasDefaultValue);
    },

    /** The statuses that issues of each type can be in, in this project. */
    listStatuses: (project: string) =>
      read('getAllStatuses', project, async (client) =>
        TypeStatuses.parse(await client.projects.getAllStatuses({ projectIdOrKey: checked('project', project) })),
      ),

    /** What we may do in the project; null: it is not there, or not visible to us. */
    myPermissions: (project: string) =>
      orNull(
        read('getMyPermissions', project, async (client) => {
          const projectKey = checked('project', project);
          const asked = { projectKey, permissions: JIRA_PERMISSIONS.join(',') };
          const { permissions } = Permissions.parse(await client.permissions.getMyPermissions(asked));
          const held = JIRA_PERMISSIONS.map((one) => [one, permissions[one]?.havePermission ?? false] as const);
          return Object.fromEntries(held) as Record<JiraPermission, boolean>;
        }),
      ),

    /**
     * Oldest first. The search is eventually consistent: an issue made a moment ago may be missing, and one deleted may
     * still be there. It also finds nothing where we lost the right to browse: ask `myPermissions`. Project null: in every
     * project, which also finds what was moved.
     */
    findIssuesByLabel: async (project: string | null, label: string): Promise<readonly Issue[]> => {
      const where = `labels = "${checked('label', label)}"`;
      const scope = project === null ? '' : `project = "${checked('project', project)}" AND `;
      const jql = `${scope}${where} ORDER BY created ASC`;
      const found: Issue[] = [];
      const tokens = new Set<string>();
      let nextPageToken: string | undefined;
      do {
        const page = await read('searchForIssues', label, async (client) => {
          const asked = { jql, fields: [...ISSUE_FIELDS], properties: [PROPERTY_KEY], maxResults: 50 };
          const { searchAndReconsileIssuesUsingJqlPost: search } = client.issueSearch;
          return FoundPage.parse(await search({ ...asked, ...(nextPageToken ? { nextPageToken } : {}) }));
        });
        found.push(...page.issues);
        nextPageToken = page.nextPageToken ?? undefined;
        if (nextPageToken && tokens.has(nextPageToken)) throw repeated(label);
        if (nextPageToken) tokens.add(nextPageToken);
      } while (nextPageToken);
      return found;
    },

    /** By id or key, a former key too. Null: deleted, never there, or not visible to us. */
    getIssue,

    /** Those of an issue as it stands, oldest first: read from the issue itself, which does not lag as the search does. */
    listSubtasks: async (idOrKey: string): Promise<readonly Issue[]> => {
      const ids = await read('getIssue', idOrKey, async (client) => {
        const issueIdOrKey = checked('issue', idOrKey);
        return Subtasks.parse(await client.issues.getIssue({ issueIdOrKey, fields: ['subtasks'] }));
      });
      const issues: Issue[] = [];
      for (const id of ids) {
        const issue = await getIssue(id);
        if (issue) issues.push(issue);
      }
      return issues;
    },

    /** Not idempotent: Jira takes no key. Label and property find the issue again after an answer was lost. */
    createIssue: (issue: NewIssue) => create('createIssue', issue, {}),
    /** Like `createIssue`, below an issue of the same project. */
    createSubtask: (parentKey: string, issue: NewIssue) =>
      create('createSubtask', issue, { parent: { key: checked('issue', parentKey) } }),

    /** All, oldest first. `property` is what `addComment` was given; null: not one of ours. */
    listComments: async (idOrKey: string) => {
      const issueIdOrKey = checked('issue', idOrKey);
      const found: Comment[] = [];
      for (;;) {
        const page = await read('getComments', idOrKey, async (client) => {
          const asked = { startAt: found.length, maxResults: 100, orderBy: 'created', expand: 'properties' };
          return CommentPage.parse(await client.issueComments.getComments({ issueIdOrKey, ...asked }));
        });
        found.push(...page.comments);
        if (page.comments.length === 0 || found.length >= page.total) return found;
      }
    },
    /** Not idempotent: list first. Answers the comment's id. Jira takes 20 writes to one issue in 2 s, 100 in 30 s. */
    addComment: (idOrKey: string, comment: { adf: AdfDocument; property: Readonly<Record<string, unknown>> }) =>
      write('addComment', idOrKey, async (client) => {
        const { adf, property } = comment;
        const answer = await client.issueComments.addComment({
          issueIdOrKey: checked('issue', idOrKey),
          body: { ...adf, content: [...adf.content] },
          properties: [{ key: PROPERTY_KEY, value: property }],
        });
        return Comment.parse(answer).id;
      }),

    /** What can be done with the issue as it stands; none without the right to. */
    listTransitions: (idOrKey: string) =>
      read('getTransitions', idOrKey, async (client) => {
        const answer = await client.issues.getTransitions({ issueIdOrKey: checked('issue', idOrKey) });
        return Transitions.parse(answer).transitions.map(({ id, name, to }) => ({
          id,
          name,
          status: to.name,
          statusCategory: to.statusCategory.key,
        }));
      }),
    /** 400 where the issue is not in a status that this transition starts from: read the issue to tell. */
    transition: (idOrKey: string, transitionId: string) =>
      write('doTransition', idOrKey, async (client) => {
        const issueIdOrKey = checked('issue', idOrKey);
        await client.issues.doTransition({ issueIdOrKey, transition: { id: checked('transition', transitionId) } });
      }),

    /** "`key` duplicates `originalKey`". Safe to repeat: Jira makes the same link once. */
    linkAsDuplicate: (key: string, originalKey: string) =>
      write('linkIssues', key, async (client) => {
        await client.issueLinks.linkIssues({
          type: { name: 'Duplicate' },
          inwardIssue: { key: checked('issue', key) },
          outwardIssue: { key: checked('issue', originalKey) },
        });
      }),
  };
}

/** A search that leads back to its own page would never end. */
function repeated(subject: string): ConnectorError {
  const facts = { vendor: 'jira', operation: 'searchForIssues', subject };
  return new ConnectorError({ ...facts, kind: 'transient', status: 200, reason: 'the page token repeats itself' });
}
