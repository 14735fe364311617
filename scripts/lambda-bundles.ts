import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { settingsInBundle } from './settings-in-bundle.ts';

/**
 * For each function's bundle: writes the licenses of everything in it to a file beside it, and prints its
 * size. Lazily loaded code is split into separate files, because parsing is most of a cold start.
 */
const plugin: Plugin = {
  name: 'licenses and sizes',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    const [entry = ''] = Object.values(initialOptions.entryPoints ?? {}).map(String);
    // The packager excludes files whose names begin with another function's name.
    initialOptions.chunkNames = `${basename(entry, '.ts')}.parts/[name]-[hash]`;
    onEnd(async ({ metafile }) => {
      const outputs = Object.entries(metafile?.outputs ?? {}).filter(([path]) => path.endsWith('.mjs'));
      const [path] = outputs.find(([, { entryPoint }]) => entryPoint === entry) ?? [];
      if (path === undefined) return;
      const folders = packagesIn(outputs.flatMap(([, { inputs }]) => Object.keys(inputs)));
      await writeFile(path.replace(/mjs$/, 'licenses.txt'), await licensesOf(folders));
      const kilobytes = outputs.map(([, { bytes }]) => Math.round(bytes / 1000));
      const sizes = `${kilobytes[outputs.findIndex(([one]) => one === path)]} KB of ${kilobytes.reduce((sum, one) => sum + one, 0)}`;
      process.stdout.write(`${basename(path)}: ${sizes} KB of ${folders.length} packages\n`);
    });
  },
};

const leftOut = fileURLToPath(new URL('left-out.ts', import.meta.url));

/**
 * Bolt loads its own receivers whether they are used or not; the functions have their own. SSM's client registers a class
 * for each of its 141 errors, which is more than half of its code. Without them, an error still has its name and message.
 */
export const withoutUnused: Plugin = {
  name: 'leave out unused code',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/receivers\// }, ({ importer }) =>
      /@slack.bolt/.test(importer) ? { path: leftOut } : undefined,
    );
    onLoad({ filter: /client-ssm.dist-es.schemas.schemas_0\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/^n0_registry\.registerError\(.*$/gm, ''),
    }));
  },
};

/** Their folders, without duplicates. */
function packagesIn(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

async function licensesOf(folders: readonly string[]): Promise<string> {
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
export default () => [plugin, withoutUnused, settingsInBundle('dlq-tasks.yml')];
