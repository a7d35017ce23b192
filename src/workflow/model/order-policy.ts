// The policy's section on order: what must have happened before something that cannot be taken back. Sendoff keeps to it whatever
// stands here; a policy that says otherwise is refused, so that nobody relies on what does not happen. Pure.
import { z } from 'zod';
import type { PolicyIssue } from './policy.ts';

/** Each act with the moments that people think of. The first is the only one that loses nothing; of the others, why they do. */
const ORDERS = {
  eraseAfter: {
    received: null,
    lock: 'erases a computer before it is received: it may be lost, and a locked one takes no command',
    start: 'erases a computer before it is received: what is on it is gone, whoever it belongs to',
  },
  freeLicenceAfter: {
    transfers: null,
    delegation: 'frees the licence before files and calendar are surely transferred, and Google may delete them',
    containment: 'frees the licence before files and calendar are transferred, and Google may delete them',
  },
  suspendAfter: {
    delegation: null,
    transfers:
      'suspends the account while its mailbox is still delegated, which ends the delegation for whoever reads it',
    containment: 'suspends the account before its mailbox is delegated, and Google refuses a delegation then',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string | null>>>>;
type Act = keyof typeof ORDERS;
const ACTS = Object.keys(ORDERS) as readonly Act[];

const moment = <T extends Act>(act: T) => {
  const known = Object.keys(ORDERS[act]) as [
    keyof (typeof ORDERS)[T] & string,
    ...(keyof (typeof ORDERS)[T] & string)[],
  ];
  return z.enum(known, `is not known: write ${known[0]}`);
};

export const OrderPolicy = z.strictObject(
  {
    eraseAfter: moment('eraseAfter').default('received'),
    freeLicenceAfter: moment('freeLicenceAfter').default('transfers'),
    suspendAfter: moment('suspendAfter').default('delegation'),
  },
  'is not a section: write eraseAfter, freeLicenceAfter and suspendAfter below it, or take it out',
);
export type OrderPolicy = z.infer<typeof OrderPolicy>;

export function orderIssues({ order }: { readonly order: OrderPolicy }): PolicyIssue[] {
  return ACTS.flatMap((act): PolicyIssue[] => {
    const moments: Readonly<Record<string, string | null>> = ORDERS[act];
    const why = moments[order[act]] ?? null;
    const [remedy = ''] = Object.keys(moments);
    return why === null ? [] : [{ path: ['order', act], says: `${why}: write ${remedy}`, isKey: false }];
  });
}
