// jira.ticket: the run has one ticket, found again by its label and its property before one is made. Nothing waits for it;
// its comments are the reporter's.
import { ConnectorError } from '../../connectors/connector-error.ts';
import { type AdfDocument, adfDocument, bulletList, paragraph, strong, text } from '../../connectors/jira/adf.ts';
import type { Jira } from '../../connectors/jira/client.ts';
import type { JiraPermission } from '../../connectors/jira/project.ts';
import { type Issue, PROPERTY_KEY } from '../../connectors/jira/schema.ts';
import type { RunView } from '../model/run.ts';
import type { Effect, Facts, Observation, ReadContext, Step } from '../model/step.ts';

export const JIRA_TICKET = 'jira.ticket';
const CREATE: Effect = { name: 'jira.create_ticket', repeat: 'search_first' };
/**
 * "The delay might vary from a few seconds to minutes, depending on the operation. The majority of modifications are shown
 * within seconds"; minutes are for bulk changes.
 * @see https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/, read 2026-11
 */
const INDEX_DELAY_MS = 30_000;

export interface TicketOptions {
  readonly jira: Jira;
  readonly project: string;
  readonly issueType: string;
  /** The site that people open; null where only the API's address is known. */
  readonly siteUrl: string | null;
  /** Who the run is about and who asked for it: read when the ticket is written. */
  readRun(runId: string): Promise<RunView | null>;
  /** What a step is called. */
  titleOf(step: string): string;
}

export function jiraTicket(options: TicketOptions): Step {
  const { jira, project, issueType } = options;
  return {
    name: JIRA_TICKET,
    vendor: 'jira',
    stage: 'evidence',
    needs: [],
    settleMs: INDEX_DELAY_MS,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      // A plan must not wait for Jira, and has no run that a ticket could be of.
      if (context.run.id === '') return { is: 'unsatisfied', facts: {}, would: [CREATE] };
      const made = madeBefore(context);
      if (made !== null) {
        const issue = await jira.getIssue(made);
        if (issue) return { is: 'satisfied', basis: 'read_back', facts: factsOf(issue, options.siteUrl) };
        await mustHold(options, ['BROWSE_PROJECTS']);
        return { is: 'unknown', facts: {}, why: 'the ticket was deleted, or moved to where it cannot be seen' };
      }
      const [issue, ...others] = await findOurs(jira, context.run.id);
      if (issue) {
        const facts = factsOf(issue, options.siteUrl);
        const more = others.length > 0 ? { others: others.map((one) => one.key) } : {};
        return { is: 'satisfied', basis: 'read_back', facts: { ...facts, ...more } };
      }
      // Where we may not look the search finds nothing either: that is no leave to write.
      await mustHold(options, ['BROWSE_PROJECTS', 'CREATE_ISSUES']);
      return { is: 'unsatisfied', facts: {}, would: [CREATE] };
    },
    async apply(context) {
      const run = await options.readRun(context.run.id);
      if (run === null) throw new Error(`${context.run.code} is not there to be described`);
      await context.write(
        CREATE,
        () =>
          jira.createIssue({
            project,
            issueType,
            summary: clipped(`${KINDS[run.kind]} ${run.code}: ${run.person.name}`, LONGEST_SUMMARY),
            description: describe(run, options.titleOf),
            labels: [labelOf(run.id)],
            properties: { [PROPERTY_KEY]: { run: run.id } },
          }),
        ({ id, key }) => ({ id, key }),
      );
    },
  };
}

const KINDS = { offboarding: 'Offboarding', device_return: 'Device return', rehire: 'Undo' } as const;

/** Jira takes 255 characters. */
const LONGEST_SUMMARY = 250;

function labelOf(runId: string): string {
  return `sendoff-${runId}`;
}

/**
 * The id of the ticket we know that we made: read exactly, while the search may lag. Null also where a person has pressed
 * Retry since: they were told that it is gone, and want another one.
 */
function madeBefore(context: ReadContext): string | null {
  const receipt = context.receipt(CREATE);
  if (receipt === null || typeof receipt.facts.id !== 'string') return null;
  const isGivenUp = context.decisions.some((one) => one.kind === 'retry' && one.at >= receipt.at);
  return isGivenUp ? null : receipt.facts.id;
}

/** A label can be copied by a person, with the issue or without; the property cannot be edited on a screen. */
async function findOurs(jira: Jira, runId: string): Promise<readonly Issue[]> {
  const found = (await jira.findIssuesByLabel(null, labelOf(runId))).filter((issue) => isOf(issue, runId));
  // The search still shows what was deleted a moment ago.
  const read = await Promise.all(found.map((issue) => jira.getIssue(issue.id)));
  return read.filter((issue) => issue !== null);
}

function isOf(issue: Issue, runId: string): boolean {
  const property = issue.properties[PROPERTY_KEY];
  return typeof property === 'object' && property !== null && 'run' in property && property.run === runId;
}

/** Jira says "not there" of what we may not see. Throws what a person can act on. */
async function mustHold(
  { jira, project }: Pick<TicketOptions, 'jira' | 'project'>,
  wanted: readonly JiraPermission[],
): Promise<void> {
  const held = await jira.myPermissions(project);
  const missing = wanted.filter((one) => !held?.[one]);
  if (missing.length === 0) return;
  const reason = held === null ? 'the project cannot be seen' : `the account lacks ${missing.join(', ')}`;
  throw new ConnectorError({
    kind: 'unauthorized',
    vendor: 'jira',
    operation: 'getMyPermissions',
    subject: project,
    reason,
  });
}

function factsOf(issue: Issue, siteUrl: string | null): Facts {
  return { key: issue.key, id: issue.id, url: siteUrl === null ? null : `${siteUrl}/browse/${issue.key}` };
}

function describe(run: RunView, titleOf: (step: string) => string): AdfDocument {
  const { name, title } = run.person;
  return adfDocument(
    paragraph(strong('Who: '), text(title === null ? name : `${name}, ${title}`)),
    paragraph(strong('Run: '), text(run.code)),
    ...returnWords(run),
    paragraph(strong('Started by: '), text(startedBy(run))),
    paragraph(strong('Started at: '), text(run.requestedAt.toISOString())),
    paragraph(strong('Steps, each with a comment as it ends:')),
    bulletList(...titlesOf(run, titleOf).map((title) => text(title))),
  );
}

function startedBy({ requestedBy, trigger }: RunView): string {
  if (requestedBy === 'bamboohr') return 'BambooHR: employment ends';
  if (requestedBy === 'okta') return 'Okta: the account was deactivated';
  return `Slack user ${requestedBy.slice(requestedBy.indexOf('/') + 1)}, by ${triggerWords(trigger)}`;
}

/** A step about several devices is named once. */
function titlesOf(run: RunView, titleOf: (step: string) => string): readonly string[] {
  const names = run.steps.map(({ step }) => step).filter((step) => step !== JIRA_TICKET);
  return [...new Set(names)].map(titleOf);
}

const REASONS = { offboarding: 'leaving', refresh: 'laptop refresh', malfunction: 'broken' } as const;

/** Why, and what comes back; nothing of where from. */
function returnWords({ returns, steps }: RunView): AdfDocument['content'] {
  if (!returns) return [];
  const about = steps.filter(({ subject }) => subject !== '');
  const devices = new Map(about.map(({ subject, facts }) => [subject, [facts.name, facts.serial].filter(Boolean)]));
  return [
    paragraph(strong('Why: '), text(REASONS[returns.reason])),
    paragraph(
      strong('Devices: '),
      text([...devices.values()].map((one) => one.join(' ')).join(', ')),
      ...(returns.withCharger ? [text(', with charger')] : []),
    ),
  ];
}

function triggerWords(trigger: string): string {
  if (trigger === 'return_command') return '/return-device in Slack';
  return trigger === 'slack_command' ? '/offboard in Slack' : trigger.replaceAll('_', ' ');
}

function clipped(words: string, longest: number): string {
  return words.length <= longest ? words : `${words.slice(0, longest - 1)}…`;
}
