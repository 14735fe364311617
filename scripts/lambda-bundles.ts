import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile, Plugin } from 'esbuild';
import { settingsInBundle } from './settings-in-bundle.ts';

/** For each function's bundle: the licences of all it holds, in a file beside it, and its size on the terminal. */
const plugin: Plugin = {
  name: 'licences and sizes',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd(async ({ metafile }) => {
      for (const [path, { bytes, inputs }] of Object.entries(metafile?.outputs ?? {})) {
        if (!path.endsWith('.mjs')) continue;
        const folders = packagesIn(inputs);
        await writeFile(path.replace(/mjs$/, 'licences.txt'), await licencesOf(folders));
        const size = `${basename(path)}: ${Math.round(bytes / 1000)} KB of ${folders.length} packages`;
        process.stdout.write(`${size}\n`);
      }
    });
  },
};

const leftOut = fileURLToPath(new URL('../src/entry/lambda-left-out.ts', import.meta.url));

/** Bolt loads its own receivers whether they are used or not; the functions have one of their own. */
export const withoutReceivers: Plugin = {
  name: 'without receivers',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/receivers\/(?:AwsLambda|Express|HTTP|SocketMode)Receiver$/ }, ({ importer }) =>
      /@slack.bolt/.test(importer) ? { path: leftOut } : undefined,
    );
  },
};

/** Their folders, each once. */
function packagesIn(inputs: Metafile['outputs'][string]['inputs']): string[] {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)].toSorted();
}

async function licencesOf(folders: readonly string[]): Promise<string> {
  const texts = await Promise.all(folders.map(licenceOf));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n').concat('\n');
}

// biome-ignore lint/style/noDefaultExport: it is what the Serverless plugin takes
export default () => [plugin, withoutReceivers, settingsInBundle('dlq-tasks.yml')];
