import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleAt } from '../support/bundles.ts';
import type { createServerProcess } from './server-process.ts';

const sound = { clockAheadMs: 0, diskFull: false };

/** The machine of the server: its clock, its disk, and the data folder. */
export function createMachine(folder: string) {
  const faultsFile = join(folder, 'faults.json');
  const [data, disk, plainFile] = ['data', 'disk', 'plain-file'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let server: Pick<ReturnType<typeof createServerProcess>, 'signalWhenReady'> | undefined;

  async function become(faults: Partial<typeof sound>): Promise<void> {
    await writeFile(`${faultsFile}.new`, JSON.stringify({ ...sound, ...faults }));
    await rename(`${faultsFile}.new`, faultsFile);
    server?.signalWhenReady('SIGUSR2');
  }

  /** Atomically, so that every process finds one of the two. */
  async function leadTo(target: string): Promise<void> {
    await symlink(target, `${data}.new`);
    await rename(`${data}.new`, data);
  }

  return {
    variables: {
      DLQ_TASKS_DATA: data,
      NODE_OPTIONS: `--import=${bundleAt('faults-on-signal')}`,
      FAULTS: faultsFile,
    },
    async setUp(process: NonNullable<typeof server>): Promise<void> {
      server = process;
      await mkdir(disk);
      await writeFile(plainFile, '');
      await leadTo(disk);
    },
    become,
    /**
     * A file is in the place of the data folder: a running process can store nothing, and a new one exits at
     * once.
     */
    takeFolderAway: () => leadTo(join(plainFile, 'data')),
    bringFolderBack: () => leadTo(disk),
    /** Everything stored is gone; the running process, which must not be killed, writes it again. */
    async loseFolder(): Promise<void> {
      await rm(disk, { recursive: true });
      await mkdir(disk);
      const giveUpAt = performance.now() + 30_000;
      while (!existsSync(join(disk, 'watches.sqlite')) && performance.now() < giveUpAt) await sleep(50);
    },
  };
}
