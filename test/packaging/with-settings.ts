import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runnable } from './lambda-on-this-machine.ts';
import { type FunctionName, functionNames, type Template } from './package-in-a-clone.ts';

export type Folders = { template: Template; folders: Record<FunctionName, string> };

const variable = 'SETTINGS_OF_A_STORY';
const extension = 'of-a-story.mjs';

/** As scripts/settings-in-bundle.ts writes them and esbuild makes them small. */
const settingsInBundle = /(?<=async\(\)=>\()\{queues:\[.+?\}(?=\))/g;

/** Beside each bundle another one, which has its settings from a variable: packaging anew takes longer than a story. */
export async function readyForSettings(folders: Folders['folders']): Promise<void> {
  for (const name of [...functionNames, 'action'] as const) {
    const path = join(folders[name], 'src/entry/lambda', `${name}.mjs`);
    const bundle = await readFile(path, 'utf8');
    const found = bundle.match(settingsInBundle) ?? [];
    if (found.length !== (name === 'front' ? 0 : 1)) throw new Error(`${path} has ${found.length} settings.`);
    const other = bundle.replace(settingsInBundle, () => `JSON.parse(process.env.${variable})`);
    await writeFile(path.replace(/mjs$/, extension), other);
  }
}

export function withSettings({ template, folders }: Folders, settings: object): Runnable {
  const env = { [variable]: JSON.stringify(settings) };
  return { template, unpacked: async (name) => folders[name], extension, env };
}
