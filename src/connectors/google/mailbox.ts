// A person's Gmail settings, changed in their own name: delegates, forwarding, the auto-reply. Reads no mail.
import type { Caller, Mailbox } from './caller.ts';
import { AutoForwarding, Delegate, Delegates, Filters, ForwardingAddresses, Vacation } from './schema.ts';

export interface AutoReply {
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/** A suspended account cannot be acted for: `rejected` with `invalid_grant`, or `failedPrecondition` for minutes after it was made active. */
export function mailboxOf({ read, write, writeFor }: Caller) {
  const basic = (operation: string, mailbox: Mailbox) =>
    ({
      operation: `gmail.users.settings.${operation}`,
      subject: mailbox.id,
      scope: 'gmail.settings.basic',
      as: mailbox,
    }) as const;
  const sharing = (operation: string, mailbox: Mailbox) =>
    ({ ...basic(operation, mailbox), scope: 'gmail.settings.sharing' }) as const;

  return {
    /** Everybody who may read and send here; `status` is `accepted` once they can. */
    listDelegates: async (mailbox: Mailbox) => {
      const found = await read(basic('delegates.list', mailbox), Delegates, (apis, { auth, options }) =>
        apis.gmail.users.settings.delegates.list({ auth, userId: 'me' }, options),
      );
      return found.delegates;
    },
    /**
     * Accepted at once, without a mail to either: a service account's privilege. `delegateEmail` is a primary address of the
     * same company, not an alias and not a group. `rejected` with status 409 where there is one, with
     * `failedPrecondition` where either account is suspended or must change its password.
     */
    createDelegate: (mailbox: Mailbox, delegateEmail: string) =>
      writeFor(sharing('delegates.create', mailbox), Delegate, (apis, { auth, options }) =>
        apis.gmail.users.settings.delegates.create({ auth, userId: 'me', requestBody: { delegateEmail } }, options),
      ),
    deleteDelegate: (mailbox: Mailbox, delegateEmail: string) =>
      write(sharing('delegates.delete', mailbox), (apis, { auth, options }) =>
        apis.gmail.users.settings.delegates.delete({ auth, userId: 'me', delegateEmail }, options),
      ),

    getAutoForwarding: (mailbox: Mailbox) =>
      read(basic('getAutoForwarding', mailbox), AutoForwarding, (apis, { auth, options }) =>
        apis.gmail.users.settings.getAutoForwarding({ auth, userId: 'me' }, options),
      ),
    stopAutoForwarding: (mailbox: Mailbox) =>
      write(sharing('updateAutoForwarding', mailbox), (apis, { auth, options }) =>
        apis.gmail.users.settings.updateAutoForwarding(
          { auth, userId: 'me', requestBody: { enabled: false } },
          options,
        ),
      ),
    /** Addresses that mail may be forwarded to, whether or not it is. */
    listForwardingAddresses: async (mailbox: Mailbox) => {
      const found = await read(
        basic('forwardingAddresses.list', mailbox),
        ForwardingAddresses,
        (apis, { auth, options }) =>
          apis.gmail.users.settings.forwardingAddresses.list({ auth, userId: 'me' }, options),
      );
      return found.forwardingAddresses;
    },
    deleteForwardingAddress: (mailbox: Mailbox, forwardingEmail: string) =>
      write(sharing('forwardingAddresses.delete', mailbox), (apis, { auth, options }) =>
        apis.gmail.users.settings.forwardingAddresses.delete({ auth, userId: 'me', forwardingEmail }, options),
      ),
    /** Filters that forward: they go on when auto-forwarding is off. Others are left out. */
    listForwardingFilters: async (mailbox: Mailbox) => {
      const found = await read(basic('filters.list', mailbox), Filters, (apis, { auth, options }) =>
        apis.gmail.users.settings.filters.list({ auth, userId: 'me' }, options),
      );
      return found.filter.flatMap(({ id, action }) => (action?.forward ? [{ id, email: action.forward }] : []));
    },
    deleteFilter: (mailbox: Mailbox, filterId: string) =>
      write(basic('filters.delete', mailbox), (apis, { auth, options }) =>
        apis.gmail.users.settings.filters.delete({ auth, userId: 'me', id: filterId }, options),
      ),

    getAutoReply: (mailbox: Mailbox) =>
      read(basic('getVacation', mailbox), Vacation, (apis, { auth, options }) =>
        apis.gmail.users.settings.getVacation({ auth, userId: 'me' }, options),
      ),
    /** To everybody, from now on, without an end. */
    setAutoReply: (mailbox: Mailbox, { subject, text }: AutoReply) =>
      write(basic('updateVacation', mailbox), (apis, { auth, options }) =>
        apis.gmail.users.settings.updateVacation(
          {
            auth,
            userId: 'me',
            requestBody: { enableAutoReply: true, responseSubject: subject, responseBodyPlainText: text },
          },
          options,
        ),
      ),
    stopAutoReply: (mailbox: Mailbox) =>
      write(basic('updateVacation', mailbox), (apis, { auth, options }) =>
        apis.gmail.users.settings.updateVacation(
          { auth, userId: 'me', requestBody: { enableAutoReply: false } },
          options,
        ),
      ),
  };
}
