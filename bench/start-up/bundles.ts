import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { parse } from 'yaml';
import { withoutUnused } from '../../scripts/lambda-bundles.ts';
import { settingsInBundle } from '../../scripts/settings-in-bundle.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What serverless.yml tells esbuild. */
type Told = Required<
  Pick<BuildOptions, 'alias' | 'target' | 'mainFields' | 'minify' | 'splitting' | 'banner'>
>;

/** The files of front and worker, built as for a deployment, and of the functions they are compared with. */
export async function buildBundles(folder: string, settings: string) {
  const yaml = await readFile(join(root, 'serverless.yml'), 'utf8');
  const { custom }: { custom: { esbuild: Told } } = parse(yaml, { logLevel: 'silent' });
  const { target, mainFields, minify, banner, splitting, alias } = custom.esbuild;
  const tidy: BuildOptions = { format: 'esm', target, mainFields, minify, banner };
  const asDeployed = { ...tidy, splitting, alias, plugins: [withoutUnused, settingsInBundle(settings)] };
  const bundle = async (entry: string, options: BuildOptions): Promise<string> => {
    const name = entry.replaceAll('/', '-');
    const extension = options.format === 'esm' ? '.mjs' : '.cjs';
    await build({
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      logLevel: 'error',
      outdir: folder,
      outExtension: { '.js': extension },
      entryPoints: { [name]: `${entry}.ts` },
      ...options,
    });
    return join(folder, `${name}${extension}`);
  };
  return {
    front: await bundle('src/entry/lambda/front', asDeployed),
    worker: await bundle('src/entry/lambda/worker', asDeployed),
    hmacAndInvoke: await bundle('bench/start-up/hmac-and-invoke', tidy),
    helloWorld: await bundle('bench/start-up/hello-function', tidy),
    boltAndAws: await bundle('bench/start-up/bolt-and-aws', { format: 'cjs', target }),
  };
}
