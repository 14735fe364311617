import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take longest, whatever the size of their files: begun last, they would keep everybody waiting. */
const slowFolders = ['browser', 'chaos', 'entry', 'bench'];

/** Their files leave nothing behind in a process, so that many of them share one: to start it costs more than most. */
const sharing = 'test/{domain,operations,config,metrics,slack,cli/text}/**/*.test.ts';

class SlowOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      slowFolders.some((folder) => moduleId.includes(`/test/${folder}/`));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

const exclude = ['test/**/*.long.test.ts', '**/node_modules/**'];
const testTimeout = 20_000;

export default defineConfig({
  test: {
    globalSetup: ['test/support/unpack-browser.ts', 'test/support/own-temporary-folder.ts'],
    // Most tests wait for sockets, timers and processes of their own, not for a core.
    maxWorkers: Math.max(4, availableParallelism()),
    sequence: { sequencer: SlowOnesFirst },
    projects: [
      {
        test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: [...exclude, sharing], testTimeout },
      },
      { test: { name: 'sharing', include: [sharing], exclude, testTimeout, isolate: false } },
    ],
  },
});
