// Drives the Jira simulator with jira.js itself and holds every exchange against Jira's published spec.
import { readFileSync } from 'node:fs';
import { createCloudClient } from 'jira.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from '../../sandbox/vendors/jira/server.ts';
import { type Exchange, loadSpec } from './published-spec.ts';

const LABEL = 'sendoff-5b0c3d4e';
const ADF = doc('Accounts are being closed.');

const spec = loadSpec('jira-cloud-platform-v3.openapi.json');
const recorded: Exchange[] = [];
let simulator: JiraSimulator;

interface Picture {
  readonly issues: readonly {
    readonly key: string;
    readonly status: string;
    readonly labels: readonly string[];
    readonly properties: Record<string, unknown>;
    readonly parent: string | null;
    readonly comments: readonly { readonly text: string; readonly properties: Record<string, unknown> }[];
  }[];
  readonly links: readonly unknown[];
  readonly deleted: readonly unknown[];
}

beforeAll(async () => {
  simulator = await startJiraSimulator();
  const original = globalThis.fetch;
  // jira.js takes no fetch of ours: it calls the global one.
  vi.stubGlobal('fetch', async (address: string, request: RequestInit) => {
    const response = await original(address, request);
    const text = await response.clone().text();
    const { pathname, search } = new URL(address);
    recorded.push({
      method: String(request.method),
      path: pathname + search,
      status: response.status,
      requestBody: typeof request.body === 'string' ? JSON.parse(request.body) : undefined,
      responseBody: text === '' ? undefined : JSON.parse(text),
    });
    return response;
  });
  if (!spec) console.warn('jira-simulator: no published spec (SENDOFF_VENDOR_SPECS), answers are not held against it');
});

afterAll(async () => {
  vi.unstubAllGlobals();
  await simulator.close();
});

beforeEach(() => {
  simulator.command('reset');
  simulator.faults.clear();
  simulator.journal.clear();
});

function client(apiToken = simulator.apiToken) {
  const { url: host, email } = simulator;
  return createCloudClient({ host, auth: { type: 'basic', email, apiToken }, onSchemaMismatch: 'throw' });
}

function doc(text: string) {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}

function fields(change: Record<string, unknown> = {}) {
  const project = { key: 'ITOPS' };
  return { project, issuetype: { name: 'Task' }, summary: 'Offboarding', description: ADF, labels: [LABEL], ...change };
}

async function anIssue(change: Record<string, unknown> = {}): Promise<string> {
  return (
    await client().issues.createIssue({ fields: fields(change), properties: [{ key: 'sendoff', value: { run: 1 } }] })
  ).key;
}

async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const outcome = await call.then(
    () => ({ status: 'fulfilled' }),
    (error: unknown) => error,
  );
  return outcome as Record<string, unknown>;
}

async function found(jql = `project = "ITOPS" AND labels = "${LABEL}"`): Promise<(string | undefined)[]> {
  const page = await client().issueSearch.searchAndReconsileIssuesUsingJqlPost({ jql, fields: ['key'] });
  return (page.issues ?? []).map((one) => one.key);
}

const picture = (): Picture => simulator.state() as Picture;

describe('a ticket, from its project to its end', () => {
  it('is made, found, commented, divided, linked and closed', async () => {
    const jira = client();

    const me = await jira.myself.getCurrentUser();
    const may = await jira.permissions.getMyPermissions({
      projectKey: 'ITOPS',
      permissions: 'CREATE_ISSUES,ADD_COMMENTS',
    });
    const project = await jira.projects.getProject({ projectIdOrKey: 'ITOPS' });
    const types = await jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: 'ITOPS' });
    const task = types.issueTypes?.find((one) => one.subtask === false);
    await jira.issues.getCreateIssueMetaIssueTypeId({ projectIdOrKey: 'ITOPS', issueTypeId: String(task?.id) });
    const statuses = await jira.projects.getAllStatuses({ projectIdOrKey: 'ITOPS' });
    expect(statuses[0]?.statuses.map((one) => one.name)).toEqual(['To Do', 'In Progress', 'Done']);
    const key = await anIssue();
    const child = await anIssue({ issuetype: { name: 'Sub-task' }, parent: { key }, labels: [] });
    const twin = await anIssue();
    await jira.issueProperties.setIssueProperty({ issueIdOrKey: key, propertyKey: 'sendoff', body: { run: 2 } });
    await jira.issueProperties.setIssueProperty({ issueIdOrKey: key, propertyKey: 'other', body: {} });
    const keys = await jira.issueProperties.getIssuePropertyKeys({ issueIdOrKey: key });
    const property = await jira.issueProperties.getIssueProperty({ issueIdOrKey: key, propertyKey: 'sendoff' });
    await jira.issueComments.addComment({
      issueIdOrKey: key,
      body: doc('done'),
      properties: [{ key: 'sendoff', value: { seq: 7 } }],
    });
    const comments = await jira.issueComments.getComments({ issueIdOrKey: key, expand: 'properties', maxResults: 10 });
    const bare = await jira.issueComments.getComments({ issueIdOrKey: key });
    await jira.issueLinkTypes.getIssueLinkTypes();
    const link = { type: { name: 'Duplicate' }, inwardIssue: { key: twin }, outwardIssue: { key } };
    await jira.issueLinks.linkIssues(link);
    await jira.issueLinks.linkIssues(link);
    for (const wanted of ['indeterminate', 'done']) {
      const { transitions } = await jira.issues.getTransitions({ issueIdOrKey: key });
      const next = transitions?.find((one) => one.to?.statusCategory?.key === wanted);
      await jira.issues.doTransition({ issueIdOrKey: key, transition: { id: String(next?.id) } });
    }
    const issue = await jira.issues.getIssue({
      issueIdOrKey: key,
      properties: ['sendoff'],
      fields: ['status', 'subtasks', 'issuelinks'],
    });
    await jira.issues.getIssue({ issueIdOrKey: key });
    await jira.issueSearch.searchAndReconsileIssuesUsingJql({ jql: `labels = ${LABEL}`, fields: ['*all'] });

    expect(me).toMatchObject({ emailAddress: simulator.email });
    expect(may.permissions?.CREATE_ISSUES).toMatchObject({ havePermission: true });
    expect(project.issueTypes?.map((one) => one.name)).toEqual(['Task', 'Sub-task']);
    expect(keys.keys?.map((one) => one.key)).toEqual(['sendoff', 'other']);
    expect(property.value).toEqual({ run: 2 });
    expect(comments.comments?.[0]?.properties).toEqual([{ key: 'sendoff', value: { seq: 7 } }]);
    expect(bare.comments?.[0]?.properties).toBeUndefined();
    expect(issue).toMatchObject({ properties: { sendoff: { run: 2 } } });
    expect(issue.fields).toMatchObject({ status: { name: 'Done', statusCategory: { key: 'done' } } });
    expect(issue.fields?.subtasks).toMatchObject([{ key: child }]);
    expect(issue.fields?.issuelinks).toMatchObject([
      { inwardIssue: { key: twin }, type: { inward: 'is duplicated by' } },
    ]);
    expect(picture().links).toHaveLength(1);
    expect(picture().issues.map((one) => one.parent)).toEqual([null, key, null]);
  });
});

describe('what Jira refuses', () => {
  const SUBTASK = { issuetype: { name: 'Sub-task' } };

  it.each([
    ['an unknown project', { project: { key: 'NOPE' } }, { project: 'valid project is required' }],
    ['an unknown issue type', { issuetype: { name: 'Epos' } }, { issuetype: 'Specify a valid issue type' }],
    ['no summary', { summary: undefined }, { summary: 'You must specify a summary of the issue.' }],
    ['a summary of two lines', { summary: 'a\nb' }, { summary: expect.stringContaining('newline') }],
    ['a long summary', { summary: 'x'.repeat(256) }, { summary: expect.stringContaining('255') }],
    ['a label with a space', { labels: ['a b'] }, { labels: "The label 'a b' contains spaces which is invalid." }],
    ['a field of no screen', { customfield_1: 'x' }, { customfield_1: expect.stringContaining('cannot be set') }],
    ['a child without a parent', SUBTASK, { parent: expect.stringContaining('sub-task') }],
    ['a child of nobody', { ...SUBTASK, parent: { key: 'ITOPS-9999' } }, { parentId: expect.any(String) }],
  ])('%s', async (_, change, errors) => {
    const error = await refusal(anIssue(change));

    expect(error).toMatchObject({ name: 'ApiError', status: 400, body: { errorMessages: [], errors } });
    expect(picture().issues).toEqual([]);
  });

  it.each([
    ['no doc', { type: 'paragraph', content: [] }],
    ['no version', { type: 'doc', content: [] }],
    ['an empty text', { ...ADF, content: [{ type: 'paragraph', content: [{ type: 'text', text: '' }] }] }],
    ['a text outside of a block', { ...ADF, content: [{ type: 'text', text: 'x' }] }],
    ['an empty list', { ...ADF, content: [{ type: 'bulletList', content: [] }] }],
    [
      'a script for a link',
      {
        ...ADF,
        content: [
          {
            type: 'paragraph',
            content: [{ type: 'text', text: 'x', marks: [{ type: 'link', attrs: { href: 'javascript:x' } }] }],
          },
        ],
      },
    ],
    ['an unknown node', { ...ADF, content: [{ type: 'script', content: [] }] }],
  ])('a document with %s', async (_, description) => {
    const key = await anIssue();

    const created = await refusal(anIssue({ description }));
    const body = description as unknown as typeof ADF;
    const commented = await refusal(client().issueComments.addComment({ issueIdOrKey: key, body }));

    expect(created).toMatchObject({
      status: 400,
      body: { errors: { description: expect.stringContaining('Atlassian Document') } },
    });
    expect(commented).toMatchObject({ status: 400, body: { errorMessages: ['INVALID_INPUT'] } });
    expect(picture().issues).toHaveLength(1);
  });

  it('a transition that is not on offer, and an issue that is not there', async () => {
    const key = await anIssue();
    const { issues, issueProperties } = client();

    const early = await refusal(issues.doTransition({ issueIdOrKey: key, transition: { id: '31' } }));
    const nowhere = await refusal(issues.getIssue({ issueIdOrKey: 'ITOPS-9999' }));
    const noProperty = await refusal(issueProperties.getIssueProperty({ issueIdOrKey: key, propertyKey: 'none' }));

    expect(early).toMatchObject({
      status: 400,
      body: { errorMessages: ["Transition id '31' is not valid for this issue."] },
    });
    expect([nowhere.name, noProperty.name]).toEqual(['NotFoundError', 'NotFoundError']);
  });

  it.each([
    ['', 'Unbounded'],
    ['ORDER BY created', 'Unbounded'],
    ['project = "NOPE"', "The value 'NOPE' does not exist for the field 'project'."],
    ['project = ITOPS AND', 'Error in the JQL Query'],
    ['colour = red', "Field 'colour' does not exist"],
    [`labels = "x" OR labels = "y"`, 'Error in the JQL Query'],
    ['labels = "x', 'Error in the JQL Query'],
  ])('the query %s', async (jql, words) => {
    const error = await refusal(found(jql));

    expect(error).toMatchObject({ status: 400, body: { errorMessages: [expect.stringContaining(words)] } });
  });

  it('the search that was removed', async () => {
    const { status } = await fetch(`${simulator.url}/rest/api/3/search?jql=x`, { method: 'GET' });
    recorded.pop();

    expect(status).toBe(410);
  });

  it('a fast writer on one issue, and nobody else', async () => {
    simulator.command('set_write_limit', { windows: [{ most: 2, ms: 1500 }] });
    const [key, other] = [await anIssue(), await anIssue()];
    const write = (issueIdOrKey: string) => client().issueComments.addComment({ issueIdOrKey, body: doc('x') });
    await write(key);
    await write(key);

    const third = await refusal(write(key));

    expect(third).toMatchObject({ name: 'RateLimitError', status: 429, retryAfterMs: 2000 });
    await expect(write(other)).resolves.toBeDefined();
  });

  it('too many calls a second to one address', async () => {
    simulator.command('set_burst_limit', { perSecond: 3 });

    const names = await Promise.all(
      Array.from({ length: 20 }, async () => (await refusal(client().myself.getCurrentUser())).name),
    );

    expect(names).toContain('RateLimitError');
  });
});

describe('who has lost a right', () => {
  it.each([
    ['CREATE_ISSUES', 403, () => anIssue()],
    ['ADD_COMMENTS', 400, (issueIdOrKey: string) => client().issueComments.addComment({ issueIdOrKey, body: ADF })],
    [
      'EDIT_ISSUES',
      403,
      (issueIdOrKey: string) => client().issueProperties.setIssueProperty({ issueIdOrKey, propertyKey: 'a', body: {} }),
    ],
    [
      'TRANSITION_ISSUES',
      400,
      (issueIdOrKey: string) => client().issues.doTransition({ issueIdOrKey, transition: { id: '21' } }),
    ],
    [
      'LINK_ISSUES',
      404,
      (key: string) =>
        client().issueLinks.linkIssues({ type: { name: 'Relates' }, inwardIssue: { key }, outwardIssue: { key } }),
    ],
    ['BROWSE_PROJECTS', 404, (issueIdOrKey: string) => client().issues.getIssue({ issueIdOrKey })],
    ['BROWSE_PROJECTS', 400, () => client().issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: 'ITOPS' })],
    ['BROWSE_PROJECTS', 404, () => client().projects.getProject({ projectIdOrKey: 'ITOPS' })],
  ] as const)('%s is refused with %i', async (permission, status, send) => {
    const key = await anIssue();
    simulator.command('set_permissions', { without: [permission] });

    expect(await refusal(send(key))).toMatchObject({ status });
  });

  it('a field that the screen wants is told, and no issue is made without it', async () => {
    simulator.command('require_fields', { fields: { customfield_10050: 'Cost center' } });

    const screen = await client().issues.getCreateIssueMetaIssueTypeId({
      projectIdOrKey: 'ITOPS',
      issueTypeId: '10101',
    });
    expect(screen.fields?.filter((one) => one.required).map((one) => one.name)).toContain('Cost center');
    expect(await refusal(anIssue())).toMatchObject({ status: 400 });
  });

  it('TRANSITION_ISSUES is offered no transition', async () => {
    const key = await anIssue();
    simulator.command('set_permissions', { without: ['TRANSITION_ISSUES'] });

    expect((await client().issues.getTransitions({ issueIdOrKey: key })).transitions).toEqual([]);
  });

  it.each([
    ['the token revoked', () => simulator.command('revoke_token')],
    ['the right to browse gone', () => simulator.command('set_permissions', { without: ['BROWSE_PROJECTS'] })],
  ])('finds nothing and is not told why: %s', async (_, lose) => {
    await anIssue();
    lose();

    expect(await found()).toEqual([]);
  });

  it('the whole account is a stranger: nothing is found, and a header alone says why', async () => {
    const key = await anIssue();
    const stranger = client('wrong');

    const seen = [
      await refusal(stranger.issues.getIssue({ issueIdOrKey: key })),
      await refusal(stranger.myself.getCurrentUser()),
    ];
    const { headers } = await fetch(`${simulator.url}/rest/api/3/issueLinkType`, {
      method: 'GET',
      headers: { authorization: 'Basic eDp5' },
    });

    expect(seen.map((one) => one.name)).toEqual(['NotFoundError', 'AuthError']);
    expect(headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
  });
});

describe('the search', () => {
  it('sees a new issue late, unless it is asked for by its id', async () => {
    simulator.command('set_index_delay', { delayMs: 200 });
    const { id, key } = await client().issues.createIssue({ fields: fields() });

    const atOnce = await found();
    const asked = { jql: `labels = ${LABEL}`, fields: ['key'], reconcileIssues: [Number(id)] };
    const reconciled = await client().issueSearch.searchAndReconsileIssuesUsingJqlPost(asked);

    expect(atOnce).toEqual([]);
    expect(reconciled.issues?.map((one) => one.key)).toEqual([key]);
    await vi.waitFor(async () => expect(await found()).toEqual([key]), 2000);
  });

  it('stays where it was while it is frozen: the new is missing, the deleted is there', async () => {
    const first = await anIssue();
    simulator.command('freeze_index', { on: true });
    const second = await anIssue();
    simulator.command('delete_issue', { issue: first });

    const frozen = await found();
    simulator.command('freeze_index', { on: false });

    expect(frozen).toEqual([first]);
    expect(await found()).toEqual([second]);
    expect(picture().deleted).toHaveLength(1);
  });

  it('loses a moved issue from its project, while its old key still leads to it', async () => {
    const key = await anIssue();
    simulator.command('move_issue', { issue: key, project: 'FACIL' });

    const issue = await client().issues.getIssue({ issueIdOrKey: key });

    expect(issue.key).toBe('FACIL-1');
    expect([await found(), await found(`labels = "${LABEL}"`)]).toEqual([[], ['FACIL-1']]);
  });

  it('pages by a token that belongs to its query, and gives ids alone unless asked for more', async () => {
    for (let at = 0; at < 5; at += 1) await anIssue();
    const { searchAndReconsileIssuesUsingJqlPost: search } = client().issueSearch;
    const jql = `labels = "${LABEL}" ORDER BY created ASC`;

    const first = await search({ jql, maxResults: 3 });
    const token = String(first.nextPageToken);
    const second = await search({ jql, maxResults: 3, nextPageToken: token });
    const foreign = await refusal(search({ jql: 'labels = "other"', nextPageToken: token }));

    expect([first.isLast, second.isLast, second.nextPageToken]).toEqual([false, true, undefined]);
    expect(second.issues).toEqual([{ id: expect.any(String) }, { id: expect.any(String) }]);
    expect(foreign.status).toBe(400);
  });
});

describe('what jira.js does by itself', () => {
  it.each([
    [undefined, 1],
    [{ maxAttempts: 3, initialDelayMs: 1 }, 3],
  ])('repeats a 503 only where it is told to: %o', async (retry, times) => {
    simulator.faults.add({ kind: 'status', operation: 'jira.createIssue', times: 9 });
    const { url: host, email, apiToken } = simulator;
    const jira = createCloudClient({ host, auth: { type: 'basic', email, apiToken }, ...(retry && { retry }) });

    expect(await refusal(jira.issues.createIssue({ fields: fields() }))).toMatchObject({ name: 'ServerError' });
    expect(simulator.journal.calls).toHaveLength(times);
  });

  it('sends a description that is a string to the old API, as wiki text', async () => {
    await refusal(anIssue({ description: 'h1. wiki' }));

    expect(recorded.pop()?.path).toBe('/rest/api/2/issue');
  });

  it('puts what it is given into the path as it is', async () => {
    await refusal(client().issues.getIssue({ issueIdOrKey: '../myself' }));

    expect(simulator.journal.calls[0]).toMatchObject({ operation: 'jira.getCurrentUser' });
    recorded.pop();
  });
});

/** Of any operation, named by none. */
const ANYWHERE = new Set([429, 503]);

function problemsOf(exchange: Exchange): string[] {
  const problems = spec?.validateExchange(withoutIsLast(exchange)) ?? [];
  if (exchange.status < 400) return problems;
  // The spec gives most refusals no shape: they are held against the one it gives to some.
  const asCreate = { method: 'POST', path: '/rest/api/3/issue', status: 400, responseBody: exchange.responseBody };
  const ofStatus = problems.filter(
    (one) => !ANYWHERE.has(exchange.status) && one.includes('status is not in the spec'),
  );
  const ofPath = problems.filter((one) => one.endsWith(': not in the spec'));
  return [...ofStatus, ...ofPath, ...(spec?.validateExchange(asCreate) ?? [])];
}

/** A search says `isLast` today; the stored copy of the spec (2025) is older than that. @see VENDORS.md section 6 */
function withoutIsLast(exchange: Exchange): Exchange {
  if (!exchange.path.startsWith('/rest/api/3/search/jql')) return exchange;
  const { isLast: _, ...responseBody } = exchange.responseBody as { isLast?: boolean };
  return { ...exchange, responseBody };
}

describe.skipIf(!spec)('the published spec', () => {
  it('holds for every recorded exchange', () => {
    expect(recorded.length).toBeGreaterThan(80);
    expect([...new Set(recorded.flatMap(problemsOf))]).toEqual([]);
  });

  it('would report a wrong body, status, parameter, path or request', () => {
    const created = recorded.find((one) => one.path === '/rest/api/3/issue' && one.status === 201) as Exchange;
    const read = recorded.find((one) => /issue\/ITOPS-\d+$/.test(one.path) && one.status === 200) as Exchange;
    const refused = recorded.find((one) => one.path.endsWith('/comment') && one.status === 400) as Exchange;
    const problems = (one: Exchange, change: Partial<Exchange>) => problemsOf({ ...one, ...change });

    expect([...problems(created, {}), ...problems(read, {}), ...problems(refused, {})]).toEqual([]);
    expect(problems(created, { responseBody: { id: 1, key: 'ITOPS-41' } })[0]).toContain('must be string');
    expect(problems(created, { responseBody: { ...(created.responseBody as object), keey: 'x' } })[0]).toContain(
      'must NOT have additional properties',
    );
    expect(problems(created, { status: 204, responseBody: undefined })[0]).toContain('status is not in the spec');
    expect(problems(created, { requestBody: { properties: [{ kee: 'x' }] } })[0]).toContain('request');
    expect(problems(read, { path: `${read.path}?verbose=1` })[0]).toContain('verbose');
    expect(problems(read, { path: '/rest/api/3/ticket/1' })[0]).toContain('not in the spec');
    expect(problems(refused, { responseBody: { message: 'no' } })[0]).toContain('additional properties');
    expect(problems(refused, { status: 418 })[0]).toContain('status is not in the spec');
  });

  it('has no other operation on the paths we use than those listed as not covered', () => {
    const covered = new Set(recorded.map((one) => spec?.operationIdOf(one)));
    const known = new Set(recorded.flatMap((one) => spec?.siblingsOf(one) ?? []));
    const listed = JSON.parse(
      readFileSync(new URL('jira-uncovered-operations.json', import.meta.url), 'utf8'),
    ) as string[];

    expect([...known].filter((one) => !covered.has(one)).toSorted()).toEqual(listed);
  });
});
