// One list of orders for every step that asks: a day has 500 reads, and a search after doubt must be of what was read since.
import { expect, it } from 'vitest';
import type { DeviceReturn } from '../../../src/connectors/retriever/client.ts';
import { createOrderBook, isComplete, isSerial } from '../../../src/workflow/steps/return-orders.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const after = (ms: number): Date => new Date(NOW.getTime() + ms);
const none = { tracking: null, carrier: null, shippedAt: null, deliveredAt: null };
const anOrder = (deliveredAt: Date | null, serialNumber: string | null = 'C02DANA0001'): DeviceReturn => ({
  ...{ id: '1', ticketId: null, serialNumber, device: 'laptop', createdAt: NOW, legalHold: null },
  shipments: [{ status: null, boxOut: none, deviceBack: { ...none, deliveredAt } }],
});
function aBook() {
  const asked: (Date | null)[] = [];
  let fails = 0;
  const book = createOrderBook({
    async readReturns(since) {
      asked.push(since);
      if (fails-- > 0) throw new Error('no answer');
      return { returns: [], pages: 1 };
    },
    getReturn: async () => null,
  });
  return { book, asked, failNext: () => (fails = 1) };
}

it('is read once for a hundred that ask within a minute, and again after it', async () => {
  const { book, asked } = aBook();
  await Promise.all(Array.from({ length: 100 }, (_, at) => book.all(after(at * 500))));
  expect(asked).toHaveLength(1);
  await book.all(after(61_000));
  expect(asked).toHaveLength(2);
});

it('is read 48 times in a day for as many devices as there are, each of which looks every four hours', async () => {
  const { book, asked } = aBook();
  const [hour, day] = [3_600_000, 86_400_000];
  const looks = Array.from({ length: 300 }, (_, device) => device * 48_000).flatMap((from) =>
    Array.from({ length: 6 }, (_, look) => from + look * 4 * hour).filter((moment) => moment < day),
  );
  for (const moment of looks.sort((a, b) => a - b)) await book.all(after(moment), hour / 2);
  expect(asked.length).toBeLessThanOrEqual(48);
});

it('is read twice at most for a hundred that each need one that began after they asked', async () => {
  const { book, asked } = aBook();
  await Promise.all(Array.from({ length: 100 }, () => book.all(NOW, 0)));
  expect(asked.length).toBeLessThanOrEqual(2);
  await book.all(NOW, 0);
  expect(asked.length).toBeLessThanOrEqual(3);
});

it('is read anew for whoever has a doubt, and after a read that failed', async () => {
  const { book, asked, failNext } = aBook();
  await book.all(NOW);
  await book.all(NOW, 0);
  expect(asked).toHaveLength(2);
  failNext();
  await expect(book.all(NOW, 0)).rejects.toThrow('no answer');
  await book.all(NOW);
  expect(asked).toHaveLength(4);
});

it('an order is complete once the device is back, and a serial number the same in any case', () => {
  expect([isComplete(anOrder(null)), isComplete(anOrder(NOW)), isComplete({ ...anOrder(NOW), shipments: [] })]).toEqual(
    [false, true, false],
  );
  expect([isSerial(anOrder(null, ' c02dana0001 '), 'C02DANA0001'), isSerial(anOrder(null, null), null)]).toEqual([
    true,
    false,
  ]);
});
