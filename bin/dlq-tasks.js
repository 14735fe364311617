#!/usr/bin/env node
import { isNewEnough } from './new-enough.js';

if (isNewEnough('npx dlq-tasks')) {
  if (import.meta.url.includes('/node_modules/')) {
    // Node strips types from no file below node_modules.
    process.stderr.write('dlq-tasks runs from a checkout, not from an installed package.\n');
    process.exitCode = 1;
  } else {
    const { keepCompiled } = await import('./keep-compiled.js');
    keepCompiled();
    await import('../src/entry/cli.ts');
  }
}
