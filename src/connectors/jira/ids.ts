// What may go into a path or into JQL: values that are ours and look like it. jira.js puts both together without escaping.
import { ConnectorError } from '../connector-error.ts';

const SHAPES = {
  /** A key, or Jira's id. */
  issue: /^(?:[A-Z][A-Z0-9_]+-[1-9]\d*|[1-9]\d*)$/,
  project: /^[A-Z][A-Z0-9_]+$/,
  label: /^[A-Za-z0-9_-]{1,255}$/,
  transition: /^\d+$/,
} as const;

/** The value itself. Throws before anything is sent. */
export function checked(what: keyof typeof SHAPES, value: string): string {
  if (SHAPES[what].test(value)) return value;
  throw new ConnectorError({
    kind: 'rejected',
    vendor: 'jira',
    operation: `check ${what}`,
    reason: `not sent: this is no ${what}`,
  });
}
