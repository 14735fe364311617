import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runnable } from './lambda-on-this-machine.ts';
import { type FunctionName, functionNames, type Template } from './package-in-a-clone.ts';

export type Folders = { template: Template; folders: Record<FunctionName, string> };

/** As scripts/settings-in-bundle.ts writes them and esbuild makes them small. */
const settingsInBundle = /(?<=async\(\)=>\()\{queues:\[.+?\}(?=\))/g;

/** Packaged functions with other settings: packaging them anew would take longer than a story. */
export async function withSettings({ template, folders }: Folders, settings: object): Promise<Runnable> {
  const text = JSON.stringify(settings);
  const extension = `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.mjs`;
  for (const name of [...functionNames, 'action'] as const) {
    const path = join(folders[name], 'src/entry/lambda', `${name}.mjs`);
    const other = path.replace(/mjs$/, extension);
    if (existsSync(other)) continue;
    const bundle = await readFile(path, 'utf8');
    const found = bundle.match(settingsInBundle) ?? [];
    if (found.length !== (name === 'front' ? 0 : 1)) throw new Error(`${path} has ${found.length} settings.`);
    await writeFile(
      other,
      bundle.replace(settingsInBundle, () => text),
    );
  }
  return { template, unpacked: async (name) => folders[name], extension };
}
