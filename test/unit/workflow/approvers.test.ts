// Enough people for the approvals a policy asks for: who asks never also allows.
import { describe, expect, it } from 'vitest';
import { shortOfApprovers } from '../../../src/workflow/model/approvers.ts';
import { Policy } from '../../../src/workflow/model/policy.ts';
import type { Role } from '../../../src/workflow/model/run.ts';

const said = (given: unknown, ...roles: readonly Role[]): readonly string[] =>
  shortOfApprovers(
    Policy.parse(given),
    roles.map((role, at) => ({ userId: `U0${at}`, role })),
  ).map(({ says, fix }) => `${says}: ${fix}`);

describe('approvers are', () => {
  it.each([
    ['enough: one, where nothing wants a second', {}, ['approver', 'operator']],
    ['enough: two, where the policy protects somebody', { protected: { titles: ['CEO'] } }, ['approver', 'admin']],
    ['enough: two, where computers are erased', { returns: { data: 'wipe' } }, ['admin', 'admin']],
    ['enough, where the named one is an operator', { mailbox: gate('U01') }, ['admin', 'operator']],
  ] as const)('%s', (_, policy, roles) => {
    expect(said(policy, ...roles)).toEqual([]);
  });

  it.each([
    ['none at all', {}, ['operator'], '0 approvers, and an undo needs a yes'],
    [
      'one, who cannot allow what they ask for',
      { protected: { groups: ['Board'] } },
      ['admin', 'operator'],
      '1 approver, and people whom the policy protects needs a yes from an approver who did not ask: Add another approver',
    ],
    ['one, and erasures', { returns: { data: 'wipe' } }, ['admin'], '1 approver, and erasing a computer'],
    [
      'named, and no operator',
      { mailbox: gate('U09') },
      ['admin', 'admin'],
      'waits for a yes from U09, who is no operator',
    ],
  ] as const)('too few: %s', (_, policy, roles, words) => {
    expect(said(policy, ...roles)).toEqual([expect.stringContaining(words)]);
  });
});

function gate(user: string) {
  return { countries: [{ countries: ['KR'], yesFrom: [user] }] };
}
