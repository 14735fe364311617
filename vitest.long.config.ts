import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    globalSetup: ['test/support/own-temporary-folder.ts'],
    passWithNoTests: false,
    testTimeout: 30 * 60_000,
    // A long run on a busy machine may miss a moment it waits for; the seed of each attempt is printed.
    retry: 1,
  },
});
