// How `npm test` runs: three forks on two cores, because a test file may kill processes; one PostgreSQL for all of them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/faults/full/**', 'test/flow/lasting/**', 'test/browser/**', 'node_modules/**'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/properties.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
