// Jira Cloud through jira.js: tickets found by label, made with properties, commented, moved along. Knows nothing of offboarding.
import { ConnectorError, orNull } from '../connector-error.ts';
import type { AdfDocument } from './adf.ts';
import { createCaller, type JiraSettings } from './caller.ts';
import { checked } from './ids.ts';
import { createProjectReads } from './project.ts';
import {
  Comment,
  CommentPage,
  Created,
  FoundPage,
  ISSUE_FIELDS,
  Issue,
  PROPERTY_KEY,
  Subtasks,
  Transitions,
} from './schema.ts';

/** Far below Jira's 100 a second for each address and method. @see rate limiting, Jira Cloud platform, read 2026-11 */
export const JIRA_PACES = { jira: { intervalMs: 100, burst: 20 } } as const;

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
  const caller = createCaller(settings);
  const { read, write } = caller;
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
    ...createProjectReads(caller),

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
