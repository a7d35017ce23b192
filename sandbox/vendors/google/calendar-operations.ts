// A person's own calendar, as far as a leaver's hand-over needs it: events to count, delete or move, calendars, who may see them.
// @see https://developers.google.com/calendar/api/v3/reference
import type { Reply } from '../simulator.ts';
import { refuse } from './errors.ts';
import { etag, NO_CONTENT, type Operation, pageOf, type Visit } from './operation.ts';
import { CALENDAR_READ, CALENDAR_WRITE, EVENT_READ, EVENT_WRITE } from './scopes.ts';
import { type AclRule, type CalendarEvent, findByPrimary, type Tenant, type User } from './tenant.ts';

const CALENDAR = '/calendar/v3/calendars/{calendarId}';
const EVENT = `${CALENDAR}/events/{eventId}`;
const ROLES = ['none', 'freeBusyReader', 'reader', 'writer', 'owner'];
const calendar = { service: 'calendar' } as const;

export const CALENDAR_OPERATIONS: readonly Operation[] = [
  {
    ...calendar,
    name: 'calendar.events.list',
    method: 'GET',
    path: `${CALENDAR}/events`,
    scopes: EVENT_READ,
    query: [
      'eventTypes',
      'maxResults',
      'orderBy',
      'pageToken',
      'q',
      'showDeleted',
      'singleEvents',
      'timeMax',
      'timeMin',
      'timeZone',
    ],
    handle: (visit) => withCalendar(visit, (owner) => listEvents(visit, owner)),
  },
  {
    ...calendar,
    name: 'calendar.events.get',
    method: 'GET',
    path: EVENT,
    scopes: EVENT_READ,
    handle: (visit) => withEvent(visit, (event) => ({ status: 200, body: renderEvent(visit, event) })),
  },
  {
    ...calendar,
    name: 'calendar.events.delete',
    method: 'DELETE',
    path: EVENT,
    scopes: EVENT_WRITE,
    query: ['sendNotifications', 'sendUpdates'],
    handle: (visit) =>
      withEvent(visit, (event) => {
        if (event.status === 'cancelled') {
          return refuse({ status: 410, reason: 'deleted', message: 'Resource has been deleted' });
        }
        event.status = 'cancelled';
        return NO_CONTENT;
      }),
  },
  {
    ...calendar,
    name: 'calendar.events.move',
    method: 'POST',
    path: `${EVENT}/move`,
    scopes: EVENT_WRITE,
    query: ['destination', 'sendNotifications', 'sendUpdates'],
    handle: (visit) =>
      withEvent(visit, (event) => {
        const target = findByPrimary(visit.tenant, visit.request.query.get('destination') ?? '');
        if (!target || !mayWrite(visit.tenant, target, visit.subject)) return notFound();
        event.organizerId = target.id;
        return { status: 200, body: renderEvent(visit, event) };
      }),
  },
  {
    ...calendar,
    name: 'calendar.calendarList.list',
    method: 'GET',
    path: '/calendar/v3/users/me/calendarList',
    scopes: CALENDAR_READ,
    query: ['maxResults', 'minAccessRole', 'pageToken', 'showDeleted', 'showHidden', 'syncToken'],
    handle: listCalendars,
  },
  {
    ...calendar,
    name: 'calendar.acl.list',
    method: 'GET',
    path: `${CALENDAR}/acl`,
    scopes: CALENDAR_WRITE,
    query: ['maxResults', 'pageToken', 'showDeleted', 'syncToken'],
    handle: (visit) =>
      withCalendar(visit, (owner) => {
        const items = [ownRule(owner), ...visit.tenant.acl.filter((one) => one.calendarId === owner.primaryEmail)];
        return { status: 200, body: { kind: 'calendar#acl', etag: etag(items), items: items.map(renderRule) } };
      }),
  },
  {
    ...calendar,
    name: 'calendar.acl.insert',
    method: 'POST',
    path: `${CALENDAR}/acl`,
    scopes: CALENDAR_WRITE,
    query: ['sendNotifications'],
    fields: ['etag', 'id', 'kind', 'role', 'scope'],
    handle: (visit) => withCalendar(visit, (owner) => insertRule(visit, owner)),
  },
  {
    ...calendar,
    name: 'calendar.acl.delete',
    method: 'DELETE',
    path: `${CALENDAR}/acl/{ruleId}`,
    scopes: CALENDAR_WRITE,
    handle: (visit) =>
      withCalendar(visit, (owner) => {
        const { tenant, request } = visit;
        const gone = tenant.acl.find(
          (one) => one.calendarId === owner.primaryEmail && idOf(one) === request.params.ruleId,
        );
        if (!gone) return notFound();
        tenant.acl = tenant.acl.filter((one) => one !== gone);
        return NO_CONTENT;
      }),
  },
];

/** `primary`, or an address: the subject's own, or one shared with them. */
function withCalendar(visit: Visit, use: (owner: User) => Reply): Reply {
  const { calendarId = '' } = visit.request.params;
  const owner = calendarId === 'primary' ? visit.subject : findByPrimary(visit.tenant, calendarId);
  return owner && mayWrite(visit.tenant, owner, visit.subject) ? use(owner) : notFound();
}

function mayWrite(tenant: Tenant, owner: User, subject: User): boolean {
  if (owner.id === subject.id) return true;
  return tenant.acl.some(
    (one) =>
      one.calendarId === owner.primaryEmail &&
      one.scope.value === subject.primaryEmail &&
      ['writer', 'owner'].includes(one.role),
  );
}

/** Those the owner organizes, and those of others that they are a guest of. */
function listEvents(visit: Visit, owner: User): Reply {
  const { query } = visit.request;
  const [from, to] = [query.get('timeMin'), query.get('timeMax')];
  const isBad = [from, to].some((one) => one !== null && !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(one));
  if (isBad) return refuse({ status: 400, reason: 'badRequest', message: 'Bad Request' });
  const showsDeleted = query.get('showDeleted') === 'true';
  const chosen = visit.tenant.events.filter(
    (one) =>
      (one.organizerId === owner.id || one.guests.includes(owner.primaryEmail)) &&
      (showsDeleted || one.status === 'confirmed') &&
      (from === null || one.startsAt >= Date.parse(from)) &&
      (to === null || one.startsAt < Date.parse(to)),
  );
  const page = pageOf(visit, chosen, { fallback: 250, most: 2500 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  const items = found.map((one) => renderEvent(visit, one));
  const body = { kind: 'calendar#events', etag: etag(items), summary: owner.primaryEmail, timeZone: 'UTC', items };
  return { status: 200, body: { ...body, accessRole: 'owner', defaultReminders: [], ...rest } };
}

function withEvent(visit: Visit, use: (event: CalendarEvent) => Reply): Reply {
  return withCalendar(visit, (owner) => {
    const found = visit.tenant.events.find((one) => one.id === visit.request.params.eventId);
    return found && found.organizerId === owner.id ? use(found) : notFound();
  });
}

function listCalendars(visit: Visit): Reply {
  const { tenant, subject } = visit;
  const entry = (id: string, summary: string, isPrimary: boolean) => ({
    kind: 'calendar#calendarListEntry',
    etag: etag(id),
    id,
    summary,
    timeZone: 'UTC',
    accessRole: 'owner',
    defaultReminders: [],
    ...(isPrimary && { primary: true }),
  });
  const own = tenant.calendars.filter((one) => one.ownerId === subject.id);
  const all = [
    entry(subject.primaryEmail, subject.primaryEmail, true),
    ...own.map((one) => entry(one.id, one.summary, false)),
  ];
  const page = pageOf(visit, all, { fallback: 100, most: 250 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  return { status: 200, body: { kind: 'calendar#calendarList', etag: etag(found), items: found, ...rest } };
}

/** The same scope twice changes its role. */
function insertRule({ tenant, body }: Visit, owner: User): Reply {
  const { role, scope } = body as { role?: string; scope?: AclRule['scope'] };
  if (!ROLES.includes(String(role)) || typeof scope?.type !== 'string') {
    return refuse({ status: 400, reason: 'required', message: 'Missing or invalid role or scope.' });
  }
  const rule: AclRule = { calendarId: owner.primaryEmail, scope, role: String(role) };
  tenant.acl = [...tenant.acl.filter((one) => one.calendarId !== rule.calendarId || idOf(one) !== idOf(rule)), rule];
  return { status: 200, body: renderRule(rule) };
}

function ownRule(owner: User): AclRule {
  const { primaryEmail } = owner;
  return { calendarId: primaryEmail, scope: { type: 'user', value: primaryEmail }, role: 'owner' };
}

function idOf({ scope }: AclRule): string {
  return scope.value === undefined ? scope.type : `${scope.type}:${scope.value}`;
}

function renderRule(rule: AclRule): Record<string, unknown> {
  return { kind: 'calendar#aclRule', etag: etag(rule), id: idOf(rule), scope: rule.scope, role: rule.role };
}

function renderEvent({ tenant, subject }: Visit, event: CalendarEvent): Record<string, unknown> {
  const organizer = tenant.users.get(event.organizerId);
  const at = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: 'UTC' });
  const guests = event.guests.map((email) => ({
    email,
    responseStatus: 'accepted',
    ...(email === subject.primaryEmail && { self: true }),
  }));
  const rooms = event.resources.map((email) => ({ email, resource: true, responseStatus: 'accepted' }));
  const attendees = [...guests, ...rooms];
  return {
    kind: 'calendar#event',
    etag: etag(event),
    id: event.id,
    status: event.status,
    summary: event.summary,
    iCalUID: `${event.id}@google.com`,
    eventType: 'default',
    start: at(event.startsAt),
    end: at(event.startsAt + 3_600_000),
    ...(event.isPrivate && { visibility: 'private' }),
    organizer: { email: organizer?.primaryEmail ?? '', ...(organizer?.id === subject.id && { self: true }) },
    ...(attendees.length > 0 && { attendees }),
  };
}

function notFound(): Reply {
  return refuse({ status: 404, reason: 'notFound', message: 'Not Found' });
}
