// Who must never be offboarded from here: oneself, the last Okta super admin, the account our own credentials belong to.
import type { Okta } from '../connectors/okta/client.ts';
import type { User } from '../connectors/okta/schema.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { PlanWarning, Refusal } from './model/plan.ts';
import { type Policy, protectedBecause } from './model/policy.ts';
import type { Operators } from './model/ports.ts';
import type { OperatorId, Person } from './model/run.ts';

const SUPER_ADMIN = 'SUPER_ADMIN';

export interface SafeguardDeps {
  readonly okta: Okta;
  readonly slack: Slack;
  readonly operators: Operators;
  readonly channelId: string;
  /** Our own Slack workspace. */
  readonly teamId: string;
  /** What is asked of a run that starts now, and what that run pins. */
  readonly policy: { readonly policy: Policy; readonly hash: string };
}

export interface Safeguards {
  readonly refusal: Extract<Refusal, { why: 'self' | 'last_super_admin' | 'own_credentials' }> | null;
  readonly warnings: readonly PlanWarning[];
  readonly slackUserId: string | null;
  readonly slackZone: string | null;
}

/** `operator` null: nobody asked, a door did. Throws ConnectorError where a safeguard cannot be read: what was not checked does not start. */
export async function checkSafeguards(
  deps: SafeguardDeps,
  operator: OperatorId | null,
  user: User,
  person: Person,
): Promise<Safeguards> {
  const { policy } = deps.policy;
  const [slackUser, operatorUser, own, roles, groups, members] = await Promise.all([
    deps.slack.findUserByEmail(person.email),
    operator && deps.slack.getUser(operator.userId),
    deps.okta.getOwnUser(),
    deps.okta.listRoleTypes(user.id),
    policy.protected.groups.length > 0 ? deps.okta.listGroupNames(user.id) : [],
    deps.slack.listMemberIds(deps.channelId).catch(() => null),
  ]);
  const slackUserId = slackUser?.id ?? null;
  const slackZone = slackUser?.tz ?? null;
  const refuse = (refusal: NonNullable<Safeguards['refusal']>): Safeguards => ({
    refusal,
    warnings: [],
    slackUserId,
    slackZone,
  });

  const operatorEmail = operatorUser?.profile?.email?.toLowerCase();
  const addresses = [user.profile.login, user.profile.email].map((address) => address?.toLowerCase());
  const isSelf = operator !== null && slackUserId === operator.userId;
  if (isSelf || (operatorEmail !== undefined && addresses.includes(operatorEmail))) return refuse({ why: 'self' });
  if (own?.id === user.id) return refuse({ why: 'own_credentials', vendor: 'okta', person });
  if (roles.includes(SUPER_ADMIN) && !(await hasOtherSuperAdmin(deps.okta, user.id)))
    return refuse({ why: 'last_super_admin', person });

  const role = slackUserId
    ? await deps.operators.role({ teamId: operator?.teamId ?? deps.teamId, userId: slackUserId })
    : null;
  const because = protectedBecause(policy, {
    groups,
    title: person.title,
    addresses: [user.profile.login, person.email],
  });
  const warnings: PlanWarning[] =
    because.length > 0 ? [{ kind: 'protected', because, containsFirst: policy.protected.containBeforeApproval }] : [];
  if (members === null) warnings.push({ kind: 'not_checked', what: 'channel', why: 'Slack did not answer' });
  else if (slackUserId && members.includes(slackUserId)) warnings.push({ kind: 'sits_in_channel' });
  if (role !== null) warnings.push({ kind: 'is_operator' });
  if (roles.length > 0) warnings.push({ kind: 'holds_admin_role', roles });
  return { refusal: null, warnings, slackUserId, slackZone };
}

/** Somebody else who is a super admin and can sign in. */
async function hasOtherSuperAdmin(okta: Okta, userId: string): Promise<boolean> {
  for (const id of await okta.listAdminIds()) {
    if (id === userId) continue;
    const [roles, user] = await Promise.all([okta.listRoleTypes(id), okta.getUser(id)]);
    if (roles.includes(SUPER_ADMIN) && user?.status === 'ACTIVE') return true;
  }
  return false;
}
