import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { bundlesFolder } from './bundles.ts';

const entryPoints = {
  server: 'src/entry/server.ts',
  'lambda/front': 'src/entry/lambda/front.ts',
  'lambda/worker': 'src/entry/lambda/worker.ts',
  'lambda/watch': 'src/entry/lambda/watch.ts',
  'lambda/follow': 'src/entry/lambda/follow.ts',
  'lambda/action': 'src/entry/lambda/action.ts',
  'faults-on-signal': 'test/support/faults-on-signal.ts',
  'killed-process': 'test/engine/killed-process.ts',
};

/**
 * Runs before all tests: bundles what they start as processes, again and again. A bundle starts in half the
 * time of the source, which is hundreds of files.
 */
export async function setup(project: TestProject): Promise<void> {
  project.onTestsRerun(bundleAll);
  await bundleAll();
}

async function bundleAll(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints,
    outdir: bundlesFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Bolt is CommonJS and requires Node's own modules.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => replace(path, contents)));
}

/** At once, because another run may be reading it. */
async function replace(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, contents);
  await rename(`${path}.${process.pid}`, path);
}
