import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Kept, readKept, removeKept, writeKept } from '../../sandbox/page/kept.ts';
import { VENDORS } from '../../sandbox/page/simulators.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KEPT = {
  aheadMs: 86_400_000,
  secretKeys: '1:key',
  ports: { okta: { port: 4001, controlPort: 4002 } },
  appPort: 4003,
  memories: {
    ...Object.fromEntries(VENDORS.map((name) => [name, []])),
    okta: [{ org: { users: new Map([['00u1', { at: new Date(0), roles: new Set(['ADMIN']) }]]) } }],
    slack: [{ counter: 3 }, [{ id: 'C1' }], { channel: 'C1', messages: ['one'] }],
  },
} as unknown as Kept;

describe('what is kept of Acme', () => {
  it('comes back as it was, and nobody else may read it', () => {
    writeKept(folder, KEPT);
    expect(readKept(folder)).toEqual(KEPT);
    expect(readdirSync(folder)).toEqual(['acme.state']);
    expect(statSync(path.join(folder, 'acme.state')).mode & 0o077).toBe(0);
  });

  it('is nothing at first, and old where its shape is another or it is broken', () => {
    expect(readKept(folder)).toBe('none');
    writeFileSync(path.join(folder, 'acme.state'), '{"version":0,"pieces":0,"kept":{}}');
    expect(readKept(folder)).toBe('old');
    writeFileSync(path.join(folder, 'acme.state'), 'not one of ours');
    expect(readKept(folder)).toBe('old');
    writeKept(folder, KEPT);
    const file = path.join(folder, 'acme.state');
    const whole = readFileSync(file);
    for (const bytes of [0, 3, 40, whole.length - 30, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, bytes));
      expect(readKept(folder), `cut after ${bytes} bytes`).toBe('old');
    }
  });

  it('is all that a reset takes away', () => {
    writeKept(folder, KEPT);
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    removeKept(folder);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });
});
