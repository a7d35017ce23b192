// The control: the calls of an offboarding through the same connector at the same rate, with nothing kept and nothing looked up.
import { ConnectorError } from '../src/connectors/connector-error.ts';
import { connectOkta, OKTA_PACES, type Okta } from '../src/connectors/okta/client.ts';
import { createPacer } from '../src/workflow/pace.ts';

/** Nobody can be faster at these calls; nothing of it survives a kill. */
export function createControlRun(settings: Readonly<Record<string, string>>): (userId: string) => Promise<void> {
  const pace = createPacer(inMemory(), OKTA_PACES);
  const okta = connectOkta({
    orgUrl: settings.OKTA_ORG_URL ?? '',
    credentials: { clientId: settings.OKTA_CLIENT_ID ?? '', privateKey: settings.OKTA_PRIVATE_KEY ?? '' },
    deadlineMs: 8_000,
    pace,
  });
  const write = async (send: () => Promise<void>): Promise<void> => {
    await pace('okta');
    await send();
  };
  return async (userId) => {
    await readAll(okta, userId); // what a confirmation reads once more
    await Promise.all([readAll(okta, userId), block(okta, userId, write)]);
    await okta.getUser(userId);
    const factors = await okta.listFactors(userId);
    for (const { id } of factors) await write(() => okta.unenrollFactor(userId, id)).catch(unlessGone);
    await Promise.all([okta.listFactors(userId), okta.listDevices(userId)]);
    await write(() => okta.deactivateUser(userId));
    await write(() => okta.endSessions(userId));
    await okta.getUser(userId);
  };
}

async function block(okta: Okta, userId: string, write: (send: () => Promise<void>) => Promise<void>): Promise<void> {
  await okta.getUser(userId);
  await write(() => okta.suspendUser(userId));
  await write(() => okta.endSessions(userId));
  await okta.getUser(userId);
}

async function readAll(okta: Okta, userId: string): Promise<void> {
  await okta.getUser(userId);
  await Promise.all([
    okta.listGroupNames(userId),
    okta.listAppLabels(userId),
    okta.listFactors(userId),
    okta.listDevices(userId),
    okta.listRoleTypes(userId),
  ]);
}

/** Okta takes its own authenticator's code factor away with the push factor. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ConnectorError) || error.kind !== 'not_found') throw error;
}

/** What `reserve_pace` does in SQL: a bucket that is full at first. */
function inMemory(): Parameters<typeof createPacer>[0] {
  const nextAt = new Map<string, number>();
  return async (vendor, calls, intervalMs, burst) => {
    const now = performance.now();
    const from = Math.max(nextAt.get(vendor) ?? Number.NEGATIVE_INFINITY, now - burst * intervalMs);
    nextAt.set(vendor, from + calls * intervalMs);
    return Math.max(0, Math.ceil(from + calls * intervalMs - now));
  };
}
