// What a Jira project asks of whoever makes tickets in it, and what our account may do there. Reads only.
import { orNull } from '../connector-error.ts';
import type { Caller } from './caller.ts';
import { checked } from './ids.ts';
import { Account, CreateFields, Permissions, Project, TypeStatuses } from './schema.ts';

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

export function createProjectReads({ read }: Caller) {
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
  };
}
