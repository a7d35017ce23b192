// Passcodes of locked Macs: six digits, none that is guessed first, all others equally often.
import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWeak, newPasscode } from '../../../src/workflow/model/passcode.ts';

describe('a passcode', () => {
  it('is six digits and never weak, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(999_999), { minLength: 1, maxLength: 50 }), (drawn) => {
        const left = [...drawn, 493_027];
        const passcode = newPasscode(() => left.shift() ?? 493_027);

        expect(passcode).toMatch(/^\d{6}$/);
        expect(isWeak(passcode)).toBe(false);
      }),
    );
  });

  it.each([
    '000000',
    '111111',
    '123456',
    '654321',
    '890123',
    '121212',
    '123123',
    '112233',
    '123321',
    '198412',
    '200101',
    '101990',
    '112112',
  ])('is not %s', (weak) => {
    expect(isWeak(weak)).toBe(true);
  });

  it.each(['493027', '804213', '007315', '710042', '135790'])('may be %s', (good) => {
    expect(isWeak(good)).toBe(false);
  });

  it('leaves more than nine in ten of all, each drawn as often as the others', () => {
    const all = Array.from({ length: 1_000_000 }, (_, n) => String(n).padStart(6, '0'));
    const kept = all.filter((one) => !isWeak(one)).length;
    // 100 cells by the last two digits: chi-square with 99 degrees of freedom stays below 180 but once in a million times.
    const n = 100_000;
    const cells = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const cell = newPasscode((below) => randomInt(below)).slice(4);
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    }
    const shares = new Map<string, number>();
    for (const one of all) if (!isWeak(one)) shares.set(one.slice(4), (shares.get(one.slice(4)) ?? 0) + 1);
    const chiSquare = [...shares].reduce((sum, [cell, share]) => {
      const wanted = (n * share) / kept;
      return sum + ((cells.get(cell) ?? 0) - wanted) ** 2 / wanted;
    }, 0);

    expect(kept).toBeGreaterThan(900_000);
    expect(chiSquare).toBeLessThan(180);
  });
});
