// Sealing by itself: what was sealed opens with its key, in its place, unchanged, and in no other way.
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyRing, parseKeyRing, rewrap, SealBroken, seal, unseal } from '../../../src/store/key-ring.ts';
import { Secret } from '../../../src/workflow/model/secret.ts';

const PLACE = 'sealed_secret|run|jamf:1|passcode';
const ring: KeyRing = new Map([[1, randomBytes(32)]]);

describe('a sealed value', () => {
  it('opens as it was, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(unseal(ring, PLACE, seal(ring, PLACE, value))).toBe(value);
      }),
    );
  });

  it('does not open with any one bit changed', () => {
    const record = seal(ring, PLACE, '493027');
    for (const column of ['wrappedKey', 'sealed'] as const) {
      for (let bit = 0; bit < record[column].length * 8; bit++) {
        const changed = Buffer.from(record[column]);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => unseal(ring, PLACE, { ...record, [column]: changed })).toThrow(SealBroken);
      }
    }
  });

  it('does not open in another place, under another version or another key', () => {
    const record = seal(ring, PLACE, '493027');
    const other: KeyRing = new Map([[1, randomBytes(32)]]);
    const same: KeyRing = new Map([...ring, [2, ring.get(1) as Buffer]]);

    expect(() => unseal(ring, 'sealed_secret|run|jamf:2|passcode', record)).toThrow(SealBroken);
    expect(() => unseal(other, PLACE, record)).toThrow(SealBroken);
    expect(() => unseal(same, PLACE, { ...record, keyVersion: 2 })).toThrow(SealBroken);
    expect(() => unseal(new Map(), PLACE, record)).toThrow(/key 1 is not in SENDOFF_SECRET_KEYS/);
  });

  it('never looks the same twice, and keeps its bytes when it is wrapped anew', () => {
    const sealed = new Set(Array.from({ length: 2_000 }, () => seal(ring, PLACE, '493027').sealed.toString('hex')));
    const record = seal(ring, PLACE, '493027');
    const newer: KeyRing = new Map([...ring, [2, randomBytes(32)]]);
    const moved = { ...record, ...rewrap(newer, PLACE, record) };

    expect(sealed.size).toBe(2_000);
    expect(moved.keyVersion).toBe(2);
    expect(unseal(new Map([[2, newer.get(2) as Buffer]]), PLACE, moved)).toBe('493027');
    expect(moved.sealed).toEqual(record.sealed);
  });
});

describe('SENDOFF_SECRET_KEYS', () => {
  const key = (): string => randomBytes(32).toString('base64');

  it('reads versions and keys, with blanks after commas', () => {
    const parsed = parseKeyRing(`1:${key()}, 2:${key()}`);

    expect('ring' in parsed && [...parsed.ring.keys()]).toEqual([1, 2]);
  });

  it.each([
    ['a key without a number', key()],
    ['a short key', `1:${randomBytes(16).toString('base64')}`],
    ['a version twice', `1:${key()},1:${key()}`],
    ['version 0', `0:${key()}`],
    ['nothing', ''],
  ])('refuses %s, and shows no key', (_, text) => {
    const parsed = parseKeyRing(text);

    expect(parsed).toHaveProperty('wrong');
    for (const piece of text.split(/[,:]/).filter((one) => one.length > 5))
      expect(JSON.stringify(parsed)).not.toContain(piece);
  });
});

describe('a Secret', () => {
  it('says nothing of itself in text, JSON, errors or logs', () => {
    const secret = new Secret('493027');
    const told = [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true }), `${secret}`];

    expect(secret.reveal()).toBe('493027');
    for (const one of told) expect(one).not.toContain('493027');
  });
});
