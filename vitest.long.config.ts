import { defineConfig } from 'vitest/config';

const testTimeout = 30 * 60_000;
// A long run on a busy machine may miss a moment it waits for; the seed of each attempt is printed.
const retry = 1;

export default defineConfig({
  test: {
    globalSetup: ['test/support/own-temporary-folder.ts', 'test/support/bundle-processes.ts'],
    passWithNoTests: false,
    projects: [
      { test: { name: 'long', include: ['test/**/*.long.test.ts'], testTimeout, retry } },
      {
        test: {
          name: 'on the functions',
          // The same stories that `npm test` tells of one process.
          include: ['test/stories/actions-*.test.ts'],
          globalSetup: ['test/packaging/the-functions.ts'],
          setupFiles: ['test/stories/only-in-one-process.ts'],
          testTimeout: 120_000,
          retry,
        },
      },
    ],
  },
});
