// How the Jira reporter spaces what it writes to one ticket, and how long it waits after trouble.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Jira } from '../connectors/jira/client.ts';

/** Between two writes to one ticket; what ends meanwhile shares a comment. Jira takes 20 in 2 s and 100 in 30 s. */
export const BETWEEN_WRITES_MS = 1_500;
/** A write that was sent can arrive until its call's deadline; only after that does "not listed" mean not made. */
export const IN_FLIGHT_MS = 9_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

export function waitOf(error: unknown, failures: number): number {
  if (error instanceof ConnectorError && error.retryAfterMs) return error.retryAfterMs;
  return BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 30_000;
}

/** The first tries of a trouble are told in the log; after them only news is. */
export function isWorthALine(failures: number): boolean {
  return failures < BACK_OFF_MS.length;
}

/** Jira knows us and says no to this: not a lost token, which says no to everything. */
export async function wasRefused(
  { jira }: { readonly jira: Pick<Jira, 'myPermissions'> },
  project: string,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof ConnectorError)) return false;
  if (error.kind === 'rejected') return true;
  if (error.kind !== 'unauthorized') return false;
  const held = await jira.myPermissions(project);
  return held?.BROWSE_PROJECTS === true && !held.CREATE_ISSUES;
}
