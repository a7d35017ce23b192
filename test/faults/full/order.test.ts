// The paid order in the kill matrix: whatever dies when, one box is ordered, or none and a person is asked; and whether that bites where
// the list of orders is not read before one is placed.
import { describe, it } from 'vitest';
import { CUT_POINTS } from '../support/cut.ts';
import { type OrderCase, type OrderResult, runOrderCase } from '../support/order-case.ts';
import { type Patch, patchedCopy } from '../support/patched-copy.ts';

const LEAVER = 'dana@acme.test';
const cases = CUT_POINTS.flatMap((point) =>
  ([1, 2] as const).map((workers): OrderCase => ({ email: LEAVER, point, workers })),
);
const nameOf = ({ point, workers }: OrderCase): string =>
  `retriever.order_return · ${point} · ${workers === 1 ? 'one worker' : 'two workers'}`;
const ORDERED: OrderResult = { paid: 1, status: 'done', asks: null };
/** Nobody knows whether it was sent: the list was read twice, and does not have it. */
const ASKED: OrderResult = { paid: 0, status: 'needs_human', asks: 'order_again' };

/** What the engine alone would do: wait, look at nothing, and send again. */
const UNREAD: Patch = {
  in: { file: 'src/workflow/steps/return-ship.ts' },
  find: 'const found = await findOrder(deps, orders, context, device);',
  replace: 'const found: Observation | null = null;',
};

describe.concurrent('an order that is cut', { timeout: 300_000 }, () => {
  it.for(cases.map((one) => [nameOf(one), one] as const))('%s', async ([, one], test) => {
    test.expect(await runOrderCase(one)).toEqual(one.point === 'intent committed, nothing sent' ? ASKED : ORDERED);
  });
});

// The same case stands above with the defence in place.
it('is red where the list of orders is not read: a second box is paid for', { timeout: 300_000, retry: 1 }, async ({
  expect,
}) => {
  const copy = patchedCopy([UNREAD]);
  try {
    const one = { email: LEAVER, point: 'applied, answer not read', workers: 1, root: copy.root } as const;

    expect((await runOrderCase(one)).paid).toBeGreaterThan(1);
  } finally {
    copy.remove();
  }
});
