import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take longest, whatever the size of their files: begun last, they would keep everybody waiting. */
const slowFolders = ['browser', 'chaos', 'entry', 'bench'];

class SlowOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      slowFolders.some((folder) => moduleId.includes(`/test/${folder}/`));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', '**/node_modules/**'],
    globalSetup: ['test/support/unpack-browser.ts', 'test/support/own-temporary-folder.ts'],
    testTimeout: 20_000,
    // Most tests wait for sockets, timers and processes of their own, not for a core.
    maxWorkers: Math.max(4, availableParallelism()),
    sequence: { sequencer: SlowOnesFirst },
  },
});
