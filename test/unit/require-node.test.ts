// The sentence that someone with an old Node reads instead of a syntax error.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const { nodeComplaint } = (await import(new URL('../../tools/require-node.mjs', import.meta.url).href)) as {
  nodeComplaint: (version: string) => string | null;
};

describe('nodeComplaint', () => {
  it.each(['18.20.8', '20.20.2', '22.17.1', '23.5.0'])(
    'refuses Node %s in one sentence that says what to do',
    (version) => {
      const complaint = nodeComplaint(version);

      expect(complaint).toMatch(
        new RegExp(`^Sendoff needs Node 22\\.18 or newer and this is Node ${version}: install [^\\n]+\\.$`),
      );
    },
  );

  it.each(['22.18.0', '22.22.1', '23.6.0', '24.0.0', 'v24.21.0', '26.1.0'])('lets Node %s run', (version) => {
    expect(nodeComplaint(version)).toBeNull();
  });
});

describe('tools/require-node.mjs', () => {
  it('says nothing on a Node that is new enough', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/require-node.mjs'], { encoding: 'utf8' });

    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
