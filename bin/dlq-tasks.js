#!/usr/bin/env node
// Plain JavaScript, so that an old Node can say what is wrong. The rest is TypeScript, which Node 24 runs as it is.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `dlq-tasks needs Node 24.15 or later, and this is ${process.versions.node}. ` +
      'In a checkout, after npm ci, type: npx dlq-tasks\n',
  );
  process.exitCode = 1;
} else if (import.meta.url.includes('/node_modules/')) {
  // Node strips types from no file below node_modules.
  process.stderr.write('dlq-tasks runs from a checkout, not from an installed package.\n');
  process.exitCode = 1;
} else {
  const { keepCompiled } = await import('./keep-compiled.js');
  keepCompiled();
  await import('../src/entry/cli.ts');
}
