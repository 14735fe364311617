import { existsSync } from 'node:fs';

/**
 * Whether this Node can run the bot. This file and its callers are old-fashioned JavaScript, so that an old
 * Node can parse them.
 */
export function isRecent() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 15);
}

/** The same; if it can't, this prints why and what to do instead. */
export function isNewEnough(instead) {
  if (isRecent()) return true;
  const { node: version } = process.versions;
  process.stderr.write(`dlq-tasks needs Node 24.15 or later, but this is ${version}. ${whatToDo(instead)}\n`);
  process.exitCode = 1;
  return false;
}

/** In a checkout, npm installs the right Node and uses it first, but that one is linked with glibc. */
function whatToDo(instead) {
  if (!existsSync(new URL('../src', import.meta.url)))
    return 'Install Node 24, for example from https://nodejs.org.';
  if (isMusl())
    return 'The Node that npm ci installs needs glibc, but this system uses musl. Use a Node 24 built for musl, such as the one in the image node:24-alpine.';
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const bundled = new URL(`../node_modules/node-${system}-${process.arch}`, import.meta.url);
  if (existsSync(bundled)) return `npm ci installed a newer one. To use it, type: ${instead}`;
  return `Install it from https://nodejs.org, or run npm ci, which installs it on Linux and 64-bit Windows. Then type: ${instead}`;
}

function isMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}
