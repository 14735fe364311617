import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Whether this Node can run the bot; when it cannot, it is said with what to type instead. It and its callers are plain
 * JavaScript of long ago, so that an old Node can read them.
 */
export function isNewEnough(instead) {
  const { node: version } = process.versions;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 15)) return true;
  process.stderr.write(
    `dlq-tasks needs Node 24.15 or later, and this is ${version}. ${wayTo()}: ${instead}\n`,
  );
  process.exitCode = 1;
  return false;
}

/** npm finds the Node that it has installed first. */
function wayTo() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const bundled = new URL(`../node_modules/node-${system}-${process.arch}`, import.meta.url);
  if (existsSync(fileURLToPath(bundled))) return 'The install has brought one, which is used when you type';
  return 'Install it from https://nodejs.org, or on Linux or 64-bit Windows let npm bring it: npm ci --include=optional. Then type';
}
