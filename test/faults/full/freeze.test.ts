// Zombies: a process frozen between its committed intent and the send, beyond its lease, and thawed.
import { describe, it } from 'vitest';
import { discoverAlone } from '../discover.ts';
import { runFreezeCase } from '../support/freeze-case.ts';
import { patiently } from '../support/patience.ts';

const LEAVER = 'dana@acme.test';
const found = await discoverAlone(LEAVER, { isDrawn: false });

describe.concurrent('a process that was frozen before its send', () => {
  const writes = found.writes.filter((write) => write.irreversible).slice(0, 2);

  it.for(
    writes.flatMap((write) =>
      (['at the takeover', 'at the end'] as const).map(
        (thaws) => [`${write.effect} ${write.target}`, thaws, write] as const,
      ),
    ),
  )('sends %s no more when it thaws %s', async ([, thaws, write], test) => {
    const { violations } = await patiently(() => runFreezeCase({ email: LEAVER, write, thaws }, found.operations));

    test.expect(violations).toEqual([]);
  });
});
