// How `npm run test:lasting` runs: flows that pass days or take long, in three forks, since they wait for their vendors' pace more than they work, with the patience of the kill matrix.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/flow/lasting/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/properties.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
