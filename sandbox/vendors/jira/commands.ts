// What tests do to the site from outside: people who delete, move or change issues, lost rights, a late index; and its picture.
import { nowOf, pass } from '../clock.ts';
import { textOf } from './adf.ts';
import type { Jira, Permission } from './operation.ts';
import { PERMISSIONS } from './project-operations.ts';
import { createSite, findIssue, type Issue, nextKey, statusOf, TRANSITIONS, typeOf } from './site.ts';
import { PER_ISSUE, type Window } from './write-limit.ts';

type Argument = Readonly<Record<string, unknown>>;

/** Each answers with what it changed. An `issue` is an id or a key. */
const COMMANDS: Readonly<Record<string, (jira: Jira, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only; dates and the search index follow. Limits do not: who keeps below them goes by the real time. */
  advance: ({ site }, { ms }) => pass(site, ms),
  /** `{issue}`: with its sub-tasks, comments and links. */
  delete_issue: (jira, argument) => {
    const gone = wanted(jira, argument);
    const family = [gone, ...[...jira.site.issues.values()].filter((one) => one.parentId === gone.id)];
    for (const one of family) {
      jira.site.issues.delete(one.id);
      jira.site.deleted.push({ id: one.id, key: one.key });
      jira.index.changed(one.id, null);
    }
    const ids = new Set(family.map((one) => one.id));
    jira.site.links = jira.site.links.filter((one) => !ids.has(one.inwardId) && !ids.has(one.outwardId));
    return { deleted: family.map((one) => one.key) };
  },
  /** `{issue, project}`: a new key; the old one still leads to it. */
  move_issue: (jira, argument) => {
    const { site } = jira;
    return change(jira, argument, (issue) => {
      issue.formerKeys.push(issue.key);
      issue.projectKey = String(argument.project);
      issue.key = nextKey(site, issue.projectKey);
    });
  },
  /** `{issue, patch: {labels?, summary?, status?}}`: as a person edits it; a status is a name. */
  edit_issue: (jira, argument) =>
    change(jira, argument, (issue) => {
      const { status, ...patch } = argument.patch as { status?: string; labels?: string[]; summary?: string };
      const target = TRANSITIONS.find((one) => statusOf(one.to).name === status);
      Object.assign(issue, patch, target && { statusId: target.to });
    }),
  /** `{delayMs}`: how long a change takes until searches see it. */
  set_index_delay: ({ index }, { delayMs }) => {
    index.delayMs = Number(delayMs);
    return { delayMs: index.delayMs };
  },
  /** `{on}`: searches see nothing new until it is switched off. */
  freeze_index: ({ index }, { on }) => {
    index.freeze(on === true);
    return { on: on === true };
  },
  /** All changes come through at once. */
  flush_index: ({ index }) => {
    index.flush();
    return { flushed: true };
  },
  /** `{projects?, types?, transitions?}`: keys, names and ids that an admin takes away. */
  take_away: ({ site }, { projects = [], types = [], transitions = [] }) =>
    Object.assign(site.taken, { projects, types, transitions }),
  /** `{fields: {id: name}}`: what every new issue must now have; without an argument no more than at the start. */
  require_fields: ({ site }, { fields = {} }) =>
    Object.assign(site, { required: fields as Record<string, string> }).required,
  /** `{without?}`: what the account may no longer do; without an argument it may all again. */
  set_permissions: (jira, { without = [] }) => {
    const lost = without as Permission[];
    jira.permissions = new Set((Object.keys(PERMISSIONS) as Permission[]).filter((one) => !lost.includes(one)));
    return { permissions: [...jira.permissions] };
  },
  revoke_token: (jira) => Object.assign(jira, { isTokenRevoked: true }) && { revoked: true },
  restore_token: (jira) => Object.assign(jira, { isTokenRevoked: false }) && { revoked: false },
  /** `{windows: [{most, ms}]}`: writes to one issue; without an argument as published. */
  set_write_limit: ({ writes }, { windows = PER_ISSUE }) => {
    writes.windows = windows as Window[];
    writes.clear();
    return { windows };
  },
  /** `{perSecond}`: requests to one address; null is as published. */
  set_burst_limit: ({ burst }, { perSecond }) => {
    burst.perSecond = perSecond === null ? null : Number(perSecond);
    return { perSecond };
  },
  /** `{ms, operation?}` */
  set_latency: ({ latencyMs }, { ms, operation = '*' }) => {
    latencyMs.set(String(operation), Number(ms));
    return Object.fromEntries(latencyMs);
  },
  reset: (jira) => {
    jira.site = createSite();
    jira.index.clear();
    jira.index.delayMs = 0;
    jira.writes.windows = PER_ISSUE;
    jira.writes.clear();
    jira.burst.clear();
    jira.latencyMs.clear();
    jira.isTokenRevoked = false;
    jira.permissions = new Set(Object.keys(PERMISSIONS) as Permission[]);
    return { issues: 0 };
  },
};

export function runCommand(jira: Jira, name: string, argument: unknown): unknown {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(jira, argument as Argument) : undefined;
}

/** Everything that a checker needs to judge the tickets, without a credential. */
export function describeState(jira: Jira): unknown {
  const { site } = jira;
  const keyOf = (id: string | null): string | null => (id === null ? null : (site.issues.get(id)?.key ?? null));
  return {
    issues: [...site.issues.values()].map((one) => ({
      id: one.id,
      key: one.key,
      formerKeys: one.formerKeys,
      project: one.projectKey,
      type: typeOf(one.typeId).name,
      summary: one.summary,
      description: textOf(one.description),
      labels: one.labels,
      status: statusOf(one.statusId).name,
      statusCategory: statusOf(one.statusId).category.key,
      properties: one.properties,
      parent: keyOf(one.parentId),
      createdAt: one.createdAt,
      comments: one.comments.map(({ id, body, properties, createdAt }) => ({
        id,
        text: textOf(body),
        properties,
        createdAt,
      })),
    })),
    links: site.links.map(({ typeName, inwardId, outwardId }) => ({
      type: typeName,
      inward: keyOf(inwardId),
      outward: keyOf(outwardId),
    })),
    deleted: site.deleted,
    permissions: [...jira.permissions],
  };
}

function change(jira: Jira, argument: Argument, apply: (issue: Issue) => void): unknown {
  const issue = wanted(jira, argument);
  apply(issue);
  issue.updatedAt = nowOf(jira.site).toISOString();
  jira.index.changed(issue.id, issue);
  return { id: issue.id, key: issue.key };
}

function wanted(jira: Jira, { issue }: Argument): Issue {
  const found = findIssue(jira.site, String(issue));
  if (!found) throw new Error(`no issue ${String(issue)}`);
  return found;
}
