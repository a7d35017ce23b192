// The settings of Jira: all of them or none; the issue type and the closing status have defaults.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface JiraConfig {
  readonly url: string;
  readonly email: string;
  readonly apiToken: string;
  readonly project: string;
  readonly issueType: string;
  /** Null: any status that Jira counts as done. */
  readonly doneStatus: string | null;
}

/** Prefixes of run codes (open_run). */
const RUN_CODES = ['OFF', 'RET'];

export const jiraSettings = {
  JIRA_URL: webAddress('set it to the site’s address, such as https://acme.atlassian.net').optional(),
  JIRA_EMAIL: z
    .string()
    .regex(
      /^[^\s@:]+@[^\s@]+$/,
      'is not an address: set it to the address of the account that the API token belongs to',
    )
    .optional(),
  JIRA_API_TOKEN: z.string().min(1).optional(),
  JIRA_PROJECT: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]+$/, 'is not a project key: copy it from a ticket, ITOPS where tickets are called ITOPS-12')
    .refine(
      (key) => !RUN_CODES.includes(key),
      'is what Sendoff’s own run codes begin with (OFF-12, RET-3), so a ticket would be taken for a run: set another project’s key',
    )
    .optional(),
  JIRA_ISSUE_TYPE: z.string().min(1).default('Task'),
  JIRA_DONE_STATUS: z.string().min(1).optional(),
};

const JIRA_REMEDIES = {
  JIRA_URL: 'set it to the site’s address, such as https://acme.atlassian.net',
  JIRA_EMAIL: 'set it to the address of the account that the API token belongs to',
  JIRA_API_TOKEN: 'create one for that account at id.atlassian.com',
  JIRA_PROJECT: 'set it to the key of the project for the tickets, such as ITOPS',
} as const;

/** All of them or none: half of them is somebody who wanted tickets. */
export function missingOfJira(given: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(JIRA_REMEDIES) as (keyof typeof JIRA_REMEDIES)[];
  if (!Object.entries(given).some(([name, value]) => name.startsWith('JIRA_') && value)) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${JIRA_REMEDIES[name]}; without any JIRA_ setting there are no tickets`);
}

export function jiraOf(settings: z.infer<z.ZodObject<typeof jiraSettings>>): JiraConfig | null {
  const { JIRA_URL: url, JIRA_EMAIL: email, JIRA_API_TOKEN: apiToken, JIRA_PROJECT: project } = settings;
  if (!url || !email || !apiToken || !project) return null;
  const doneStatus = settings.JIRA_DONE_STATUS ?? null;
  return { url: url.replace(/\/+$/, ''), email, apiToken, project, issueType: settings.JIRA_ISSUE_TYPE, doneStatus };
}
