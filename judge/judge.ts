// Judges one offboarding by what the vendors saw, not by what the app says of itself. Imports nothing of the app or its sandbox.
import { BEGIN_CHECKS } from './begin-checks.ts';
import { DEVICE_CHECKS } from './device-checks.ts';
import type { Evidence } from './evidence.ts';
import { GOOGLE_CHECKS } from './google-checks.ts';
import { JIRA_CHECKS } from './jira-checks.ts';
import { OKTA_CHECKS } from './okta-checks.ts';
import { OWNER_CHECKS } from './owner-checks.ts';
import { RETURN_CHECKS } from './return-checks.ts';
import { isOffboarding, RETURN_RUN_CHECKS } from './return-run-checks.ts';
import { SLACK_CHECKS } from './slack-checks.ts';
import { isUndo, UNDO_CHECKS } from './undo-checks.ts';
import { WATCH_CHECKS } from './watch-checks.ts';

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

const OF_ONE_RUN = ['one_root', 'one_reply_a_step', ...[...JIRA_CHECKS, ...RETURN_CHECKS].map(({ id }) => id)];

function unlessUndo({ applies }: Check): (evidence: Evidence) => boolean {
  return (evidence) => !isUndo(evidence) && (applies?.(evidence) ?? true);
}

export const CHECKS: readonly Check[] = [
  ...[...OKTA_CHECKS, ...GOOGLE_CHECKS].map((check) => ({
    ...check,
    applies: (evidence: Evidence) => isOffboarding(evidence) && (check.applies?.(evidence) ?? true),
  })),
  ...UNDO_CHECKS,
  ...RETURN_RUN_CHECKS,
  ...BEGIN_CHECKS,
  ...DEVICE_CHECKS,
  // An undo has two runs in its story: what is said of one run and its ticket is not asked of them.
  ...[...SLACK_CHECKS, ...JIRA_CHECKS, ...RETURN_CHECKS].map((check) =>
    OF_ONE_RUN.includes(check.id) ? { ...check, applies: unlessUndo(check) } : check,
  ),
  ...WATCH_CHECKS,
  ...OWNER_CHECKS,
];

export function judge(evidence: Evidence): Verdict {
  const asked = CHECKS.filter((check) => check.applies?.(evidence) ?? true);
  const checks = asked.map(({ id, sentence, find }) => ({ id, sentence, ...find(evidence) }));
  return { holds: checks.every((check) => check.holds), checks };
}
