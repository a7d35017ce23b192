// The password that nobody knows.
import { describe, expect, it } from 'vitest';
import { unknownPassword } from '../../../src/connectors/google/password.ts';

describe('unknownPassword', () => {
  it('is one that Google takes, and never the same again', () => {
    const made = Array.from({ length: 1000 }, unknownPassword);

    expect(new Set(made).size).toBe(1000);
    for (const one of made) expect(one).toMatch(/^[\w-]{43}$/);
  });

  it('has every bit from chance: each of the 64 characters turns up in every place but the last', () => {
    const made = Array.from({ length: 4000 }, unknownPassword);

    for (let place = 0; place < 42; place += 1) expect(new Set(made.map((one) => one[place])).size).toBe(64);
  });
});
