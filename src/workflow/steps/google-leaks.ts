// Ways by which mail leaves a mailbox: who reads it, where it is forwarded, what filters send on; and what closes each.
import { createHash } from 'node:crypto';
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Google } from '../../connectors/google/client.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Effect, Facts, Observation } from '../model/step.ts';

export const REMOVE_DELEGATE = 'google.remove_delegate';
export const STOP_FORWARDING = 'google.stop_forwarding';
export const DELETE_FORWARDING_ADDRESS = 'google.delete_forwarding_address';
export const DELETE_FILTER = 'google.delete_forwarding_filter';

export interface Mailbox {
  readonly accounts: Pick<Google['accounts'], 'findUser'>;
  readonly mailbox: Google['mailbox'];
}

export interface Delegate {
  readonly email: string;
  readonly status: string | null;
  /** Google user id; a short hash of the address where it is no account of the company. */
  readonly id: string;
}

export interface Leaks {
  readonly delegates: readonly Delegate[];
  /** Address that everything is forwarded to; null: nothing is. */
  readonly forwardsTo: string | null;
  readonly addresses: readonly string[];
  readonly filters: readonly { readonly id: string; readonly email: string }[];
  readonly autoReply: { readonly isOn: boolean; readonly text: string | null };
}

export async function readLeaks({ google }: { readonly google: Mailbox }, account: Account): Promise<Leaks> {
  const { mailbox } = google;
  const [delegates, forwarding, addresses, filters, autoReply] = await Promise.all([
    listDelegates(google, account),
    mailbox.getAutoForwarding(account),
    mailbox.listForwardingAddresses(account),
    mailbox.listForwardingFilters(account),
    mailbox.getAutoReply(account),
  ]);
  return {
    delegates,
    forwardsTo: forwarding.isOn ? (forwarding.email ?? '') : null,
    addresses: addresses.map((one) => one.email),
    filters,
    autoReply,
  };
}

/** With the id behind each address: an address may have become an alias since. */
export async function listDelegates(google: Mailbox, account: Account): Promise<readonly Delegate[]> {
  const listed = await google.mailbox.listDelegates(account);
  return Promise.all(
    listed.map(async ({ email, status }) => {
      const found = await google.accounts.findUser(email.toLowerCase()).catch((error: unknown) => {
        // Not an address of the company.
        if (error instanceof ConnectorError && (error.status === 403 || error.status === 400)) return null;
        throw error;
      });
      return { email, status, id: found?.id ?? shortHash(email) };
    }),
  );
}

/** Names an address without holding it. */
export function shortHash(address: string): string {
  return `#${createHash('sha256').update(address.trim().toLowerCase()).digest('hex').slice(0, 12)}`;
}

/** Whoever reads the mailbox once it was taken back, and wherever it is forwarded then, came later. */
export function afterTheEnd(leaks: Leaks): Observation {
  const facts: Facts = { state: 'active', delegates: leaks.delegates.map((one) => one.id), takenBack: true };
  const would = closingOf(leaks, leaks.delegates);
  return would.length > 0 ? { is: 'unsatisfied', facts, would } : { is: 'satisfied', basis: 'read_back', facts };
}

export function closingOf(leaks: Leaks, others: readonly Delegate[]): Effect[] {
  return [
    ...(leaks.forwardsTo === null ? [] : [{ name: STOP_FORWARDING, repeat: 'safe' as const }]),
    ...leaks.filters.map(({ id }) => ({ name: DELETE_FILTER, target: id, repeat: 'safe' as const })),
    ...leaks.addresses.map((one) => ({
      name: DELETE_FORWARDING_ADDRESS,
      target: shortHash(one),
      repeat: 'safe' as const,
    })),
    ...others.map(({ id }) => ({ name: REMOVE_DELEGATE, target: id, repeat: 'safe' as const })),
  ];
}
