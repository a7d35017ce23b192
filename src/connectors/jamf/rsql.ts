// Builds the filters of Jamf's lists so that no value can become part of the filter. Pure.
// @see https://developer.jamf.com/jamf-pro/docs/filtering-with-rsql

/** In double quotes; a quote or a backslash in it gets a backslash. `*` stands for anything and cannot be written otherwise: check what comes back. */
export function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

export function equal(field: string, value: string): string {
  return `${field}==${quoted(value)}`;
}

export const anyOf = (...comparisons: readonly string[]): string => comparisons.join(',');
export const allOf = (...comparisons: readonly string[]): string => comparisons.join(';');
