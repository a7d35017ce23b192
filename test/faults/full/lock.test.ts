// The lock in the kill matrix: whatever dies when, the Mac asks for the passcode that Sendoff has sealed, and was told of no other; and
// whether that bites where the passcode is not sealed first.
import { describe, it } from 'vitest';
import { CUT_POINTS } from '../support/cut.ts';
import { type LockCase, runLockCase } from '../support/lock-case.ts';
import { type Patch, patchedCopy } from '../support/patched-copy.ts';

const MAC = { email: 'dana@acme.test', serial: 'C02DANA0001' };
const cases = CUT_POINTS.flatMap((point) => ([1, 2] as const).map((workers): LockCase => ({ ...MAC, point, workers })));
const nameOf = ({ point, workers }: LockCase): string =>
  `jamf.lock_device · ${point} · ${workers === 1 ? 'one worker' : 'two workers'}`;

/** A passcode is made for each attempt, and kept once Jamf has answered. */
const SEALED_LAST: readonly Patch[] = [
  {
    in: { file: 'src/workflow/steps/jamf-lock.ts' },
    find: "const passcode = await context.sealOnce('passcode', () => newPasscode(randomInt));",
    replace: 'const made = newPasscode(randomInt); const passcode = { reveal: () => made };',
  },
  {
    in: { file: 'src/workflow/steps/jamf-lock.ts' },
    find: '({ commandUuid }) => ({ command: commandUuid }),\n      );',
    replace:
      "({ commandUuid }) => ({ command: commandUuid }),\n      );\n      await context.sealOnce('passcode', () => made);",
  },
];

describe.concurrent('a Mac whose lock is cut', { timeout: 300_000 }, () => {
  it.for(cases.map((one) => [nameOf(one), one] as const))('%s', async ([, one], test) => {
    const { asksFor, sent, sealed, status } = await runLockCase(one);

    test
      .expect({ status, sealed, all: [...new Set(sent)] })
      .toEqual({ status: 'done', sealed: asksFor, all: [asksFor] });
    test.expect(asksFor).toMatch(/^\d{6}$/);
  });
});

// The same case stands above with the defence in place.
it('is red where the passcode is sealed after it was sent', { timeout: 300_000, retry: 1 }, async ({ expect }) => {
  const copy = patchedCopy(SEALED_LAST);
  try {
    const one = { ...MAC, point: 'applied, answer not read', workers: 1, root: copy.root } as const;
    const { asksFor, sealed } = await runLockCase(one);

    expect(asksFor).toMatch(/^\d{6}$/);
    expect(sealed).not.toBe(asksFor);
  } finally {
    copy.remove();
  }
});
