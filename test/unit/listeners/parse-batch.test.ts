// A pasted list: what is read of it, each once; what cannot be read exactly is told, never guessed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBatch } from '../../../src/listeners/commands/parse-batch.ts';

describe('parseBatch', () => {
  it.each([
    ['one a line, with blanks and empty lines', ' ada@acme.test\r\n\r\n\tgrace@acme.test  \n'],
    [
      'the column named email, wherever it stands',
      'Name;E-Mail;Manager\n"Byrne, Ada";ada@acme.test;lin@acme.test\nGrace;"grace@acme.test";',
    ],
    ['the first column where none is named so', 'ada@acme.test,Ada Byrne,Lisbon\ngrace@acme.test\tGrace'],
    ['the same address twice, in any case, once', 'ada@acme.test\nADA@acme.test\ngrace@acme.test\nada@acme.test'],
    ['a quoted blank and a doubled quote', 'name,email\n"a ""b"", c",ada@acme.test\nd,grace@acme.test'],
  ])('takes %s', (_, text) => {
    expect(parseBatch(text)).toEqual({ addresses: ['ada@acme.test', 'grace@acme.test'], unreadable: [] });
  });

  it('tells what is no address, or is more than one, and takes no part of it', () => {
    const { addresses, unreadable } = parseBatch(
      'ada@acme.test, grace@acme.test\nlin@acme.test sam@acme.test\n<@U0DANA>\nаda@acme.test',
    );

    expect(addresses).toEqual([]);
    expect(unreadable).toEqual([
      'ada@acme.test grace@acme.test',
      'lin@acme.test sam@acme.test',
      '<@U0DANA>',
      '[U+0430]da@acme.test',
    ]);
  });

  it('never throws, and answers only with whole addresses that stand there', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        for (const address of parseBatch(text).addresses) {
          expect(address).toMatch(/^[^\s@]+@[^\s@]+\.[^\s@]+$/);
          expect(text.replaceAll('"', '')).toContain(address);
        }
      }),
    );
  });
});
