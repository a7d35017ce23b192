// What lets a person in: sessions, OAuth tokens and grants, and the factors of the second step.
import type { Reply } from '../simulator.ts';
import { invalid, notFound, wrongUserStatus } from './errors.ts';
import type { Operation, Visit } from './operation.ts';
import { withUser, withUserId } from './operation.ts';
import { record, targetUser, type User } from './org.ts';
import { renderClient, renderFactor } from './render.ts';

const READ = 'okta.users.read';
const MANAGE = 'okta.users.manage';
const NO_CONTENT: Reply = { status: 204 };

export const ACCESS_OPERATIONS: readonly Operation[] = [
  {
    name: 'revokeUserSessions',
    method: 'DELETE',
    path: '/api/v1/users/{userId}/sessions',
    scope: MANAGE,
    handle: revokeSessions,
  },
  {
    name: 'revokeUserGrants',
    method: 'DELETE',
    path: '/api/v1/users/{userId}/grants',
    scope: MANAGE,
    handle: revokeGrants,
  },
  { name: 'listUserClients', method: 'GET', path: '/api/v1/users/{userId}/clients', scope: READ, handle: listClients },
  {
    name: 'revokeTokensForUserAndClient',
    method: 'DELETE',
    path: '/api/v1/users/{userId}/clients/{clientId}/tokens',
    scope: MANAGE,
    handle: revokeTokens,
  },
  { name: 'listFactors', method: 'GET', path: '/api/v1/users/{userId}/factors', scope: READ, handle: listFactors },
  {
    name: 'unenrollFactor',
    method: 'DELETE',
    path: '/api/v1/users/{userId}/factors/{factorId}',
    scope: MANAGE,
    handle: unenrollFactor,
  },
  {
    name: 'resetFactors',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/reset_factors',
    scope: MANAGE,
    handle: resetFactors,
  },
];

/** `oauthTokens` is false when absent, `forgetDevices` true: the defaults of an Identity Engine org. */
function revokeSessions(visit: Visit): Reply {
  const { oauthTokens = 'false', forgetDevices = 'true' } = Object.fromEntries(visit.request.query);
  for (const [name, value] of Object.entries({ oauthTokens, forgetDevices })) {
    if (value !== 'true' && value !== 'false') return invalid(name, `${name}: must be true or false`);
  }
  return withUserId(visit, (user) => {
    user.sessions = 0;
    if (oauthTokens === 'true') user.clientTokens = {};
    if (forgetDevices === 'true') user.devicesForgotten += 1;
    record(visit.org, visit.actor, 'user.session.clear', 'Clear user session', [targetUser(user)]);
    return NO_CONTENT;
  });
}

function revokeGrants(visit: Visit): Reply {
  return withUserId(visit, (user) => {
    user.grants = 0;
    record(visit.org, visit.actor, 'app.oauth2.as.consent.revoke.user.as', 'Revoke all grants', [targetUser(user)]);
    return NO_CONTENT;
  });
}

function listClients(visit: Visit): Reply {
  return withUserId(visit, (user) => {
    const ids = Object.keys(user.clientTokens).filter((id) => (user.clientTokens[id] ?? 0) > 0);
    return { status: 200, body: ids.map((id) => renderClient(id, user, visit.baseUrl)) };
  });
}

function revokeTokens(visit: Visit): Reply {
  return withUserId(visit, (user) => {
    delete user.clientTokens[visit.request.params.clientId ?? ''];
    record(visit.org, visit.actor, 'app.oauth2.token.revoke', 'OAuth token revocation', [targetUser(user)]);
    return NO_CONTENT;
  });
}

/** A deactivated user counts as not found here (okta-sdk-java#646), although getUser still knows them. */
function withFactorUser(visit: Visit, use: (user: User) => Reply): Reply {
  return withUserId(visit, (user) => (user.status === 'DEPROVISIONED' ? notFound(user.id, 'User') : use(user)));
}

function listFactors(visit: Visit): Reply {
  return withFactorUser(visit, (user) => {
    return { status: 200, body: user.factors.map((one) => renderFactor(one, user, visit.baseUrl)) };
  });
}

/** Removing Okta Verify's push takes its one-time codes along, so that their own removal answers 404. */
function unenrollFactor(visit: Visit): Reply {
  return withFactorUser(visit, (user) => {
    const asked = visit.request.params.factorId ?? '';
    const factor = user.factors.find((one) => one.id === asked);
    if (!factor) return notFound(asked, 'UserFactor');
    const isOktaVerify = factor.provider === 'OKTA' && factor.factorType === 'push';
    user.factors = user.factors.filter((one) => one.id !== asked && !(isOktaVerify && one.provider === 'OKTA'));
    record(visit.org, visit.actor, 'user.mfa.factor.deactivate', 'Reset factor for user', [targetUser(user)]);
    return NO_CONTENT;
  });
}

function resetFactors(visit: Visit): Reply {
  return withUser(visit, (user) => {
    if (user.status === 'DEPROVISIONED') return wrongUserStatus();
    user.factors = [];
    record(visit.org, visit.actor, 'user.mfa.factor.reset_all', 'Reset all factors for user', [targetUser(user)]);
    return { status: 200, body: {} };
  });
}
