import { defineConfig } from 'vitest/config';

/** For `npm run test:mutation`: the quick tests of the pure parts, many times over. */
export default defineConfig({
  test: {
    include: ['test/{domain,operations}/**/*.test.ts'],
    setupFiles: ['test/support/few-runs.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 5_000,
  },
});
