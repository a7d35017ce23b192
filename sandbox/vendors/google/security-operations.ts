// What lets a user in, at Directory: sessions, OAuth tokens, app passwords, backup codes, the second step.
import type { Reply } from '../simulator.ts';
import { invalid, notFound } from './errors.ts';
import { etag, etagged, NO_CONTENT, type Operation, withUser } from './operation.ts';
import { SECURITY } from './scopes.ts';
import type { AppPassword, OAuthToken, User } from './tenant.ts';

const USER = '/admin/directory/v1/users/{userKey}';
const security = { service: 'directory', scopes: SECURITY } as const;

export const SECURITY_OPERATIONS: readonly Operation[] = [
  {
    ...security,
    name: 'directory.users.signOut',
    method: 'POST',
    path: `${USER}/signOut`,
    handle: (visit) =>
      withUser(visit, (user) => {
        user.sessions = 0;
        return NO_CONTENT;
      }),
  },
  {
    ...security,
    name: 'directory.tokens.list',
    method: 'GET',
    path: `${USER}/tokens`,
    handle: (visit) =>
      withUser(visit, (user) =>
        listOf(
          'admin#directory#tokenList',
          user.tokens.map((one) => renderToken(user, one)),
        ),
      ),
  },
  {
    ...security,
    name: 'directory.tokens.get',
    method: 'GET',
    path: `${USER}/tokens/{clientId}`,
    handle: (visit) =>
      withUser(visit, (user) => {
        const found = user.tokens.find((one) => one.clientId === visit.request.params.clientId);
        return found ? { status: 200, body: renderToken(user, found) } : notFound('clientId');
      }),
  },
  {
    ...security,
    name: 'directory.tokens.delete',
    method: 'DELETE',
    path: `${USER}/tokens/{clientId}`,
    handle: (visit) =>
      withUser(visit, (user) => {
        const { clientId } = visit.request.params;
        if (!user.tokens.some((one) => one.clientId === clientId)) return notFound('clientId');
        user.tokens = user.tokens.filter((one) => one.clientId !== clientId);
        return NO_CONTENT;
      }),
  },
  {
    ...security,
    name: 'directory.asps.list',
    method: 'GET',
    path: `${USER}/asps`,
    handle: (visit) =>
      withUser(visit, (user) =>
        listOf(
          'admin#directory#aspList',
          user.appPasswords.map((one) => renderAsp(user, one)),
        ),
      ),
  },
  {
    ...security,
    name: 'directory.asps.get',
    method: 'GET',
    path: `${USER}/asps/{codeId}`,
    handle: (visit) =>
      withUser(visit, (user) => {
        const found = user.appPasswords.find((one) => String(one.codeId) === visit.request.params.codeId);
        return found ? { status: 200, body: renderAsp(user, found) } : notFound('codeId');
      }),
  },
  {
    ...security,
    name: 'directory.asps.delete',
    method: 'DELETE',
    path: `${USER}/asps/{codeId}`,
    handle: (visit) =>
      withUser(visit, (user) => {
        const { codeId } = visit.request.params;
        if (!user.appPasswords.some((one) => String(one.codeId) === codeId)) return notFound('codeId');
        user.appPasswords = user.appPasswords.filter((one) => String(one.codeId) !== codeId);
        return NO_CONTENT;
      }),
  },
  {
    ...security,
    name: 'directory.verificationCodes.list',
    method: 'GET',
    path: `${USER}/verificationCodes`,
    handle: (visit) =>
      withUser(visit, (user) =>
        listOf(
          'admin#directory#verificationCodesList',
          user.backupCodes.map((verificationCode) => ({
            kind: 'admin#directory#verificationCode',
            etag: etag(verificationCode),
            userId: user.id,
            verificationCode,
          })),
        ),
      ),
  },
  {
    ...security,
    name: 'directory.verificationCodes.invalidate',
    method: 'POST',
    path: `${USER}/verificationCodes/invalidate`,
    handle: (visit) =>
      withUser(visit, (user) => {
        user.backupCodes = [];
        return NO_CONTENT;
      }),
  },
  {
    ...security,
    name: 'directory.twoStepVerification.turnOff',
    method: 'POST',
    path: `${USER}/twoStepVerification/turnOff`,
    handle: (visit) =>
      withUser(visit, (user) => {
        if (!user.isEnrolledIn2Sv) return invalid('userKey');
        user.isEnrolledIn2Sv = false;
        user.backupCodes = [];
        return NO_CONTENT;
      }),
  },
];

/** Google leaves `items` out of an empty list. */
function listOf(kind: string, items: readonly unknown[]): Reply {
  return etagged(kind, items.length > 0 ? { items } : {});
}

function renderToken(user: User, token: OAuthToken): Record<string, unknown> {
  const { clientId, displayText, scopes, nativeApp } = token;
  const anonymous = false;
  return {
    kind: 'admin#directory#token',
    etag: etag(token),
    clientId,
    displayText,
    anonymous,
    nativeApp,
    userKey: user.id,
    scopes,
  };
}

function renderAsp(user: User, { codeId, name, createdAt }: AppPassword): Record<string, unknown> {
  return {
    kind: 'admin#directory#asp',
    etag: etag(codeId),
    codeId,
    name,
    creationTime: String(createdAt),
    lastTimeUsed: '0',
    userKey: user.id,
  };
}
