// Jira, checked: credentials, project, issue type, fields that we do not fill, permissions, a status to close with, the clock.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectJira, type Jira } from '../../connectors/jira/client.ts';
import { JIRA_PERMISSIONS, type JiraPermission } from '../../connectors/jira/project.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { asRefusal, clockFinding, dateOf, ok, problem } from './finding.ts';

type JiraConfig = NonNullable<Config['jira']>;

/** What a ticket is made with; Jira fills the rest by itself or refuses. */
const FILLED = ['project', 'issuetype', 'summary', 'description', 'labels'];

const PERMISSION_WORDS: Readonly<Record<JiraPermission, string>> = {
  BROWSE_PROJECTS: 'Browse Projects',
  CREATE_ISSUES: 'Create Issues',
  EDIT_ISSUES: 'Edit Issues',
  ADD_COMMENTS: 'Add Comments',
  TRANSITION_ISSUES: 'Transition Issues',
  LINK_ISSUES: 'Link Issues',
};

export async function checkJira(config: JiraConfig, clock: Clock): Promise<readonly Finding[]> {
  let date: Date | null = null;
  const jira = connectJira({
    ...config,
    deadlineMs: CHECK_DEADLINE_MS,
    pace: async () => undefined,
    onHeaders: (headers) => {
      date = dateOf(headers);
    },
  });
  const account = await jira.whoAmI().catch((error: unknown) => asRefusal(error));
  if (account instanceof ConnectorError) return [credentials(account)];
  return [ok('credentials'), ...(await projectFindings(jira, config)), clockFinding('Jira', date, clock)];
}

function credentials(refused: ConnectorError): Finding {
  if (refused.kind !== 'unauthorized')
    return problem(`no answer (${refused.reason})`, 'Check JIRA_URL, the network and status.atlassian.com');
  return problem(
    `credentials refused (${refused.reason})`,
    'Make a new API token at id.atlassian.com for the account of JIRA_EMAIL, set JIRA_API_TOKEN',
  );
}

async function projectFindings(jira: Jira, config: JiraConfig): Promise<readonly Finding[]> {
  const { project: key } = config;
  const project = await jira.getProject(key);
  if (project === null)
    return [
      problem(
        `project ${key} is not there, or the account may not browse it`,
        'Check JIRA_PROJECT; or Jira > Project settings > Permissions > Browse Projects for the account of JIRA_EMAIL',
      ),
    ];
  const permissions = await permissionFindings(jira, key);
  const type = project.issueTypes.find((one) => [one.id, one.name].includes(config.issueType) && !one.subtask);
  if (!type) {
    const known = project.issueTypes.filter((one) => !one.subtask).map((one) => one.name);
    return [
      ok(`project ${key}`),
      problem(
        `issue type ${config.issueType} is not in ${key}`,
        `Set JIRA_ISSUE_TYPE to one of: ${known.join(', ') || 'none is there, add one'}`,
      ),
      ...permissions,
    ];
  }
  return [
    ok(`project ${key}`),
    ok(`issue type ${type.name}`),
    ...(await fieldFindings(jira, key, type)),
    ...permissions,
    await closingFinding(jira, config, type),
  ];
}

/** All or none are told as granted: what a person may do in a project is one list in Jira. */
async function permissionFindings(jira: Jira, project: string): Promise<readonly Finding[]> {
  const held = await jira.myPermissions(project);
  const missing = JIRA_PERMISSIONS.filter((one) => held?.[one] !== true).map((one) => PERMISSION_WORDS[one]);
  if (missing.length === 0) return [ok(`${JIRA_PERMISSIONS.length} of ${JIRA_PERMISSIONS.length} permissions`)];
  return missing.map((one) =>
    problem(
      `may not ${one} in ${project}`,
      `Jira > Project settings > Permissions > ${one}: add the account of JIRA_EMAIL`,
    ),
  );
}

async function fieldFindings(
  jira: Jira,
  project: string,
  type: { readonly id: string; readonly name: string },
): Promise<readonly Finding[]> {
  const required = await jira.listRequiredFields(project, type.id).catch((error: unknown) => asRefusal(error));
  // Jira shows the fields only to who may create, which is told by itself.
  if (required instanceof ConnectorError) return [];
  const others = required.filter((one) => !FILLED.includes(one.fieldId)).map((one) => one.name);
  if (others.length === 0) return [];
  return [
    problem(
      `a ${type.name} cannot be made without: ${others.join(', ')}`,
      `Jira > Project settings > Fields: make these optional for ${type.name}, or set JIRA_ISSUE_TYPE to a type without them`,
    ),
  ];
}

/** Transitions are known of an issue only; what can be read is which statuses there are. */
async function closingFinding(
  jira: Jira,
  { doneStatus, project }: JiraConfig,
  type: { readonly id: string; readonly name: string },
): Promise<Finding> {
  const statuses = (await jira.listStatuses(project)).find((one) => one.id === type.id)?.statuses ?? [];
  const done = statuses.filter((one) => one.statusCategory.key === 'done').map((one) => one.name);
  if (doneStatus === null)
    return done.length > 0
      ? ok(`closes with ${done.join(' or ')}`)
      : problem(
          `no status of a ${type.name} counts as done`,
          'Jira > Project settings > Workflows: add a status of the category Done',
        );
  if (statuses.some((one) => one.name.toLowerCase() === doneStatus.toLowerCase()))
    return ok(`closes with ${doneStatus}`);
  return problem(
    `a ${type.name} has no status ${doneStatus}`,
    `Set JIRA_DONE_STATUS to one of: ${done.join(', ') || statuses.map((one) => one.name).join(', ')}; or leave it out`,
  );
}
