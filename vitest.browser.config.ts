// How `npm run test:browser` runs: the sandbox's page in a real Chromium, a sandbox a file. They wait for Slack's pace more than they
// work, so three go side by side; the longest begins first.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): number => (moduleId.includes('layoff') ? 0 : 1);
    return (await super.sort(files)).sort((one, other) => isLong(one) - isLong(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
