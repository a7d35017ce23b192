// Builds a record of an offboarding that went well, for tests of the judge: each test spoils what it is about.
import type {
  Call,
  Evidence,
  GoogleUser,
  Message,
  OktaDevice,
  OktaUser,
  ReturnOrder,
  Ticket,
} from '../../judge/evidence.ts';

export const [DANA, ALEX, BOT] = ['00uDana', '00uAlex', 'U0BOT'] as const;
const [STARTED_AT, CHANNEL, ROOT_TS] = [1_772_442_000_000, 'C0ITOPS', '3.0'] as const;
const STEPS = [
  'Okta access recorded',
  'Sign-in blocked',
  'Second factors removed',
  'Registered devices removed',
  'Okta account deactivated',
];

const G_DANA = 'g-dana';

function aGoogleUser(id: string): GoogleUser {
  return {
    id,
    primaryEmail: `${id}@acme.test`,
    suspended: false,
    archived: false,
    sessions: 1,
    tokens: ['app'],
    appPasswords: ['mail'],
    backupCodes: 3,
    recoveryEmail: 'private@home.test',
    recoveryPhone: null,
    mailbox: { delegates: [] },
  };
}

function aPhone(actions: string[]) {
  return { user: `${G_DANA}@acme.test`, actions };
}

function aTransfer(applicationId: string) {
  const between = { oldOwner: `${G_DANA}@acme.test`, newOwner: 'g-alex@acme.test' };
  return { ...between, status: 'completed', applications: [{ applicationId }] };
}

/** Fresh objects at each call, so that a test may change them. */
export function anEvidence(): Evidence {
  return {
    kind: 'offboarding',
    audit: [],
    person: { oktaId: DANA, googleId: G_DANA, name: 'Dana Whitfield' },
    channelId: CHANNEL,
    refused: ['U0ALEX'],
    apps: [
      { name: 'Figma', asked: ['U0GRACE'] },
      { name: 'Miro', asked: ['U0SAM'] },
    ],
    before: {
      okta: {
        users: [aUser(DANA), aUser(ALEX)],
        devices: [aDevice('own', [DANA]), aDevice('shared', [DANA, ALEX]), aDevice('other', [ALEX])],
      },
      google: {
        users: [aGoogleUser(G_DANA), aGoogleUser('g-alex')],
        devices: [aPhone([])],
        transfers: [],
      },
    },
    after: {
      okta: {
        users: [
          { ...aUser(DANA), status: 'DEPROVISIONED', sessions: 0, clientTokens: {}, grants: 0, factors: [] },
          aUser(ALEX),
        ],
        devices: [aDevice('shared', [DANA, ALEX]), aDevice('other', [ALEX])],
      },
      slack: {
        bot: { userId: BOT },
        channels: [{ id: CHANNEL, messages: someMessages() }, aDirect('U0GRACE', 'Figma'), aDirect('U0SAM', 'Miro')],
        ephemerals: { U0ALEX: [aMessage('9.0', 'You are not on the operator list.')] },
        views: { U0LIN: [{ shown: [{ title: 'Offboard someone' }] }] },
        deliveries: [
          aDelivery('slash_command', 'U0ALEX'),
          aDelivery('slash_command', 'U0LIN'),
          aDelivery('view_submission', 'U0LIN'),
          aDelivery('block_actions', 'U0SAM', 1, { actions: [{ action_id: 'step_retry' }] }),
          aDelivery('view_submission', 'U0SAM', 2, {
            view: { state: { values: { form_serial: { form_field: { value: ' c02dana1' } } } } },
          }),
          aDelivery('block_actions', 'U0GRACE', 2.5, { actions: [{ action_id: 'step_approve' }] }),
        ],
        timeouts: [],
      },
      jira: { issues: [aTicket()] },
      google: {
        users: [
          {
            ...aGoogleUser(G_DANA),
            ...{ sessions: 0, tokens: [], appPasswords: [], backupCodes: 0, recoveryEmail: null, suspended: true },
          },
          aGoogleUser('g-alex'),
        ],
        devices: [aPhone(['admin_account_wipe'])],
        transfers: [aTransfer('drive'), aTransfer('calendar')],
      },
      retriever: { orders: [anOrder()] },
    },
    journals: {
      okta: someCalls(),
      slack: [aCall(1, 'slack.chat.postMessage', CHANNEL)],
      jira: [aCall(1, 'jira.createIssue', 'ITOPS-41')],
      retriever: [aCall(1, 'retriever.createDeviceReturn', 'OFF-1/C02DANA0001')],
      google: [
        aCall(1, 'google.directory.users.patch', G_DANA, {
          detail: { subject: G_DANA, sent: { password: '(a new one)', changePasswordAtNextLogin: false } },
        }),
        aCall(2, 'google.directory.mobiledevices.action', '', { detail: { sent: { action: 'admin_account_wipe' } } }),
        aCall(3, 'google.datatransfer.transfers.insert', ''),
        aCall(4, 'google.datatransfer.transfers.insert', ''),
        aCall(5, 'google.gmail.users.settings.delegates.create', '', {
          detail: { subject: `${G_DANA}@acme.test`, sent: { delegateEmail: 'g-alex@acme.test' } },
        }),
        aCall(6, 'google.gmail.users.settings.delegates.delete', '', {
          detail: { subject: `${G_DANA}@acme.test`, delegateEmail: 'g-alex@acme.test', sent: {} },
        }),
        aCall(7, 'google.directory.users.patch', G_DANA, { detail: { subject: G_DANA, sent: { suspended: true } } }),
      ],
      jamf: [aCall(3, 'jamf.eraseComputer', '', { detail: { serials: ['C02DANA1'] } })],
      snipeit: [aCall(4, 'snipeit.checkin', '', { detail: { id: '101' } })],
    },
  };
}

export function aCall(seq: number, operation: string, subject: string, more: Partial<Call> = {}): Call {
  const fixed = { seq, at: STARTED_AT + seq * 100, operation, write: true, applied: true, status: 200 };
  return { ...fixed, detail: { subject, oauthTokens: 'true' }, ...more };
}

export function aTicket(): Ticket {
  const texts = [
    STEPS.map((step) => `Done: ${step} · read back from Okta`).join('\n'),
    'Failed: Registered devices not removed · waits for somebody in Slack\nRetried: Remove registered devices · by Sam Rivera',
    'OFF-1 has ended · 6 of 6 steps done',
  ];
  return {
    key: 'ITOPS-41',
    summary: 'Offboarding OFF-1: Dana Whitfield',
    description: 'Who: Dana Whitfield',
    status: 'Done',
    statusCategory: 'done',
    comments: texts.map((text) => ({ text })),
  };
}

export function aMessage(ts: string, text: string, threadTs: string | null = null): Message {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text } }];
  return { ts, user: BOT, text, blocks, thread_ts: threadTs, original: { text, blocks }, edits: [] };
}

export function aReply(ts: string, text: string): Message {
  return aMessage(ts, text, ROOT_TS);
}

/** The message of the run itself. */
export function rootOf(evidence: Evidence): Message {
  const root = messagesOf(evidence).find((message) => message.ts === ROOT_TS);
  if (!root) throw new Error('this record has no root message');
  return root;
}

export function messagesOf(evidence: Evidence): Message[] {
  return evidence.after.slack.channels[0]?.messages ?? [];
}

export function personAfter(evidence: Evidence): OktaUser {
  const person = evidence.after.okta.users.find((user) => user.id === DANA);
  if (!person) throw new Error('this record has no Dana');
  return person;
}

export function aDevice(id: string, userIds: string[]): OktaDevice {
  return { id, status: 'ACTIVE', displayName: id, userIds };
}

function aUser(id: string): OktaUser {
  return {
    id,
    status: 'ACTIVE',
    sessions: 2,
    clientTokens: { mail: 1 },
    grants: 1,
    factors: ['push'],
    deviceIds: ['shared'],
  };
}

function someMessages(): Message[] {
  return [
    {
      ...aMessage('1.0', 'U0ALEX tried /offboard and was refused: not an operator.'),
      blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: '<@U0ALEX> was refused' }] }],
    },
    aMessage('2.0', 'U0LIN ran /offboard for dana@acme.test'),
    {
      ...aMessage(ROOT_TS, 'Dana Whitfield is offboarded. 5 of 5 steps done · took 4 s'),
      edits: [aParcelPicture('in transit', 'not on its way yet'), aParcelPicture('delivered Mar 3', 'in transit')],
    },
    ...['a day', '7 days', '30 days', '60 days'].map((day, at) =>
      aReply(`3.${at + 1}`, `Still closed ${day} later: Dana Whitfield. Looked at 7 closed doors again.`),
    ),
    ...STEPS.map((step, at) => aReply(`4.${at}`, `${step} for Dana Whitfield. · 05:45`)),
    { ...aReply('5.0', 'Report: Dana Whitfield is offboarded. 5 of 5 steps done'), blocks: [aReport()] },
  ];
}

/** The question to who looks after an app. */
export function aDirect(user: string, app: string): Evidence['after']['slack']['channels'][number] {
  const text = `Dana Whitfield leaves: please remove their access. ${app}`;
  return { id: `D-${user}`, kind: 'im', members: [BOT, user], messages: [aMessage(`6.${user.length}`, text)] };
}

function aReport() {
  const row = (...cells: string[]) => cells.map((text) => ({ type: 'raw_text', text }));
  const apps = ['Figma', 'Miro'].map((app) => row(`Have access removed (${app})`, 'attested, not verified'));
  return { type: 'table', rows: [row('Step', 'Result'), ...apps] };
}

export function anOrder(): ReturnOrder {
  const sent = { serial_number: 'C02DANA0001', employee_info: { address_line_1: '12 Elm Street' } };
  return { isCancelled: false, viaApi: true, sent };
}

/** A version of the root that tells of both parcels. */
export function aParcelPicture(box: string, device: string): Message['original'] {
  const text = `waiting: Box: ${box} · Device: ${device}`;
  return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}

function someCalls(): Call[] {
  return [
    aCall(1, 'okta.suspendUser', DANA),
    aCall(2, 'okta.revokeUserSessions', DANA),
    aCall(3, 'okta.unenrollFactor', DANA),
    aCall(4, 'okta.deactivateDevice', 'own', { applied: false, status: 503 }),
    aCall(5, 'okta.deactivateDevice', 'own'),
    aCall(6, 'okta.deleteDevice', 'own'),
    aCall(7, 'okta.deactivateUser', DANA),
    aCall(8, 'okta.revokeUserSessions', DANA),
  ];
}

/** `after`: tenths of a second since the start. */
function aDelivery(
  kind: string,
  user: string,
  after = 0,
  payload: unknown = {},
): Evidence['after']['slack']['deliveries'][number] {
  const raw = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return { at: STARTED_AT + after * 100, kind, user, status: 200, ackMs: 12, forged: false, raw };
}

/** The same person, taken out and let in again on two people's word. */
export function anUndo(): Evidence {
  const evidence = anEvidence();
  const groups = ['everyone', 'engineering'];
  const [dana] = evidence.before.okta.users;
  Object.assign(dana ?? {}, { groups });
  Object.assign(personAfter(evidence), { ...dana, status: 'PROVISIONED', groups: [...groups] });
  const [account] = evidence.after.google.users;
  Object.assign(account ?? {}, { suspended: false });
  const report = aMessage('8.2', 'Report: Dana Whitfield is back, as far as that goes.', '8.0');
  report.blocks = [{ text: 'What did not come back: 2 second factors; On-call: deleted, so it does not come back' }];
  messagesOf(evidence).push(aMessage('8.0', 'Dana Whitfield is back, as far as that goes'), report);
  const undone = { callback_id: 'undo_confirm' };
  evidence.after.slack.deliveries.push(
    aDelivery('view_submission', 'U0LIN', 20, { view: undone }),
    aDelivery('block_actions', 'U0SAM', 21, { actions: [{ action_id: 'approval_approve' }] }),
  );
  evidence.journals.okta.push(aCall(30, 'okta.activateUser', DANA));
  evidence.audit = [
    { chain: 'a', actor: 'T/U0LIN', action: 'run.opened', kind: 'offboarding' },
    { chain: 'a', actor: 'T/U0SAM', action: 'run.undone', kind: null },
    { chain: 'b', actor: 'T/U0LIN', action: 'run.approval_asked', kind: 'rehire' },
    { chain: 'b', actor: 'T/U0SAM', action: 'run.approved', kind: null },
  ];
  return { ...evidence, kind: 'undo' };
}
