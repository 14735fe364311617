import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { parse } from 'yaml';
import * as z from 'zod';
import { withoutReceivers } from '../../scripts/lambda-bundles.ts';
import { settingsInBundle } from '../../scripts/settings-in-bundle.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What serverless.yml tells esbuild. */
const Serverless = z.object({
  custom: z.object({
    esbuild: z.object({
      target: z.string(),
      mainFields: z.array(z.string()),
      minify: z.boolean(),
      alias: z.record(z.string(), z.string()),
      banner: z.object({ js: z.string() }),
    }),
  }),
});

export type Bundle = { file: string; kilobytes: number };

/** Builds the functions as a deployment does, and what they are measured beside. */
export async function buildBundles(folder: string, settings: string) {
  const { esbuild } = Serverless.parse(
    parse(await readFile(join(root, 'serverless.yml'), 'utf8'), { logLevel: 'silent' }),
  ).custom;
  const { target, mainFields, minify, banner } = esbuild;
  const tidy: BuildOptions = { format: 'esm', target, mainFields, minify, banner };
  const alias = Object.fromEntries(
    Object.entries(esbuild.alias).map(([name, path]) => [name, join(root, path)]),
  );
  const bundle = async (name: string, entry: string, options: BuildOptions): Promise<Bundle> => {
    const file = join(folder, `${name}.${options.format === 'esm' ? 'mjs' : 'cjs'}`);
    const entryPoints = [join(root, entry)];
    const common = { bundle: true, platform: 'node', logLevel: 'error', outfile: file } as const;
    await build({ ...common, entryPoints, ...options });
    return { file, kilobytes: (await stat(file)).size / 1000 };
  };
  await writeFile(join(folder, 'instance.mjs'), instance);
  return {
    instance: join(folder, 'instance.mjs'),
    front: await bundle('front', 'src/entry/lambda-front.ts', { ...tidy, alias }),
    worker: await bundle('worker', 'src/entry/lambda-worker.ts', {
      ...tidy,
      alias,
      plugins: [withoutReceivers, settingsInBundle(settings)],
    }),
    hmacOnly: await bundle('hmac-only', 'bench/start-up/hmac-only.ts', tidy),
    hmacAndInvoke: await bundle('hmac-and-invoke', 'bench/start-up/hmac-and-invoke.ts', tidy),
    frontWithSecret: await bundle('front-with-secret', 'bench/start-up/front-with-secret.ts', {
      ...tidy,
      alias,
    }),
    boltAndAws: await bundle('bolt-and-aws', 'bench/start-up/bolt-and-aws.ts', { format: 'cjs', target }),
    boltAndAwsMinified: await bundle('bolt-and-aws-minified', 'bench/start-up/bolt-and-aws.ts', tidy),
    boltHello: await bundle('bolt-hello', 'bench/start-up/bolt-hello.ts', tidy),
    uncaredFor: await bundle('uncared-for', 'src/entry/lambda-worker.ts', { format: 'cjs', target }),
  };
}

/** A fresh instance of a function, in plain JavaScript so that Node has nothing to strip. */
const instance = `import { pathToFileURL } from 'node:url';
const loaded = await import(pathToFileURL(process.argv[2]).href);
const handler = loaded.handler ?? loaded.default.handler;
const answer = await handler(JSON.parse(process.env.BENCH_EVENT));
process.stdout.write('answered ' + (answer?.statusCode ?? '') + '\\n', () => process.exit());
`;
