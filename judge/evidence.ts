// What is judged: the journals and states of the vendors' simulators, as plain JSON. Only the fields that the checks read.
import { z } from 'zod';

const Call = z.object({
  seq: z.number(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  operation: z.string(),
  write: z.boolean(),
  /** The vendor's state changed. */
  applied: z.boolean(),
  /** Null: the connection broke instead of an answer. */
  status: z.number().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type Call = z.infer<typeof Call>;

const OktaUser = z.looseObject({
  id: z.string(),
  status: z.string(),
  sessions: z.number(),
  clientTokens: z.record(z.string(), z.number()),
  grants: z.number(),
  factors: z.array(z.unknown()),
});
export type OktaUser = z.infer<typeof OktaUser>;

const OktaDevice = z.looseObject({
  id: z.string(),
  status: z.string(),
  displayName: z.string(),
  userIds: z.array(z.string()),
});
export type OktaDevice = z.infer<typeof OktaDevice>;

const OktaState = z.object({ users: z.array(OktaUser), devices: z.array(OktaDevice) });

const Picture = z.object({ text: z.string(), blocks: z.array(z.unknown()) });
const Message = Picture.extend({
  ts: z.string(),
  user: z.string(),
  thread_ts: z.string().nullable(),
  /** What it said first, and every later version. */
  original: Picture,
  edits: z.array(Picture),
});
export type Message = z.infer<typeof Message>;

const Delivery = z.object({
  at: z.number(),
  kind: z.string(),
  user: z.string(),
  status: z.number(),
  ackMs: z.number(),
  /** As it was sent: the form, or the JSON of a socket. */
  raw: z.string().default(''),
  /** Sent as the real Slack never would, to see it refused. */
  forged: z.boolean(),
});

const SlackState = z.object({
  bot: z.object({ userId: z.string() }),
  channels: z.array(
    z.object({
      id: z.string(),
      /** `im`: between the app and one person. */
      kind: z.string().optional(),
      members: z.array(z.string()).optional(),
      messages: z.array(Message),
    }),
  ),
  ephemerals: z.record(z.string(), z.array(Message)),
  views: z.record(z.string(), z.array(z.looseObject({ shown: z.array(z.looseObject({})) }))),
  deliveries: z.array(Delivery),
  timeouts: z.array(z.object({ kind: z.string(), problem: z.string() })),
});

const Ticket = z.looseObject({
  key: z.string(),
  summary: z.string(),
  description: z.string(),
  status: z.string(),
  statusCategory: z.string(),
  comments: z.array(z.looseObject({ text: z.string() })),
});
export type Ticket = z.infer<typeof Ticket>;
const JiraState = z.object({ issues: z.array(Ticket) });

const GoogleUser = z.looseObject({
  id: z.string(),
  primaryEmail: z.string(),
  suspended: z.boolean(),
  archived: z.boolean(),
  sessions: z.number(),
  tokens: z.array(z.unknown()),
  appPasswords: z.array(z.unknown()),
  backupCodes: z.number(),
  recoveryEmail: z.string().nullable(),
  recoveryPhone: z.string().nullable(),
  mailbox: z.looseObject({ delegates: z.array(z.looseObject({ email: z.string() })) }),
});
export type GoogleUser = z.infer<typeof GoogleUser>;
const GoogleState = z.object({
  users: z.array(GoogleUser),
  devices: z.array(z.looseObject({ user: z.string(), actions: z.array(z.string()) })),
  transfers: z.array(
    z.looseObject({
      oldOwner: z.string(),
      newOwner: z.string(),
      status: z.string(),
      applications: z.array(z.looseObject({ applicationId: z.string() })),
    }),
  ),
});

const ReturnOrder = z.looseObject({
  isCancelled: z.boolean(),
  /** False: somebody placed it in Retriever's portal. */
  viaApi: z.boolean(),
  sent: z.looseObject({
    serial_number: z.string(),
    employee_info: z.looseObject({ address_line_1: z.string() }),
  }),
});
export type ReturnOrder = z.infer<typeof ReturnOrder>;
const RetrieverState = z.object({ orders: z.array(ReturnOrder) });

export const Evidence = z.object({
  kind: z.enum(['offboarding', 'device_return', 'undo']).default('offboarding'),
  /** Who was to be taken out. */
  person: z.object({ oktaId: z.string(), googleId: z.string(), name: z.string() }),
  /** The private channel where the run is told. */
  channelId: z.string(),
  /** Slack ids of those who tried and may not. */
  refused: z.array(z.string()),
  /** Where nobody in Slack confirmed at that moment: when the run was allowed to act, and what began it. Absent: a confirmed window. */
  begun: z.object({ at: z.number(), by: z.enum(['hris', 'okta', 'schedule']) }).optional(),
  /** Apps outside Okta that concern the person, with the Slack ids of everybody who is to be asked about each. */
  apps: z.array(z.object({ name: z.string(), asked: z.array(z.string()) })).default([]),
  before: z.object({ okta: OktaState, google: GoogleState }),
  after: z.object({
    okta: OktaState,
    slack: SlackState,
    jira: JiraState,
    google: GoogleState,
    /** Absent: no box was sent. */
    retriever: RetrieverState.optional(),
  }),
  /** The app's own audit log, in the order of its chains: what it says of who did what. */
  audit: z
    .array(z.object({ chain: z.string(), actor: z.string(), action: z.string(), kind: z.string().nullable() }))
    .default([]),
  journals: z.object({
    okta: z.array(Call),
    slack: z.array(Call),
    jira: z.array(Call),
    google: z.array(Call),
    retriever: z.array(Call).default([]),
    jamf: z.array(Call).default([]),
    snipeit: z.array(Call).default([]),
  }),
});
export type Evidence = z.infer<typeof Evidence>;
