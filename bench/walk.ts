// Walks the table of minimal calls for one person: each step as soon as its needs have ended, the calls of a group at once.
import { ConnectorError } from '../src/connectors/connector-error.ts';
import type { Okta } from '../src/connectors/okta/client.ts';
import type { Slack } from '../src/connectors/slack/client.ts';
import type { Call, MinimalStep } from './minimal-calls.ts';

/** Who leaves, and what they have: read from the simulator beforehand, so that a walk without reads can write too. */
export interface Leaver {
  readonly login: string;
  readonly id: string;
  /** The factor that takes the others with it. */
  readonly factorIds: readonly string[];
  readonly deviceIds: readonly string[];
}

export interface Ports {
  readonly okta: Okta;
  readonly slack: Slack;
  readonly operator: string;
  readonly channelId: string;
}

/** Makes one call. A durable engine wraps it into a step of its own, under this name. */
export type Make = (name: string, send: () => Promise<unknown>) => Promise<unknown>;

export async function walk(steps: readonly MinimalStep[], ports: Ports, leaver: Leaver, make: Make): Promise<void> {
  const ends = new Map<string, Promise<void>>();
  for (const { step, needs, calls } of steps) {
    const before = needs.map((need) => ends.get(need) ?? Promise.resolve());
    ends.set(
      step,
      (async () => {
        await Promise.all(before);
        for (const [at, group] of calls.entries())
          await Promise.all(
            group.map((call) =>
              make(`${step} ${at} ${call.operation} ${call.about ?? ''}`, () => sendOf(ports, leaver, call)),
            ),
          );
      })(),
    );
  }
  await Promise.all(ends.values());
}

async function sendOf({ okta, slack, operator, channelId }: Ports, leaver: Leaver, call: Call): Promise<void> {
  const { id } = leaver;
  const device = leaver.deviceIds[call.about ?? 0] ?? '';
  switch (call.operation) {
    case 'okta.getUser':
      return void (await okta.getUser(id));
    case 'okta.listUserGroups':
      return void (await okta.listGroupNames(id));
    case 'okta.listAppLinks':
      return void (await okta.listAppLabels(id));
    case 'okta.listAssignedRolesForUser':
      return void (await okta.listRoleTypes(id));
    case 'okta.listFactors':
      return void (await okta.listFactors(id));
    case 'okta.listUserDevices':
      return void (await okta.listDevices(id));
    case 'okta.listDeviceUsers':
      return void (await okta.listDeviceUserIds(device));
    case 'okta.suspendUser':
      return okta.suspendUser(id);
    case 'okta.revokeUserSessions':
      return okta.endSessions(id);
    case 'okta.unenrollFactor':
      return okta.unenrollFactor(id, leaver.factorIds[call.about ?? 0] ?? '').catch(unlessGone);
    case 'okta.deactivateDevice':
      return okta.deactivateDevice(device);
    case 'okta.deleteDevice':
      return okta.deleteDevice(device);
    case 'okta.deactivateUser':
      return okta.deactivateUser(id);
    case 'slack.users.info':
      return void (await slack.getUser(operator));
    case 'slack.users.lookupByEmail':
      return void (await slack.findUserByEmail(leaver.login));
    case 'slack.conversations.members':
      return void (await slack.listMemberIds(channelId));
    default:
      throw new Error(`the table names ${call.operation}, and nobody here can make it`);
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ConnectorError) || error.kind !== 'not_found') throw error;
}
