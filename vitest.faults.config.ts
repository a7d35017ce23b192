// How `npm run test:faults` runs: the whole kill matrix and its teeth, several companies side by side in one fork, since
// most of a case is waiting.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/faults/full/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/properties.ts'],
    pool: 'forks',
    maxWorkers: 1,
    maxConcurrency: 8,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
