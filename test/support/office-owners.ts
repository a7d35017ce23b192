// Owners of apps outside Okta in flow tests: what stands in their direct messages, what they press, and the rows of their apps.
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Delivered } from '../../sandbox/vendors/slack/deliver.ts';
import type { Message } from '../../sandbox/vendors/slack/workspace.ts';
import type { Office } from './office.ts';
import { wordsOf } from './words.ts';

interface AppRow {
  readonly id: string;
  readonly status: string;
  readonly cause: string | null;
  readonly evidence: string | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface Owners {
  /** Rows of app.owner of every run, by the app's key. */
  apps(): Promise<Readonly<Record<string, AppRow>>>;
  /** Direct messages to somebody, oldest first. */
  directs(userId: string): readonly Message[];
  /** Their words. */
  words(userId: string): string;
  /** Waits until they were asked about this app. */
  asked(userId: string, app: string): Promise<void>;
  /** Presses a button of the question to `userId` about this app; `by` somebody else: as a forger would. */
  presses(userId: string, actionId: string, app: string, by?: string): Promise<Delivered>;
  /** As `presses`, with words in the window that opens. */
  says(userId: string, actionId: string, app: string, note: string): Promise<void>;
}

/** A policy of its own for one office. */
export function policyFile(text: string): string {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'sendoff-owners-')), 'sendoff.policy.yaml');
  writeFileSync(file, text);
  return file;
}

export function ownersIn(office: Office): Owners {
  const directs = (userId: string): readonly Message[] =>
    [...office.slack.workspace.channels.values()]
      .filter((one) => one.kind === 'im' && one.members.includes(userId))
      .flatMap((one) => one.messages);
  const words = (userId: string): string =>
    directs(userId)
      .map((one) => wordsOf(one.blocks))
      .join('\n');
  const owners: Owners = {
    async apps() {
      const rows = await office.db.query<AppRow & { subject: string }>(
        `SELECT id, subject, status::text, cause, evidence, after FROM step_run WHERE step = 'app.owner'`,
        [],
      );
      return Object.fromEntries(rows.map((row) => [row.subject, row]));
    },
    directs,
    words,
    asked: (userId, app) => office.until(() => words(userId).includes(app)),
    async presses(userId, actionId, app, by = userId) {
      const value = JSON.stringify({ stepRun: (await owners.apps())[app]?.id });
      const messageTs = directs(userId)[0]?.ts ?? '';
      return office.person(by).clicks(actionId, { messageTs, value, ...(by === userId ? {} : { force: true }) });
    },
    async says(userId, actionId, app, note) {
      await owners.presses(userId, actionId, app);
      await office.until(() => office.person(userId).view() !== null);
      await office.person(userId).submits({ note });
    },
  };
  return owners;
}
