// The Jira connector against the simulator: what it reads and writes, and that each trouble is one request and the right word.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type JiraSimulator, startJiraSimulator } from '../../sandbox/vendors/jira/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { adfDocument, bulletList, link, paragraph, strong, text } from '../../src/connectors/jira/adf.ts';
import { connectJira, type Jira } from '../../src/connectors/jira/client.ts';
import { JIRA_PERMISSIONS } from '../../src/connectors/jira/project.ts';
import type { CallReport } from '../../src/connectors/watch-call.ts';

/** Short, so that a call that gets no answer ends soon. */
const DEADLINE_MS = 400;
const LABEL = 'sendoff-0191b1f2-7a40-7000-8000-000000000012';
const ADF = adfDocument(paragraph(text('Accounts are being closed.')));
const NEW = {
  project: 'ITOPS',
  issueType: 'Task',
  summary: 'Offboarding',
  description: ADF,
  labels: [LABEL],
  properties: { sendoff: { run: '0191b1f2' } },
} as const;

let simulator: JiraSimulator;
let jira: Jira;

beforeAll(async () => {
  simulator = await startJiraSimulator();
  jira = connect();
  await jira.whoAmI(); // loads jira.js
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.faults.clear();
  simulator.command('reset');
  simulator.journal.clear();
});

function connect(change: { apiToken?: string; url?: string } = {}): Jira {
  const { url, email, apiToken } = simulator;
  return connectJira({ url, email, apiToken, ...change, deadlineMs: DEADLINE_MS, pace: async () => undefined });
}

/** How the call ended, in a word. */
async function kindOf(call: Promise<unknown>): Promise<ConnectorErrorKind | 'answered'> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof ConnectorError) return error.kind;
    throw error;
  }
}

async function failure(call: Promise<unknown>): Promise<ConnectorError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('answered');
}

const asked = (operation: string): number =>
  simulator.journal.calls.filter((call) => call.operation === operation).length;

it('tells of each call: which, how it ended, how long it took', async () => {
  const told: CallReport[] = [];
  const { url, email, apiToken } = simulator;
  const watched = connectJira({
    ...{ url, email, apiToken, deadlineMs: DEADLINE_MS, pace: async () => undefined },
    onCall: (report) => told.push(report),
  });
  await watched.whoAmI();
  await watched.createIssue(NEW);
  simulator.command('revoke_token');
  await kindOf(watched.getIssue('ITOPS-1'));

  expect(told.map(({ operation, kind, outcome }) => [operation, kind, outcome])).toEqual([
    ['getCurrentUser', 'read', 'answered'],
    ['createIssue', 'write', 'answered'],
    ['getIssue', 'read', 'unauthorized'],
  ]);
  expect(told.every(({ vendor, tookMs }) => vendor === 'jira' && tookMs > 0)).toBe(true);
});

describe('a ticket', () => {
  it('is made, found again by its label, and read with its properties and its status', async () => {
    const { key, id } = await jira.createIssue(NEW);

    const [found] = await jira.findIssuesByLabel('ITOPS', LABEL);
    const read = await jira.getIssue(key);

    expect(found).toEqual(read);
    expect(read).toEqual({
      id,
      key,
      projectKey: 'ITOPS',
      issueType: 'Task',
      summary: 'Offboarding',
      labels: [LABEL],
      status: 'To Do',
      statusCategory: 'new',
      parentKey: null,
      properties: { sendoff: { run: '0191b1f2' } },
    });
    expect(key).not.toMatch(/^(OFF|RET)-/);
  });

  it('keeps one comment for each marker, over several pages', async () => {
    const { key } = await jira.createIssue(NEW);
    simulator.command('set_write_limit', { windows: [{ most: 1000, ms: 1000 }] });
    simulator.command('set_burst_limit', { perSecond: 1000 });
    for (let seq = 1; seq <= 130; seq += 1) await jira.addComment(key, { adf: ADF, property: { seq } });

    const comments = await jira.listComments(key);

    expect(comments.map((one) => one.property)).toEqual(Array.from({ length: 130 }, (_, at) => ({ seq: at + 1 })));
    expect(comments[0]?.createdAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(asked('jira.getComments')).toBe(2);
  });

  it('is closed along the transitions on offer', async () => {
    const { key } = await jira.createIssue(NEW);
    for (const wanted of ['indeterminate', 'done']) {
      const next = (await jira.listTransitions(key)).find((one) => one.statusCategory === wanted);
      await jira.transition(key, next?.id ?? '');
    }

    expect(await jira.getIssue(key)).toMatchObject({ status: 'Done', statusCategory: 'done' });
    expect(await kindOf(jira.transition(key, '31'))).toBe('rejected');
  });

  it('has sub-tasks, and a twin that is linked to it as its duplicate', async () => {
    const [original, twin] = [await jira.createIssue(NEW), await jira.createIssue(NEW)];

    const { key } = await jira.createSubtask(original.key, { ...NEW, issueType: 'Sub-task', labels: [] });
    await jira.linkAsDuplicate(twin.key, original.key);
    await jira.linkAsDuplicate(twin.key, original.key);

    expect(await jira.getIssue(key)).toMatchObject({ parentKey: original.key });
    const { links } = simulator.state() as { links: unknown[] };
    expect(links).toEqual([{ type: 'Duplicate', inward: twin.key, outward: original.key }]);
  });

  it('that a person moved or deleted is found under its new key, or not at all', async () => {
    const { key } = await jira.createIssue(NEW);
    simulator.command('move_issue', { issue: key, project: 'FACIL' });
    const moved = await jira.getIssue(key);
    const [inProject, anywhere] = [
      await jira.findIssuesByLabel('ITOPS', LABEL),
      await jira.findIssuesByLabel(null, LABEL),
    ];
    simulator.command('delete_issue', { issue: 'FACIL-1' });

    expect(moved).toMatchObject({ key: 'FACIL-1', projectKey: 'FACIL' });
    expect([inProject.length, anywhere.map((one) => one.key)]).toEqual([0, ['FACIL-1']]);
    expect(await jira.getIssue(key)).toBeNull();
  });

  it('is not found by its label while the index is behind', async () => {
    simulator.command('freeze_index', { on: true });
    await jira.createIssue(NEW);

    const behind = await jira.findIssuesByLabel('ITOPS', LABEL);
    simulator.command('freeze_index', { on: false });

    expect(behind).toEqual([]);
    expect(await jira.findIssuesByLabel('ITOPS', LABEL)).toHaveLength(1);
  });

  it('is one of many: the search reads every page', async () => {
    for (let at = 0; at < 60; at += 1) await jira.createIssue(NEW);

    const found = await jira.findIssuesByLabel('ITOPS', LABEL);

    expect(new Set(found.map((one) => one.key)).size).toBe(60);
    expect(found[0]?.key).toBe('ITOPS-41');
    expect(asked('jira.searchAndReconsileIssuesUsingJqlPost')).toBe(2);
  });
});

describe('the project', () => {
  it('says what can be made in it and what we may do', async () => {
    simulator.command('set_permissions', { without: ['LINK_ISSUES'] });

    expect((await jira.getProject('ITOPS'))?.issueTypes.map(({ name, subtask }) => [name, subtask])).toEqual([
      ['Task', false],
      ['Sub-task', true],
    ]);
    expect(await jira.myPermissions('ITOPS')).toEqual(
      Object.fromEntries(JIRA_PERMISSIONS.map((one) => [one, one !== 'LINK_ISSUES'])),
    );
  });

  it('that is not there, or not ours to see, is null', async () => {
    expect([await jira.getProject('NOPE'), await jira.myPermissions('NOPE')]).toEqual([null, null]);
  });
});

describe('what others typed', () => {
  const NASTY = [
    'h1. wiki {code}x{code} [~admin] |a|',
    '<script>alert(1)</script> &lt; & "quotes"',
    '[click](javascript:alert(1))',
    '\u202Eesrever\u0000\u0007\u200B',
    'a\r\nb\tc\u2028d',
    '\uD83D half of an emoji',
    '',
    ' ',
    'Zoë 山田 👩‍👩‍👧',
  ];

  it.each(NASTY)('stays text: %j', async (words) => {
    const description = adfDocument(
      paragraph(text(words), strong(words), link(words, words)),
      bulletList(text(words), link('page', 'https://acme.test/a b?x=<y>')),
      bulletList(),
    );

    const { key } = await jira.createIssue({ ...NEW, description });
    await jira.addComment(key, { adf: adfDocument(paragraph(text('about: '), text(words))), property: { words } });

    const written = JSON.stringify(description);
    const addresses = [...written.matchAll(/"href":"([^"]*)"/g)].map(([, href]) => href);
    const known = ['doc', 'paragraph', 'bulletList', 'listItem', 'text', 'hardBreak', 'strong', 'link'];
    const types = [...written.matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
    expect(new Set(addresses)).toEqual(new Set(['https://acme.test/a%20b?x=%3Cy%3E']));
    expect(types.filter((type) => !known.includes(type ?? ''))).toEqual([]);
    expect(written).not.toMatch(/\\u|\u202E|\u2028|\u200B/);
  });

  it.each(['x" OR project = "FACIL', 'a b', "x'", '', 'ü', 'x\\'])(
    'never gets into a query or a path: %j',
    async (words) => {
      const kinds = [
        await kindOf(jira.findIssuesByLabel('ITOPS', words)),
        await kindOf(jira.findIssuesByLabel(words, LABEL)),
        await kindOf(jira.getIssue(words)),
        await kindOf(jira.getProject(words)),
        await kindOf(jira.transition('ITOPS-1', words)),
      ];

      expect(new Set(kinds)).toEqual(new Set(['rejected']));
      expect(simulator.journal.calls).toEqual([]);
    },
  );

  it('never leads out of the address of an issue', async () => {
    expect(await kindOf(jira.getIssue('../myself'))).toBe('rejected');
    expect(simulator.journal.calls).toEqual([]);
  });
});

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['half an answer', { kind: 'truncate' }, 'transient', 'ambiguous'],
  ['no answer at all', { kind: 'hold_before' }, 'transient', 'ambiguous'],
  ['another answer than promised', { kind: 'status', status: 200, body: { id: 7 } }, 'transient', 'ambiguous'],
  ['a page instead of JSON', { kind: 'status', status: 200, body: '<html>' }, 'transient', 'ambiguous'],
  ['401', { kind: 'status', status: 401 }, 'unauthorized', 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized', 'unauthorized'],
  ['404', { kind: 'status', status: 404 }, 'not_found', 'not_found'],
  ['409', { kind: 'status', status: 409 }, 'transient', 'transient'],
  ['400', { kind: 'status', status: 400 }, 'rejected', 'rejected'],
  ['413', { kind: 'status', status: 413 }, 'rejected', 'rejected'],
];

describe('Jira is asked once and no more on', () => {
  it.each(TROUBLES)('%s', async (_, trouble, ofRead, ofWrite) => {
    const { key } = await jira.createIssue(NEW);
    simulator.journal.clear();
    const calls = [
      ['jira.searchAndReconsileIssuesUsingJqlPost', () => jira.findIssuesByLabel('ITOPS', LABEL)],
      ['jira.getComments', () => jira.listComments(key)],
      ['jira.createIssue', () => jira.createIssue(NEW)],
      ['jira.addComment', () => jira.addComment(key, { adf: ADF, property: { seq: 1 } })],
    ] as const;
    for (const [operation] of calls) simulator.faults.add({ ...trouble, operation, times: 9 });

    const kinds = await Promise.all(calls.map(([, send]) => kindOf(send())));

    expect(kinds).toEqual([ofRead, ofRead, ofWrite, ofWrite]);
    expect(calls.map(([operation]) => asked(operation))).toEqual([1, 1, 1, 1]);
  });

  it('a deadline, which ends the body too', async () => {
    simulator.faults.add({ kind: 'hold_answer', operation: 'jira.createIssue' });
    const startedAt = performance.now();

    const error = await failure(jira.createIssue(NEW));

    expect(error).toMatchObject({ kind: 'ambiguous', status: null, reason: 'timed out' });
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS * 4);
    expect((simulator.state() as { issues: unknown[] }).issues).toHaveLength(1);
  });

  it('a body that never ends', async () => {
    const server = createServer(
      (_, response) => void response.writeHead(201, { 'content-type': 'application/json' }).write('{"id":'),
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

    const error = await failure(
      connect({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }).createIssue(NEW),
    );
    server.closeAllConnections();
    server.close();

    expect(error).toMatchObject({ kind: 'ambiguous', reason: 'timed out' });
  });

  it('a redirect, which it does not follow', async () => {
    simulator.faults.add({ kind: 'status', status: 302, operation: 'jira.getCurrentUser' });

    expect(await kindOf(jira.whoAmI())).toBe('transient');
  });

  it('a Jira that is not there, where a write is not in doubt', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((done) => server.close(done));

    expect(await kindOf(connect({ url }).createIssue(NEW))).toBe('transient');
  });
});

describe('what Jira says is passed on', () => {
  it('how long to wait, and for which of its limits', async () => {
    const { key } = await jira.createIssue(NEW);
    simulator.command('set_write_limit', { windows: [{ most: 1, ms: 30_000 }] });
    await jira.addComment(key, { adf: ADF, property: { seq: 1 } });

    const error = await failure(jira.addComment(key, { adf: ADF, property: { seq: 2 } }));

    expect(error).toMatchObject({
      kind: 'rate_limited',
      status: 429,
      vendorCode: 'jira-per-issue-on-write',
      retryAfterMs: 30_000,
    });
  });

  it('which field is wrong, and never a credential', async () => {
    const error = await failure(jira.createIssue({ ...NEW, labels: ['a b'] }));

    expect(error.message).toBe("jira createIssue ITOPS: 400 labels: The label 'a b' contains spaces which is invalid.");
    expect(JSON.stringify([error, error.stack, String(error.cause)])).not.toContain(simulator.apiToken);
  });
});

describe('lost rights', () => {
  it.each([
    ['a revoked token', () => simulator.command('revoke_token')],
    ['a wrong token', () => undefined],
  ])('%s is no empty search and no missing issue', async (words, lose) => {
    const { key } = await jira.createIssue(NEW);
    lose();
    const stranger = words === 'a wrong token' ? connect({ apiToken: 'wrong' }) : jira;

    const kinds = await Promise.all([
      kindOf(stranger.findIssuesByLabel('ITOPS', LABEL)),
      kindOf(stranger.getIssue(key)),
      kindOf(stranger.getProject('ITOPS')),
      kindOf(stranger.myPermissions('ITOPS')),
      kindOf(stranger.createIssue(NEW)),
      kindOf(stranger.addComment(key, { adf: ADF, property: {} })),
    ]);

    expect(new Set(kinds)).toEqual(new Set(['unauthorized']));
  });

  it.each([
    ['CREATE_ISSUES', 'unauthorized', () => jira.createIssue(NEW)],
    ['ADD_COMMENTS', 'unauthorized', (key: string) => jira.addComment(key, { adf: ADF, property: {} })],
    ['TRANSITION_ISSUES', 'unauthorized', (key: string) => jira.transition(key, '21')],
    ['LINK_ISSUES', 'not_found', (key: string) => jira.linkAsDuplicate(key, key)],
    ['BROWSE_PROJECTS', 'not_found', (key: string) => jira.listComments(key)],
    ['BROWSE_PROJECTS', 'rejected', () => jira.createIssue(NEW)],
  ] as const)('%s: %s', async (permission, kind, send) => {
    const { key } = await jira.createIssue(NEW);
    simulator.command('set_permissions', { without: [permission] });

    expect(await kindOf(send(key))).toBe(kind);
  });

  it('BROWSE_PROJECTS empties the search without a word, and only the permissions tell', async () => {
    await jira.createIssue(NEW);
    simulator.command('set_permissions', { without: ['BROWSE_PROJECTS'] });

    expect([await jira.findIssuesByLabel('ITOPS', LABEL), await jira.myPermissions('ITOPS')]).toEqual([[], null]);
  });
});

describe('the pace', () => {
  it('is asked for before each read and before no write', async () => {
    let waits = 0;
    const { url, email, apiToken } = simulator;
    const pace = async (): Promise<void> => {
      waits += 1;
    };
    const paced = connectJira({ url, email, apiToken, deadlineMs: DEADLINE_MS, pace });

    const { key } = await paced.createIssue(NEW);
    const ofWrites = waits;
    await paced.getIssue(key);
    await paced.findIssuesByLabel('ITOPS', LABEL);

    expect([ofWrites, waits]).toEqual([0, 2]);
  });
});

describe('the simulator', () => {
  it('knows nothing of src/', () => {
    for (const file of ['server', 'operation', 'issue-operations', 'commands']) {
      const source = readFileSync(new URL(`../../sandbox/vendors/jira/${file}.ts`, import.meta.url), 'utf8');

      expect(source).not.toMatch(/from '[^']*\/src\//);
    }
  });
});
