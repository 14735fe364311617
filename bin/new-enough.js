/**
 * Whether this Node can run the bot; when it cannot, it is said with what to type instead. It and its callers are plain
 * JavaScript of long ago, so that an old Node can read them.
 */
export function isNewEnough(instead) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 15)) return true;
  process.stderr.write(
    `dlq-tasks needs Node 24.15 or later, and this is ${process.versions.node}. ` +
      `In a checkout, after npm ci, type: ${instead}\n`,
  );
  process.exitCode = 1;
  return false;
}
