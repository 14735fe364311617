import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take longest, whatever the size of their files: begun last, they would keep everybody waiting. */
const slowFolders = ['browser', 'chaos', 'entry', 'bench', 'engine'];

/** Whose files have a process each. All others share some: to load Bolt and the AWS SDK anew costs more than most tests. */
const apart = ['test/{browser,chaos,bench}/**/*.test.ts', 'test/engine/durable-watch.test.ts'];

class SlowOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      slowFolders.some((folder) => moduleId.includes(`/test/${folder}/`));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

const exclude = ['test/**/*.long.test.ts', '**/node_modules/**'];
/** Hooks start browsers, on a machine that may be busy with other tests. CI names those that needed a second try. */
const patience = { testTimeout: 20_000, hookTimeout: 60_000, retry: process.env['CI'] ? 1 : 0 };

export default defineConfig({
  test: {
    globalSetup: [
      'test/support/unpack-browser.ts',
      'test/support/in-memory.ts',
      'test/support/own-temporary-folder.ts',
      'test/support/bundle-processes.ts',
    ],
    // Most tests wait for sockets, timers and processes, not for a core.
    maxWorkers: Math.max(6, availableParallelism()),
    sequence: { sequencer: SlowOnesFirst },
    projects: [
      { test: { name: 'apart', include: apart, exclude, ...patience } },
      {
        test: {
          name: 'sharing',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...apart],
          ...patience,
          isolate: false,
        },
      },
    ],
  },
});
