import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { createServerProcess } from './server-process.ts';

const preload = new URL('../support/faults-on-signal.ts', import.meta.url).href;

const sound = { clockAheadMs: 0, diskFull: false };

/** The machine under the server: its clock, its disk, and the folder where the data lies. */
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

  /** At one stroke: no process finds neither. */
  async function leadTo(target: string): Promise<void> {
    await symlink(target, `${data}.new`);
    await rename(`${data}.new`, data);
  }

  return {
    variables: { DLQ_TASKS_DATA: data, NODE_OPTIONS: `--import=${preload}`, FAULTS: faultsFile },
    async setUp(process: NonNullable<typeof server>): Promise<void> {
      server = process;
      await mkdir(disk);
      await writeFile(plainFile, '');
      await leadTo(disk);
    },
    become,
    /** A file lies in the place of the data folder: what runs keeps nothing, and what starts ends at once. */
    takeFolderAway: () => leadTo(join(plainFile, 'data')),
    bringFolderBack: () => leadTo(disk),
    /** All that was kept is gone; the process that runs, and must not be killed, writes it again. */
    async loseFolder(): Promise<void> {
      await rm(disk, { recursive: true });
      await mkdir(disk);
      const giveUpAt = performance.now() + 30_000;
      while (!existsSync(join(disk, 'watches.sqlite')) && performance.now() < giveUpAt) await sleep(50);
    },
  };
}
