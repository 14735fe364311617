import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', '**/node_modules/**'],
    globalSetup: ['test/support/unpack-browser.ts'],
    testTimeout: 20_000,
    // Vitest leaves one core idle, which is half of a machine with two; most tests wait for sockets anyway.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
