// Tokens of a published rate are fetched a handful at a time, and never more than a second's worth is given up.
import { expect, it } from 'vitest';
import { ConnectorError } from '../../../src/connectors/connector-error.ts';
import { OKTA_PACES } from '../../../src/connectors/okta/settings.ts';
import { RETRIEVER_PACES } from '../../../src/connectors/retriever/client.ts';
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

it('Retriever’s buckets give no more in any minute and any day than it has published', () => {
  const most = ({ intervalMs, burst }: { intervalMs: number; burst: number }, inMs: number) =>
    burst + inMs / intervalMs;

  expect(most(RETRIEVER_PACES['retriever.reads'], 60_000)).toBeLessThanOrEqual(60);
  expect(most(RETRIEVER_PACES['retriever.day'], 24 * 3_600_000)).toBeLessThanOrEqual(500);
});

it('a wait longer than a pace allows is told instead of waited, and takes no second token', async () => {
  const reserved: number[] = [];
  const reserve = async (_vendor: string, calls: number): Promise<number> => {
    reserved.push(calls);
    return 200;
  };
  const pace = createPacer(reserve, { 'slow.day': { intervalMs: 1_000, burst: 1, longestWaitMs: 50 } });
  const ended = async (): Promise<unknown> =>
    pace('slow.day').then(
      () => 'gone on',
      (error: unknown) => error,
    );

  const [first, second] = [await ended(), await ended()];
  expect(first).toBeInstanceOf(ConnectorError);
  expect(first).toMatchObject({ kind: 'rate_limited', vendor: 'slow' });
  expect((first as ConnectorError).retryAfterMs).toBeGreaterThan(150);
  expect(second).toMatchObject({ kind: 'rate_limited' });
  await new Promise((done) => setTimeout(done, 160));
  expect(await ended()).toBe('gone on');
  expect(reserved).toEqual([1]);
});
