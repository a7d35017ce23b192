// How much there is to hand over, for the preview: never decides anything. The scopes are optional.
import { ConnectorError } from '../connector-error.ts';
import { allPages, type Caller, type Mailbox } from './caller.ts';
import { CalendarPage, EventPage, FilePage } from './schema.ts';

/** No count goes further. */
export const MOST_COUNTED = 1000;

/** `isMore`: there are at least so many. */
export interface Count {
  readonly count: number;
  readonly isMore: boolean;
}

export interface CalendarCounts {
  /** Future events a transfer moves: their own, not private, with a guest or a room. A series counts once. */
  readonly moving: Count;
  /** Future events of their own that stay behind. */
  readonly staying: Count;
  /** Calendars of their own besides the primary one: a transfer leaves them. */
  readonly otherCalendars: number;
}

export function countsOf({ read }: Caller) {
  return {
    /** Files the account owns, without its bin; null: the scope is not granted. */
    countFiles: (mailbox: Mailbox): Promise<Count | null> =>
      unlessNotGranted(async () => {
        const found = await allPages(
          (page) =>
            read(
              { operation: 'drive.files.list', subject: mailbox.id, scope: 'drive.metadata.readonly', as: mailbox },
              FilePage,
              (apis, { auth, options }) =>
                apis.drive.files.list(
                  {
                    auth,
                    q: "'me' in owners and trashed = false",
                    pageSize: 1000,
                    fields: 'nextPageToken,files(id)',
                    ...page,
                  },
                  options,
                ),
            ),
          (page) => page.files,
          MOST_COUNTED,
        );
        return capped(found.items.length, found.hasMore);
      }),

    /** From `from` on; null: the scope is not granted. */
    countCalendar: (mailbox: Mailbox, from: Date): Promise<CalendarCounts | null> =>
      unlessNotGranted(async () => {
        const call = { subject: mailbox.id, scope: 'calendar.readonly', as: mailbox } as const;
        const events = await allPages(
          (page) =>
            read({ operation: 'calendar.events.list', ...call }, EventPage, (apis, { auth, options }) =>
              apis.calendar.events.list(
                {
                  auth,
                  calendarId: 'primary',
                  timeMin: from.toISOString(),
                  maxResults: 1000,
                  fields: 'nextPageToken,items(id,visibility,organizer/self,attendees/self)',
                  ...page,
                },
                options,
              ),
            ),
          (page) => page.items,
          MOST_COUNTED,
        );
        const calendars = await allPages(
          (page) =>
            read({ operation: 'calendar.calendarList.list', ...call }, CalendarPage, (apis, { auth, options }) =>
              apis.calendar.calendarList.list({ auth, minAccessRole: 'owner', maxResults: 250, ...page }, options),
            ),
          (page) => page.items,
        );
        const own = events.items.filter((one) => one.organizer?.self);
        const moving = own.filter((one) => !isPrivate(one.visibility) && one.attendees.some((guest) => !guest.self));
        return {
          moving: capped(moving.length, events.hasMore),
          staying: capped(own.length - moving.length, events.hasMore),
          otherCalendars: calendars.items.filter((one) => !one.primary).length,
        };
      }),
  };
}

function isPrivate(visibility: string | null): boolean {
  return visibility === 'private' || visibility === 'confidential';
}

function capped(found: number, hasMore: boolean): Count {
  return { count: Math.min(found, MOST_COUNTED), isMore: hasMore || found > MOST_COUNTED };
}

async function unlessNotGranted<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ConnectorError && NOT_GRANTED.has(error.vendorCode ?? '')) return null;
    throw error;
  }
}

/** The token address's words for a scope that delegation lacks, and the API's for a service that is off for the account. */
const NOT_GRANTED = new Set(['unauthorized_client', 'access_denied', 'insufficientPermissions', 'domainPolicy']);
