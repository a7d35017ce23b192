// Tokens of a published rate are fetched a handful at a time, and never more than a second's worth is given up.
import { expect, it } from 'vitest';
import { OKTA_PACES } from '../../../src/connectors/okta/client.ts';
import { createPacer } from '../../../src/workflow/pace.ts';

function aPacer(): { pace: (vendor: string) => Promise<void>; reserved: number[] } {
  const reserved: number[] = [];
  const reserve = async (_vendor: string, calls: number): Promise<number> => {
    reserved.push(calls);
    return 0;
  };
  return { pace: createPacer(reserve, OKTA_PACES), reserved };
}

it('one statement serves ten calls of a fast bucket', async () => {
  const { pace, reserved } = aPacer();
  for (let call = 0; call < 20; call += 1) await pace('okta.reads');

  expect(reserved).toEqual([10, 10]);
});

it('a slow bucket loses no more tokens than calls were made', async () => {
  const { pace, reserved } = aPacer();
  await pace('okta.devices');
  await pace('okta.devices');

  expect(reserved).toEqual([1, 1]);
});

it('a vendor without a published rate waits for nothing', async () => {
  const { pace, reserved } = aPacer();
  await pace('slack');

  expect(reserved).toEqual([]);
});

it('a database that is away slows a call down, and does not fail it', async () => {
  const pace = createPacer(() => Promise.reject(new Error('no connection')), { slow: { intervalMs: 30, burst: 5 } });
  const startedAt = performance.now();
  await pace('slow');

  expect(performance.now() - startedAt).toBeGreaterThan(290);
});
