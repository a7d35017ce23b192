// Judges one offboarding by what the vendors saw, not by what the app says of itself. Imports nothing of the app or its sandbox.
import { DEVICE_CHECKS } from './device-checks.ts';
import type { Evidence } from './evidence.ts';
import { GOOGLE_CHECKS } from './google-checks.ts';
import { JIRA_CHECKS } from './jira-checks.ts';
import { OKTA_CHECKS } from './okta-checks.ts';
import { RETURN_CHECKS } from './return-checks.ts';
import { isOffboarding, RETURN_RUN_CHECKS } from './return-run-checks.ts';
import { SLACK_CHECKS } from './slack-checks.ts';

export interface Finding {
  readonly holds: boolean;
  /** What it was judged by: counts, calls, words. */
  readonly evidence: string;
}

export interface Check {
  readonly id: string;
  /** What must be true. */
  readonly sentence: string;
  /** Absent: always. */
  applies?(evidence: Evidence): boolean;
  find(evidence: Evidence): Finding;
}

export interface Judged extends Finding {
  readonly id: string;
  readonly sentence: string;
}

export interface Verdict {
  readonly holds: boolean;
  readonly checks: readonly Judged[];
}

export const CHECKS: readonly Check[] = [
  ...[...OKTA_CHECKS, ...GOOGLE_CHECKS].map((check) => ({ ...check, applies: isOffboarding })),
  ...RETURN_RUN_CHECKS,
  ...DEVICE_CHECKS,
  ...SLACK_CHECKS,
  ...JIRA_CHECKS,
  ...RETURN_CHECKS,
];

export function judge(evidence: Evidence): Verdict {
  const asked = CHECKS.filter((check) => check.applies?.(evidence) ?? true);
  const checks = asked.map(({ id, sentence, find }) => ({ id, sentence, ...find(evidence) }));
  return { holds: checks.every((check) => check.holds), checks };
}
