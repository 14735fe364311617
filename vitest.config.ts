import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', '**/node_modules/**'],
    globalSetup: ['test/support/unpack-browser.ts'],
    testTimeout: 20_000,
    // Most tests wait for sockets, timers and processes of their own, not for a core.
    maxWorkers: Math.max(4, availableParallelism()),
  },
});
