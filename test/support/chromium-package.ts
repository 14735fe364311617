import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'dlq-tasks');

export const isPackagedFor = process.platform === 'linux' && process.arch === 'x64';

/** The folder of the unpacked Chromium. The version is in its name, so that an update unpacks again. */
async function unpackedFolder(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return join(cache, `chromium-${manifest.version}`);
}

/**
 * Unpacks the browser that `npm ci` installed, once per version. It goes to its own folder, which is then
 * renamed, so that nobody ever starts half a browser.
 */
export async function unpackChromium(): Promise<void> {
  const folder = await unpackedFolder();
  if (existsSync(folder)) return;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await unpackInto(fresh);
    await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontsConf);
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * The package unpacks its libraries only if it believes it is in Lambda, and always into the temporary
 * folder.
 */
async function unpackInto(folder: string): Promise<void> {
  const script = `import('@sparticuz/chromium').then((chromium) => chromium.default.executablePath())`;
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env });
}

/**
 * The package's own file names only Lambda's folders; without any font, a browser crashes or draws no text.
 * The path is relative, so that it stays correct in a checkout that is moved or copied.
 */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`;

export async function packagedChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const folder = await unpackedFolder();
  await unpackChromium();
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}
