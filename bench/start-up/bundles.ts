import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { parse } from 'yaml';
import { withoutReceivers } from '../../scripts/lambda-bundles.ts';
import { settingsInBundle } from '../../scripts/settings-in-bundle.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

type Told = Pick<BuildOptions, 'alias'> &
  Required<Pick<BuildOptions, 'target' | 'mainFields' | 'minify' | 'splitting' | 'banner'>>;

/** What serverless.yml says of the functions, and tells esbuild. */
type Serverless = {
  functions: Record<string, { handler: string }>;
  custom: { esbuild: Told };
};

export type Bundle = { file: string; kilobytes: number };

/** Builds front and worker as a deployment does, and what they are measured beside. */
export async function buildBundles(folder: string, settings: string) {
  const yaml = await readFile(join(root, 'serverless.yml'), 'utf8');
  const { functions, custom }: Serverless = parse(yaml, { logLevel: 'silent' });
  const { target, mainFields, minify, splitting, banner, alias = {} } = custom.esbuild;
  const tidy: BuildOptions = { format: 'esm', target, mainFields, minify, banner };
  const asDeployed: BuildOptions = {
    ...tidy,
    splitting,
    alias: Object.fromEntries(Object.entries(alias).map(([name, path]) => [name, join(root, path)])),
    plugins: [withoutReceivers, settingsInBundle(settings)],
  };
  const bundle = async (name: string, entry: string, options: BuildOptions): Promise<Bundle> => {
    const extension = options.format === 'esm' ? '.mjs' : '.cjs';
    const file = join(folder, `${name}${extension}`);
    await build({
      bundle: true,
      platform: 'node',
      logLevel: 'error',
      outdir: folder,
      outExtension: { '.js': extension },
      entryPoints: { [name]: join(root, entry) },
      ...options,
    });
    return { file, kilobytes: Math.round((await stat(file)).size / 1000) };
  };
  const deployed = (name: string) =>
    bundle(name, `${functions[name]?.handler.replace(/\.handler$/, '')}.ts`, asDeployed);
  const instance = join(folder, 'instance.mjs');
  await writeFile(instance, instanceSource);
  return {
    instance,
    front: await deployed('front'),
    worker: await deployed('worker'),
    hmacAndInvoke: await bundle('hmac-and-invoke', 'bench/start-up/hmac-and-invoke.ts', tidy),
    helloWorld: await bundle('hello-function', 'bench/start-up/hello-function.ts', tidy),
    boltAndAws: await bundle('bolt-and-aws', 'bench/start-up/bolt-and-aws.ts', { format: 'cjs', target }),
  };
}

/**
 * A fresh instance of a function, in plain JavaScript so that Node has nothing to strip. It says that it is ready, as a
 * server does, once it has answered.
 */
const instanceSource = `import { pathToFileURL } from 'node:url';
const loaded = await import(pathToFileURL(process.env.BENCH_BUNDLE).href);
const handler = loaded.handler ?? loaded.default.handler;
const answer = await handler(JSON.parse(process.env.BENCH_EVENT));
if ((answer?.statusCode ?? 200) !== 200) throw new Error('answered ' + answer.statusCode);
process.stdout.write('{"port":0,"msg":"ready"}\\n', () => process.exit());
`;
