// A picture of each screen that a browser test looks at, for whoever wants to see what it saw: .sendoff/pictures, kept until the next time.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../.sendoff/pictures/', import.meta.url));
const LONGEST_NAME = 120;
const taken = new Map<string, number>();

/** Named by file and test; numbered where a test looks more than once. */
export async function keepPicture(page: Page): Promise<void> {
  const { testPath = '', currentTestName = 'screen' } = expect.getState();
  const words = `${path.basename(testPath, '.test.ts')} ${currentTestName}`.replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  const name = words.slice(0, LONGEST_NAME);
  const number = (taken.get(name) ?? 0) + 1;
  taken.set(name, number);
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: path.join(FOLDER, `${name}-${number}.png`) });
}
