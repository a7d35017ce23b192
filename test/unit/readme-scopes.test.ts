// README's table of Google scopes is what the connector asks for: each one, in its order, with its reason.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GOOGLE_SCOPES } from '../../src/connectors/google/scopes.ts';

it('README lists each Google scope with its reason, and no other', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const table = readme.split('| Google scope |')[1]?.split('\n\n')[0] ?? '';
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));

  expect(rows).toEqual(
    Object.entries(GOOGLE_SCOPES).map(([scope, { subject, neededFor, reason }]) => {
      const whose = subject === 'admin' ? 'admin' : 'the leaver';
      return `| \`${scope}\` | ${whose} | ${reason}${neededFor === 'work' ? '' : ' (may be left out)'} |`;
    }),
  );
});
