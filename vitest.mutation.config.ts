import { defineConfig } from 'vitest/config';

/** For `npm run test:mutation`: the fast tests of the pure parts, run many times. */
export default defineConfig({
  test: {
    // This file tests the domain's notifications as Slack shows them.
    include: ['test/{domain,operations}/**/*.test.ts', 'test/slack/views/notifications.test.ts'],
    setupFiles: ['test/support/few-runs.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 5_000,
  },
});
