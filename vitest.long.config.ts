import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const testTimeout = 30 * 60_000;
/** Hooks start browsers, on a machine that may be busy with other tests. */
const hookTimeout = 60_000;
// On a busy machine, a long run may miss a moment that it waits for. Each attempt prints its seed.
const retry = 1;

/** The stories that `npm test` tells of one process, and those of the functions alone. */
const onTheFunctions = ['test/stories/actions-*.test.ts', 'test/stories/functions-*.long.test.ts'];

export default defineConfig({
  test: {
    globalSetup: [
      'test/support/unpack-browser.ts',
      'test/support/own-temporary-folder.ts',
      'test/support/bundle-processes.ts',
    ],
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          exclude: [...onTheFunctions, '**/node_modules/**'],
          testTimeout,
          hookTimeout,
          retry,
        },
      },
      {
        test: {
          name: 'on the functions',
          include: onTheFunctions,
          globalSetup: ['test/packaging/the-functions.ts'],
          setupFiles: ['test/stories/skip-on-the-functions.ts'],
          testTimeout: 120_000,
          retry,
          // They move the time by themselves, so they may share the machine, and a process.
          maxWorkers: availableParallelism(),
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
