import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest start first, so that none is left over at the end. The first three mostly wait. */
const slowOnes = [
  ...['chaos/kills.', 'chaos/actions.', 'entry/server-in-trouble.'],
  ...['engine/durable-', 'browser/', 'chaos/', 'entry/', 'bench/', 'engine/'],
].map((start) => `/test/${start}`);

class SlowOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = slowOnes.findIndex((start) => moduleId.includes(start));
      return place < 0 ? slowOnes.length : place;
    };
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', '**/node_modules/**'],
    globalSetup: [
      'test/support/unpack-browser.ts',
      'test/support/temporary-folder-in-memory.ts',
      'test/support/own-temporary-folder.ts',
      'test/support/bundle-processes.ts',
    ],
    // To load Bolt and the AWS SDK anew for each file would cost more than most tests.
    isolate: false,
    // Most tests wait for sockets, timers and processes, not for a core.
    maxWorkers: Math.max(6, availableParallelism()),
    // What a test leaves behind is rarely collected while it is still young, unless there is room for it.
    execArgv: ['--min-semi-space-size=32', '--max-semi-space-size=64'],
    sequence: { sequencer: SlowOnesFirst },
    testTimeout: 20_000,
    // Hooks start browsers, on a machine that may be busy with other tests.
    hookTimeout: 60_000,
    // CI names the tests that needed a second try.
    retry: process.env['CI'] ? 1 : 0,
  },
});
