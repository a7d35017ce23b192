// Whether there are enough people for the approvals that a policy asks for: whoever asks for something never also allows it. Pure.
import type { Policy } from './policy.ts';
import type { Role } from './run.ts';

export interface Shortage {
  readonly says: string;
  readonly fix: string;
}

/** What the policy wants a second person's yes for; an undo wants one whatever it says. */
function askedFor(policy: Policy): readonly string[] {
  const { groups, titles, addresses } = policy.protected;
  return [
    ...(groups.length + titles.length + addresses.length > 0 ? ['people whom the policy protects'] : []),
    ...(policy.returns.data === 'wipe' ? ['erasing a computer (returns.data: wipe)'] : []),
  ];
}

/** Empty: whatever the policy asks for, somebody can give. */
export function shortOfApprovers(
  policy: Policy,
  operators: readonly { readonly userId: string; readonly role: Role }[],
): readonly Shortage[] {
  const approvers = operators.filter((one) => one.role !== 'operator').length;
  const asked = askedFor(policy);
  // Who asks never also allows: with one approver, what that one asks for waits for ever.
  const needed = asked.length > 0 ? 2 : 1;
  const named = policy.mailbox.countries.flatMap((rule) => (rule.yesFrom === 'approver' ? [] : rule.yesFrom));
  const strangers = [...new Set(named)].filter((user) => !operators.some((one) => one.userId === user));
  return [
    ...(approvers >= needed
      ? []
      : [
          {
            says: `${approvers} ${approvers === 1 ? 'approver' : 'approvers'}, and ${asked.length > 0 ? asked.join(' and ') : 'an undo'} ${asked.length > 1 ? 'need' : 'needs'} a yes from an approver who did not ask`,
            fix: `Add ${needed - approvers === 1 ? 'another approver' : `${needed - approvers} approvers`}: npm run sendoff -- operators add TEAM:USER --role approver`,
          },
        ]),
    ...strangers.map((user) => ({
      says: `mailbox.countries waits for a yes from ${user}, who is no operator, so that it would not count`,
      fix: `Add them, npm run sendoff -- operators add TEAM:${user}, or name somebody else`,
    })),
  ];
}
