// What Google lets the service account do, asked scope by scope: a token for each, and one read where a read can show it. Reads only.
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import type { Apis } from './apis.ts';
import { createCaller, type GoogleSettings, type Request } from './caller.ts';
import { User } from './schema.ts';
import { GOOGLE_SCOPES, type GoogleScope } from './scopes.ts';

export interface GoogleScopeProbe {
  readonly scope: GoogleScope;
  /** Null: not known, as the token address did not answer or refused the key or the admin. */
  readonly granted: boolean | null;
  /** `not_exercised`: only writes need it. */
  readonly read: 'worked' | 'not_exercised' | ConnectorError;
}

export interface GoogleProbe {
  readonly scopes: readonly GoogleScopeProbe[];
  /** Whether the admin account is a super admin; null: it could not be read. */
  readonly isSuperAdmin: boolean | null;
}

/** Whose name everything is tried in: the admin's. */
interface Admin {
  readonly address: string;
  /** Null: the account could not be read. */
  readonly customerId: string | null;
}
type Answer = Promise<{ readonly data: unknown }>;
type Read = (apis: Apis, request: Request, admin: Admin) => Answer;

const users: Read = (apis, { auth, options }, { address }) =>
  apis.directory.users.get({ auth, userKey: address, projection: 'full' }, options);
const roles: Read = (apis, { auth, options }) =>
  apis.directory.roles.list({ auth, customer: 'my_customer', maxResults: 1 }, options);
const devices: Read = (apis, { auth, options }) =>
  apis.directory.mobiledevices.list({ auth, customerId: 'my_customer', maxResults: 1 }, options);
const applications: Read = (apis, { auth, options }) =>
  apis.datatransfer.applications.list({ auth, customerId: 'my_customer', maxResults: 1 }, options);

/** One read that needs the scope; null: there is none. */
const READS: Readonly<Record<GoogleScope, Read | null>> = {
  'admin.directory.user.readonly': users,
  'admin.directory.user': users,
  'admin.directory.user.security': (apis, { auth, options }, { address }) =>
    apis.directory.tokens.list({ auth, userKey: address }, options),
  'admin.directory.group.readonly': (apis, { auth, options }, { address }) =>
    apis.directory.groups.list({ auth, userKey: address, maxResults: 1 }, options),
  'admin.directory.rolemanagement.readonly': roles,
  'admin.directory.rolemanagement': roles,
  'admin.directory.device.mobile.readonly': devices,
  'admin.directory.device.mobile.action': devices,
  'admin.datatransfer.readonly': applications,
  'admin.datatransfer': applications,
  // Licensing takes no `my_customer`; without an id it says so, which is an answer too.
  'apps.licensing': (apis, { auth, options }, { customerId }) =>
    apis.licensing.licenseAssignments.listForProduct(
      { auth, productId: 'Google-Apps', customerId: customerId ?? '', maxResults: 1 },
      options,
    ),
  'gmail.settings.basic': (apis, { auth, options }) =>
    apis.gmail.users.settings.getVacation({ auth, userId: 'me' }, options),
  'gmail.settings.sharing': null,
  'drive.metadata.readonly': (apis, { auth, options }) =>
    apis.drive.files.list({ auth, pageSize: 1, fields: 'files(id)' }, options),
  'calendar.readonly': (apis, { auth, options }) => apis.calendar.calendarList.list({ auth, maxResults: 1 }, options),
};

export async function probeGoogle(settings: Omit<GoogleSettings, 'pace'>): Promise<GoogleProbe> {
  const caller = createCaller({ ...settings, pace: async () => undefined });
  const attempt = async <T>(scope: GoogleScope, schema: z.ZodType<T>, admin: Admin): Promise<T | ConnectorError> => {
    const ask = READS[scope];
    const call = { operation: `read with ${scope}`, scope };
    return answerOf(caller.read(call, schema, (apis, request) => ask?.(apis, request, admin) ?? NOTHING));
  };
  const address = settings.adminEmail;
  const user = await attempt('admin.directory.user.readonly', User, { address, customerId: null });
  const isRead = !(user instanceof ConnectorError);
  const admin: Admin = { address, customerId: isRead ? user.customerId : null };
  const probe = async (scope: GoogleScope): Promise<GoogleScopeProbe> => {
    const found = await attempt(scope, z.unknown(), admin);
    if (found instanceof ConnectorError) return { scope, granted: isGranted(found), read: found };
    return { scope, granted: true, read: READS[scope] === null ? 'not_exercised' : 'worked' };
  };
  const scopes = await Promise.all((Object.keys(GOOGLE_SCOPES) as GoogleScope[]).map(probe));
  return { scopes, isSuperAdmin: isRead ? user.isAdmin : null };
}

/** The token is had, and with it nothing is asked. */
const NOTHING: Answer = Promise.resolve({ data: null });

/** A refusal that is not the token's is an API's: the token was given. */
function isGranted({ operation, vendorCode, status }: ConnectorError): boolean | null {
  if (operation !== 'token') return status === null ? null : true;
  return NOT_GRANTED.has(vendorCode ?? '') ? false : null;
}

const NOT_GRANTED = new Set(['unauthorized_client', 'access_denied', 'invalid_scope']);

async function answerOf<T>(call: Promise<T>): Promise<T | ConnectorError> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}
