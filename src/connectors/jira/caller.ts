// One call to Jira through jira.js: paced, watched, its errors classified. Loads the library when it is first needed.
import type { CloudClient } from 'jira.js';
import { type OnCall, watchCall } from '../watch-call.ts';
import { asConnectorError, type CallKind } from './errors.ts';
import { createTransport } from './transport.ts';

export interface JiraSettings {
  /** The site's root, without an API path. */
  readonly url: string;
  readonly email: string;
  readonly apiToken: string;
  /** One deadline for each request, its body included, in ms. */
  readonly deadlineMs: number;
  /** Waits for Jira's published rate before a read; writes are paced by who makes them. */
  pace(): Promise<void>;
  /** Told of each call, without what was waited before it. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says Jira's time. */
  onHeaders?(headers: Headers): void;
}

export type Caller = ReturnType<typeof createCaller>;

export function createCaller(settings: JiraSettings) {
  const transport = createTransport(settings);
  let loading: Promise<CloudClient> | null = null;
  // jira.js is one import of 1,900 files (half a second, 50 MB): loaded by the first call, outside its deadline.
  const load = (): Promise<CloudClient> => {
    loading ??= import('jira.js').then(({ createCloudClient }) => createCloudClient(transport));
    return loading;
  };
  const call = async <T>(
    kind: CallKind,
    operation: string,
    subject: string,
    send: (client: CloudClient) => Promise<T>,
  ): Promise<T> => {
    const client = await load();
    if (kind === 'read') await settings.pace();
    return watchCall(settings.onCall, { vendor: 'jira', operation, kind }, async () => {
      try {
        return await send(client);
      } catch (error) {
        throw asConnectorError(error, { operation, subject, kind });
      }
    });
  };
  const read = <T>(operation: string, subject: string, send: (client: CloudClient) => Promise<T>): Promise<T> =>
    call('read', operation, subject, send);
  const write = <T>(operation: string, subject: string, send: (client: CloudClient) => Promise<T>): Promise<T> =>
    call('write', operation, subject, send);
  return { read, write };
}
