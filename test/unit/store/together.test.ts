// Who asks at the same moment shares one statement, and nobody pays for what another asked.
import { expect, it } from 'vitest';
import { together } from '../../../src/store/together.ts';

class Refused extends Error {}

function aShared(): { ask: (item: string) => Promise<string>; sent: string[][]; answer(): void } {
  const sent: string[][] = [];
  const gates: (() => void)[] = [];
  const ask = together<string, string>({
    async send(items) {
      sent.push([...items]);
      await new Promise<void>((open) => gates.push(open));
      if (items.includes('away')) throw new Error('no connection');
      if (items.includes('bad')) throw new Refused();
      return items.map((item) => item.toUpperCase());
    },
    keyOf: (item) => item,
    isOurs: (error) => error instanceof Refused,
    most: 3,
  });
  return { ask, sent, answer: () => gates.shift()?.() };
}

async function answering<T>(shared: { answer(): void }, asked: Promise<T>[]): Promise<PromiseSettledResult<T>[]> {
  const all = Promise.allSettled(asked);
  let isDone = false;
  void all.then(() => {
    isDone = true;
  });
  while (!isDone) {
    shared.answer();
    await new Promise((turn) => setImmediate(turn));
  }
  return all;
}

it('the first goes at once, the others together, each with its own answer', async () => {
  const shared = aShared();
  const answers = await answering(shared, ['a', 'b', 'c', 'd', 'e'].map(shared.ask));

  expect(shared.sent).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  expect(answers.map((one) => one.status === 'fulfilled' && one.value)).toEqual(['A', 'B', 'C', 'D', 'E']);
});

it('the same key never stands twice in one statement', async () => {
  const shared = aShared();
  await answering(shared, ['a', 'b', 'b', 'c'].map(shared.ask));

  expect(shared.sent).toEqual([['a'], ['b', 'c'], ['b']]);
});

it('what the database refuses fails alone', async () => {
  const shared = aShared();
  const answers = await answering(shared, ['a', 'b', 'bad', 'c'].map(shared.ask));

  expect(answers.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

it('a lost connection fails all of one statement, sends none of it again, and the next go on', async () => {
  const shared = aShared();
  const answers = await answering(shared, ['a', 'b', 'away', 'c', 'd'].map(shared.ask));

  expect(answers.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled']);
  expect(shared.sent).toEqual([['a'], ['b', 'away', 'c'], ['d']]);
});
