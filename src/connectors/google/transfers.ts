// Data Transfer: Drive files and the calendar from one account to another, by id. Google does it over hours and takes no key: look first.
import { orNull } from '../connector-error.ts';
import { allPages, type Caller } from './caller.ts';
import { ApplicationPage, Transfer, TransferPage } from './schema.ts';

type Application = 'drive' | 'calendar';

/** Names may be translated; these ids have been the same for all companies. The API's list is asked all the same. */
const KNOWN: Readonly<Record<Application, { id: string; name: string }>> = {
  drive: { id: '55656082996', name: 'Drive and Docs' },
  calendar: { id: '435070579839', name: 'Calendar' },
};

export interface NewTransfer {
  /** Immutable ids, not addresses. Both accounts must exist, the new owner's be active. */
  readonly oldOwnerId: string;
  readonly newOwnerId: string;
  readonly applicationId: string;
}

export function transfersOf({ read, writeFor }: Caller) {
  const insert = (
    { oldOwnerId, newOwnerId, applicationId }: NewTransfer,
    applicationTransferParams: { key: string; value: string[] }[],
  ): Promise<Transfer> =>
    writeFor(
      { operation: 'datatransfer.transfers.insert', subject: oldOwnerId, scope: 'admin.datatransfer' },
      Transfer,
      (apis, { auth, options }) =>
        apis.datatransfer.transfers.insert(
          {
            auth,
            requestBody: {
              oldOwnerUserId: oldOwnerId,
              newOwnerUserId: newOwnerId,
              applicationDataTransfers: [{ applicationId, applicationTransferParams }],
            },
          },
          options,
        ),
    );

  return {
    /** What Data Transfer calls Drive and Calendar here; null: it cannot transfer it. */
    getApplicationIds: async (): Promise<Readonly<Record<Application, string | null>>> => {
      const { items } = await allPages(
        (page) =>
          read(
            { operation: 'datatransfer.applications.list', scope: 'admin.datatransfer.readonly' },
            ApplicationPage,
            (apis, { auth, options }) =>
              apis.datatransfer.applications.list(
                { auth, customerId: 'my_customer', maxResults: 500, ...page },
                options,
              ),
          ),
        (page) => page.applications,
      );
      const idOf = ({ id, name }: { id: string; name: string }): string | null =>
        (items.find((one) => one.id === id) ?? items.find((one) => one.name === name))?.id ?? null;
      return { drive: idOf(KNOWN.drive), calendar: idOf(KNOWN.calendar) };
    },

    /** All transfers away from this account, those that ended and those that others began too; the newest first. */
    listTransfers: async (oldOwnerId: string): Promise<Transfer[]> => {
      const { items } = await allPages(
        (page) =>
          read(
            { operation: 'datatransfer.transfers.list', subject: oldOwnerId, scope: 'admin.datatransfer.readonly' },
            TransferPage,
            (apis, { auth, options }) =>
              apis.datatransfer.transfers.list(
                { auth, customerId: 'my_customer', oldOwnerUserId: oldOwnerId, maxResults: 500, ...page },
                options,
              ),
          ),
        (page) => page.dataTransfers,
      );
      const ours = items.filter((one) => one.oldOwnerId === oldOwnerId);
      return ours.sort((one, other) => other.requestedAt.getTime() - one.requestedAt.getTime());
    },
    getTransfer: (transferId: string): Promise<Transfer | null> =>
      orNull(
        read(
          { operation: 'datatransfer.transfers.get', subject: transferId, scope: 'admin.datatransfer.readonly' },
          Transfer,
          (apis, { auth, options }) => apis.datatransfer.transfers.get({ auth, dataTransferId: transferId }, options),
        ),
      ),

    /** Private files too: Google leaves them behind unless asked. Every call begins another transfer. */
    startDriveTransfer: (transfer: NewTransfer) =>
      insert(transfer, [{ key: 'PRIVACY_LEVEL', value: ['PRIVATE', 'SHARED'] }]),
    /** `releaseRooms`: the rooms of the events that move are given back. Every call begins another transfer. */
    startCalendarTransfer: (transfer: NewTransfer, { releaseRooms }: { releaseRooms: boolean }) =>
      insert(transfer, releaseRooms ? [{ key: 'RELEASE_RESOURCES', value: ['TRUE'] }] : []),
  };
}
